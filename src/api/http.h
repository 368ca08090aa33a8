// HTTP/1.1 in and out as plain values; Boost.Beast and Asio stay behind http.cc. A handler may answer later, from any
// thread, so that a durable engine answer blocks nobody. Bad requests (RFC 9112) never reach a handler.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace api {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;                 // as sent: "GET"
  std::string path;                   // percent-decoded, begins with '/'; never has "." or ".." segments
  std::vector<std::string> segments;  // of the path, decoded one by one ("/a/b%20c" → "a", "b c")
  Fields query;                       // decoded, in order
  Fields headers;                     // names in lower case
  std::string body;
  std::string peer;                   // address of the client
  const std::string& header(std::string_view lower_case_name) const;  // "" when absent
  const std::string& parameter(std::string_view query_name) const;    // "" when absent
};

struct Response {
  int status = 200;
  Fields headers;                     // Content-Length, Connection and Date are the server's business
  std::string body;
  static Response json(std::string text, int status = 200);
  static Response text(std::string text, int status = 200);
  static Response empty(int status = 204) { return {status, {}, {}}; }
};

// A stream of server-sent events (WHATWG HTML section 9.2). Thread-safe.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // False when the client is gone or reads too slowly (it is then disconnected and will reconnect).
  virtual bool send(std::string_view event, std::string_view data) = 0;
  virtual bool open() const = 0;
  virtual void on_close(std::function<void()>) = 0;  // runs once, also when it is closed already
};

// The one answer to one request. Thread-safe; dropping it unanswered answers 500.
class Reply {
 public:
  virtual ~Reply() = default;
  virtual void send(Response) = 0;                                     // the first call counts
  virtual std::shared_ptr<EventStream> stream(Fields headers = {}) = 0;  // instead of send; nullptr when answered already
};
using ReplyPtr = std::shared_ptr<Reply>;

class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;           // 0: the system chooses; see port()
    int threads = 2;                  // for connections
    int workers = 4;                  // for work(): handlers that block
    std::size_t max_connections = base::limits::kHttpConnections;
    std::size_t max_header_bytes = base::limits::kHttpHeaderBytes;
    std::int64_t idle_ms = base::limits::kHttpIdleMs;
    std::int64_t header_ms = base::limits::kHttpHeaderMs;
    std::int64_t body_ms = base::limits::kHttpBodyMs;
    // Asked when the header is read and before the body is: how many bytes this request may have.
    std::function<std::size_t(const Request& head)> body_limit;
  };
  using Handler = std::function<void(Request, ReplyPtr)>;  // on a connection thread: must not block

  struct Counters { std::uint64_t requests = 0, refused = 0, connections = 0; };

  // Errors: io_failed when the address cannot be bound.
  static base::Result<std::unique_ptr<HttpServer>> start(Options, Handler);
  virtual ~HttpServer() = default;                         // stops
  virtual std::uint16_t port() const = 0;
  virtual void work(std::function<void()>) = 0;            // on a worker thread
  // No new connections; requests under way are answered within `grace_ms`; then everything is closed.
  virtual void stop(std::int64_t grace_ms = 5'000) = 0;
  virtual Counters counters() const = 0;
};

std::string url_encode(std::string_view);                  // RFC 3986: everything but unreserved
base::Result<std::string> url_decode(std::string_view, bool plus_is_space);

}  // namespace api
