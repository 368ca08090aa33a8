#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "bench.h"

namespace bench {

// A keep-alive connection that sends a request and reads its answer.
class Client {
 public:
  Client(int port, std::string token) : token_(std::move(token)) {
    fd_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) bench::fail("cannot connect");
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Client() { close(fd_); }
  // The status; the body goes to `answer`.
  int get(const std::string& path, std::string& answer) {
    send_all("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token_ + "\r\n\r\n");
    return receive(answer);
  }
  int post(const std::string& path, const std::string& body, std::string& answer) {
    send_all("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token_ + "\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body);
    return receive(answer);
  }

 private:
  void send_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return bench::fail("the connection broke");
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  bool more() {
    char buffer[65536];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    buffer_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }
  int receive(std::string& answer) {
    std::size_t head;
    while ((head = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return 0;
    const int status = std::atoi(buffer_.c_str() + 9);
    std::size_t length = 0;
    const std::string lower = buffer_.substr(0, head);
    for (const char* name : {"Content-Length: ", "content-length: "})
      if (const std::size_t at = lower.find(name); at != std::string::npos) length = std::strtoull(lower.c_str() + at + 16, nullptr, 10);
    while (buffer_.size() < head + 4 + length)
      if (!more()) return 0;
    answer = buffer_.substr(head + 4, length);
    buffer_.erase(0, head + 4 + length);
    return status;
  }
  int fd_;
  std::string token_, buffer_;
};

}  // namespace bench
