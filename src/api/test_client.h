// Raw sockets for tests: what a hostile or careless client sends, byte for byte.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace api_test {

class Socket {
 public:
  explicit Socket(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ok_ = connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  bool ok() const { return ok_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // Everything until the server closes.
  std::string read_all() {
    std::string out = std::move(buffer_);
    buffer_.clear();
    while (more(out)) {
    }
    return out;
  }
  // Until `mark` has been seen, or the end.
  std::string read_until(std::string_view mark) {
    while (buffer_.find(mark) == std::string::npos && more(buffer_)) {
    }
    const auto at = buffer_.find(mark);
    const std::string out = buffer_.substr(0, at == std::string::npos ? at : at + mark.size());
    buffer_.erase(0, out.size());
    return out;
  }
  struct Answer { int status = 0; std::string head, body; };
  // One answer with Content-Length (or none).
  Answer read_answer(bool head_only = false) {
    Answer out;
    out.head = read_until("\r\n\r\n");
    if (out.head.size() > 12) out.status = std::atoi(out.head.substr(9, 3).c_str());
    const auto at = out.head.find("Content-Length: ");
    std::size_t length = at == std::string::npos || head_only ? 0 : std::strtoul(out.head.c_str() + at + 16, nullptr, 10);
    while (buffer_.size() < length && more(buffer_)) {
    }
    out.body = buffer_.substr(0, length);
    buffer_.erase(0, out.body.size());
    return out;
  }

 private:
  bool more(std::string& out) {
    char chunk[16384];
    const ssize_t n = ::recv(fd_, chunk, sizeof chunk, 0);
    if (n <= 0) return false;
    out.append(chunk, static_cast<std::size_t>(n));
    return true;
  }
  int fd_;
  bool ok_ = false;
  std::string buffer_;
};

}  // namespace api_test
