#include "connectors/web_fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace connectors {
namespace {

using base::ErrorCode;

struct Net { std::uint32_t address; int bits; };
constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0, std::uint32_t d = 0) { return a << 24 | b << 16 | c << 8 | d; }
constexpr std::array<Net, 16> kNotPublic = {{{ip(0, 0), 8}, {ip(10, 0), 8}, {ip(100, 64), 10}, {ip(127, 0), 8}, {ip(169, 254), 16}, {ip(172, 16), 12}, {ip(192, 0), 24}, {ip(192, 0, 2), 24}, {ip(192, 88, 99), 24}, {ip(192, 168), 16},
    {ip(198, 18), 15}, {ip(198, 51, 100), 24}, {ip(203, 0, 113), 24}, {ip(224, 0), 4}, {ip(240, 0), 4}, {ip(255, 255, 255, 255), 32}}};

bool public_v4(std::uint32_t address) {
  for (const Net& net : kNotPublic)
    if ((address ^ net.address) >> (32 - net.bits) == 0) return false;
  return true;
}
std::uint32_t v4_at(const unsigned char* bytes) { return ip(bytes[0], bytes[1], bytes[2], bytes[3]); }

bool public_v6(const unsigned char* a) {
  static constexpr unsigned char kZeros[16] = {};
  if (std::memcmp(a, kZeros, 10) == 0 && a[10] == 0xff && a[11] == 0xff) return public_v4(v4_at(a + 12));     // ::ffff:a.b.c.d
  if (a[0] == 0 && a[1] == 0x64 && a[2] == 0xff && a[3] == 0x9b) return std::memcmp(a + 4, kZeros, 8) == 0 && public_v4(v4_at(a + 12));  // NAT64
  if (a[0] == 0x20 && a[1] == 0x02) return public_v4(v4_at(a + 2));                                            // 6to4
  if (a[0] == 0x20 && a[1] == 0x01 && (a[2] < 0x02 || (a[2] == 0x0d && a[3] == 0xb8))) return false;           // Teredo and other protocols; documentation
  return (a[0] & 0xe0) == 0x20;  // 2000::/3 is all that is given out
}

struct Guard { bool private_network = false, refused = false; };
curl_socket_t open_socket(void* user, curlsocktype, struct curl_sockaddr* to) {
  Guard& guard = *static_cast<Guard*>(user);
  if (!guard.private_network && !public_address(&to->addr)) {
    guard.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

struct Sink { std::string body; std::size_t max = 0; bool too_large = false; };
std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  if (sink.body.size() + size * count > sink.max) {
    sink.too_large = true;
    return 0;
  }
  sink.body.append(bytes, size * count);
  return size * count;
}

struct Free {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};

}  // namespace

bool public_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) return public_v4(ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr));
  if (address->sa_family == AF_INET6) return public_v6(reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr.s6_addr);
  return false;
}

base::Result<std::string> fetch(const WebFetch& request) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, Free> handle{kReady == CURLE_OK ? curl_easy_init() : nullptr};  // of its own: a kept connection would not pass the guard again
  if (!handle) return base::fail(ErrorCode::connector_failed, "libcurl has no handle");
  CURL* c = handle.get();
  Guard guard{request.private_network, false};
  Sink sink{{}, request.max_bytes, false};
  curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min<base::Millis>(request.timeout_ms, 10'000)));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(c, CURLOPT_USERAGENT, "Sagsgang");
  curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, &guard);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &sink);
  const CURLcode code = curl_easy_perform(c);
  if (guard.refused) return base::fail(ErrorCode::forbidden, "the address leads to a private network or to this machine itself", {}, "an address of the open internet; the operator can allow others with --allow-local");
  if (sink.too_large) return base::fail(ErrorCode::limit_exceeded, "the answer is larger than " + std::to_string(request.max_bytes) + " bytes");
  if (code != CURLE_OK) return base::fail(ErrorCode::connector_failed, std::string("no answer: ") + curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return base::fail(ErrorCode::connector_failed, "the other server answered " + std::to_string(status), {}, status == 404 ? "is the address right, and does the other bank share?" : "");
  return std::move(sink.body);
}

}  // namespace connectors
