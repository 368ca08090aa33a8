#include "app/eval/line_input.h"

#include <editline/readline.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace app {
namespace {

constexpr int kHistoryEntries = 1'000;
std::function<std::vector<std::string>()> names_of;  // libedit's callbacks take no context
std::vector<std::string> found;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

char* next_completion(const char*, int state) {
  if (static_cast<std::size_t>(state) >= found.size()) return nullptr;
  return strdup(found[static_cast<std::size_t>(state)].c_str());
}

char** complete(const char* word, int begin, int end) {
  rl_attempted_completion_over = 1;  // never file names
  found = completions(std::string(rl_line_buffer, static_cast<std::size_t>(end)), static_cast<std::size_t>(begin), names_of());
  return found.empty() ? nullptr : rl_completion_matches(word, next_completion);
}

}  // namespace

std::vector<std::string> completions(const std::string& typed, std::size_t word_begin, const std::vector<std::string>& names) {
  std::vector<std::string> out;
  std::size_t best = typed.size();
  for (const std::string& name : names) {
    for (std::size_t at = 0; at < typed.size() && at <= best && at <= word_begin; ++at) {
      if (at > 0 && is_word(typed[at - 1]) && is_word(typed[at])) continue;  // inside a word
      const std::size_t length = typed.size() - at;
      if (length > name.size() || name.compare(0, length, typed, at, length) != 0) continue;
      if (at < best) out.clear();
      best = at;
      out.push_back(name.substr(word_begin - at));
      break;
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string history_path() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') return std::string(state) + "/sagsgang/history";
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? std::string(home) + "/.local/state/sagsgang/history" : std::string();
}

LineInput::LineInput(std::string history_file, std::function<std::vector<std::string>()> names)
    : history_file_(std::move(history_file)), terminal_(isatty(STDIN_FILENO) != 0) {
  if (!terminal_) return;
  names_of = std::move(names);
  // libedit drops letters beyond ASCII unless it knows the encoding; where the environment names none, it is UTF-8.
  const char* const encoding = std::setlocale(LC_CTYPE, "");
  if (encoding == nullptr || std::string_view(encoding) == "C" || std::string_view(encoding) == "POSIX") std::setlocale(LC_CTYPE, "C.UTF-8");
  rl_initialize();
  rl_attempted_completion_function = complete;
  rl_completion_append_character = '\0';
  using_history();
  stifle_history(kHistoryEntries);
  if (history_file_.empty()) return;
  std::error_code ignored;  // without a history the REPL works as well
  const std::filesystem::path folder = std::filesystem::path(history_file_).parent_path();
  if (!std::filesystem::exists(folder, ignored)) {
    const mode_t before = umask(077);
    std::filesystem::create_directories(folder, ignored);
    umask(before);
  }
  read_history(history_file_.c_str());
}

LineInput::~LineInput() { names_of = nullptr; }

std::optional<std::string> LineInput::read(const std::string& prompt) {
  if (!terminal_) {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
  }
  char* line = readline(prompt.c_str());
  if (line == nullptr) return std::nullopt;
  std::string out = line;
  std::free(line);
  return out;
}

void LineInput::remember(const std::string& entry) {
  if (!terminal_ || entry.empty()) return;
  std::string line = entry;
  std::replace(line.begin(), line.end(), '\n', ' ');
  add_history(line.c_str());
  if (history_file_.empty()) return;
  const mode_t before = umask(077);  // what was typed may be somebody's data
  write_history(history_file_.c_str());
  umask(before);
  chmod(history_file_.c_str(), 0600);
}

}  // namespace app
