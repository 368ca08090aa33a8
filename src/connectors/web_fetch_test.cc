#include "connectors/web_fetch.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace {

using base::ErrorCode;

bool open_to_all(const char* text) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  if (inet_pton(AF_INET, text, &four.sin_addr) == 1) return connectors::public_address(reinterpret_cast<const sockaddr*>(&four));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text, &six.sin6_addr), 1) << text;
  return connectors::public_address(reinterpret_cast<const sockaddr*>(&six));
}

TEST(WebFetch, AddressesOfOurOwnNetworksAreNotPublic) {
  for (const char* text : {"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.7",
                           "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1",
                           "2002:7f00:1::1", "2002:a00:1::1", "2001:db8::1", "2001::1", "100::1"})
    EXPECT_FALSE(open_to_all(text)) << text;
  for (const char* text : {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255", "192.169.0.1", "193.163.102.1", "223.255.255.255", "2a00:1450:400f::200e", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_TRUE(open_to_all(text)) << text;
}

// Answers one request with these bytes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    socklen_t size = sizeof at;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this, answer = std::move(answer)] {
      const int one = ::accept(fd_, nullptr, nullptr);
      if (one < 0) return;
      char buffer[4096];
      (void)!::read(one, buffer, sizeof buffer);
      std::string_view left = answer;
      while (!left.empty()) {
        const ssize_t n = ::send(one, left.data(), left.size(), MSG_NOSIGNAL);
        if (n <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(n));
      }
      ::close(one);
    });
  }
  ~OneAnswer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  std::string url(const std::string& host = "127.0.0.1") const { return "http://" + host + ":" + std::to_string(port_) + "/x"; }

 private:
  int fd_;
  int port_ = 0;
  std::thread thread_;
};

TEST(WebFetch, LoopbackIsRefusedUnlessItIsAllowed) {
  const OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nhej");
  for (const std::string host : {"127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1"}) {
    const auto refused = connectors::fetch({.url = server.url(host)});
    ASSERT_FALSE(refused) << host;
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden) << host << ": " << refused.error().text();
  }
  const auto body = connectors::fetch({.url = server.url(), .private_network = true});
  ASSERT_TRUE(body) << body.error().text();
  EXPECT_EQ(*body, "hej");
}

TEST(WebFetch, RedirectsAreNotFollowedAndSizesHold) {
  {
    const OneAnswer server("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    const auto answer = connectors::fetch({.url = server.url(), .private_network = true});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::connector_failed);
    EXPECT_NE(answer.error().message.find("302"), std::string::npos);
  }
  for (const std::size_t limit : {std::size_t{99}, std::size_t{100}}) {
    const OneAnswer server("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(100, 'x'));
    const auto answer = connectors::fetch({.url = server.url(), .max_bytes = limit, .private_network = true});
    EXPECT_EQ(answer.has_value(), limit == 100);
    EXPECT_TRUE(answer || answer.error().code == ErrorCode::limit_exceeded);
  }
}

TEST(WebFetch, OnlyHttp) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "dict://127.0.0.1/x"}) {
    const auto answer = connectors::fetch({.url = url, .private_network = true});
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::connector_failed) << url;
  }
}

}  // namespace
