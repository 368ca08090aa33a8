#include "bank/visio/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

namespace bank::visio {
namespace {

using base::ErrorCode;

std::size_t mapped_bytes() {
  unsigned long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void limit(__rlimit_resource_t resource, rlim_t value) {
  const rlimit both{value, value};
  (void)setrlimit(resource, &both);
}

// A first byte 'k' and the answer; 'x' alone where the work threw.
[[noreturn]] void child(const std::function<std::string()>& work, int out, std::size_t mapped, const ChildLimits& limits) {
  for (const int signal : {SIGINT, SIGTERM, SIGSEGV, SIGABRT, SIGPIPE, SIGBUS, SIGFPE, SIGXCPU}) std::signal(signal, SIG_DFL);
  if (out > 3) (void)close_range(3, static_cast<unsigned>(out) - 1, 0);
  (void)close_range(static_cast<unsigned>(out) + 1, ~0u, 0);
  if (const int null = open("/dev/null", O_RDWR); null >= 0)
    for (const int standard : {0, 1, 2}) (void)dup2(null, standard);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.seconds));
  limit(RLIMIT_AS, mapped + limits.memory);
  std::string answer = "x";
  try {
    answer = "k" + work();
  } catch (...) {  // out of memory
  }
  for (std::size_t at = 0; at < answer.size();) {
    const ssize_t n = write(out, answer.data() + at, answer.size() - at);
    if (n <= 0) _exit(1);
    at += static_cast<std::size_t>(n);
  }
  _exit(0);
}

// Until the child closes its end, the time is up, or it has said too much.
base::Result<std::string> listen(int from, const ChildLimits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limits.seconds);
  std::string out;
  std::string chunk(64u << 10, '\0');
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return base::fail(ErrorCode::limit_exceeded, "it took longer than " + std::to_string(limits.seconds) + " s");
    pollfd wait{from, POLLIN, 0};
    if (poll(&wait, 1, static_cast<int>(left)) <= 0) continue;
    const ssize_t n = read(from, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return out;
    out.append(chunk.data(), static_cast<std::size_t>(n));
    if (out.size() > limits.answer) return base::fail(ErrorCode::limit_exceeded, "it found more than " + std::to_string(limits.answer) + " bytes");
  }
}

}  // namespace

base::Result<std::string> in_child(const std::function<std::string()>& work, const ChildLimits& limits) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return base::fail(ErrorCode::io_failed, "there is no pipe for a process of its own");
  const std::size_t mapped = mapped_bytes();
  const pid_t pid = fork();
  if (pid < 0) {
    close(ends[0]);
    close(ends[1]);
    return base::fail(ErrorCode::io_failed, "there is no process of its own to be had");
  }
  if (pid == 0) child(work, ends[1], mapped, limits);
  close(ends[1]);
  auto answer = listen(ends[0], limits);
  close(ends[0]);
  if (!answer) kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!answer) return answer;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return base::fail(ErrorCode::limit_exceeded, "it took longer than " + std::to_string(limits.seconds) + " s of processor time");
  if (WIFSIGNALED(status)) return base::fail(ErrorCode::invalid_document, "it crashed (signal " + std::to_string(WTERMSIG(status)) + ")");
  if (answer->empty() || answer->front() != 'k') return base::fail(ErrorCode::invalid_document, "it gave up, or ran out of memory");
  return answer->substr(1);
}

}  // namespace bank::visio
