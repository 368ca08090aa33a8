// The only file that sees Boost: Asio moves the bytes, Beast's parser reads the body (chunks), http_head.cc judges the head.
// One io_context per thread, so a connection lives on one thread and needs no locks. Requests of a connection are answered
// one at a time and in order, so pipelined ones cannot be mixed up.
#include "api/http.h"

#include <atomic>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "api/http_head.h"
#include "api/http_text.h"
#include "api/problem.h"
#include "base/log.h"

namespace api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

class Connection;

// What connections share. Outlives the server's face: answers may come late.
struct Core {
  HttpServer::Options options;
  HttpServer::Handler handler;
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> requests{0}, refused{0}, connections{0};
  std::mutex mutex;
  std::unordered_set<Connection*> open;
};

class StreamImpl;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Core> core, tcp::socket socket) : core_(std::move(core)), stream_(std::move(socket)), heartbeat_(stream_.get_executor()) {
    ++core_->connections;
    const std::lock_guard lock(core_->mutex);
    core_->open.insert(this);
  }
  ~Connection() {
    --core_->connections;
    const std::lock_guard lock(core_->mutex);
    core_->open.erase(this);
  }
  void start();
  void refuse_overload();
  void drain();                      // stop(): close when nothing is under way
  void close_now();
  auto executor() { return stream_.get_executor(); }
  void answer(Response response);    // on this connection's thread
  void begin_stream(std::shared_ptr<StreamImpl> events, Fields headers);
  void push(std::string bytes);      // stream bytes, on this connection's thread

 private:
  void read_more(void (Connection::*then)());
  void read_header();
  void begin_body(std::size_t head_bytes);
  void read_body();
  void dispatch();
  void fault(base::Error error, int status = 0);
  void write(std::string head, std::string body, bool close);
  void linger();
  void write_stream();
  void watch_stream();
  void beat();
  void end_stream();

  std::shared_ptr<Core> core_;
  beast::tcp_stream stream_;
  beast::flat_buffer in_;
  std::unique_ptr<http::request_parser<http::string_body>> parser_;
  Request request_;
  bool http_1_0_ = false, keep_alive_ = true, head_only_ = false;
  bool under_way_ = false;           // a request has been handed out and is not answered yet
  bool head_begun_ = false;          // the first byte of a head is here, its time runs
  std::size_t searched_ = 0;         // bytes of in_ already searched for the end of the header
  std::string head_out_, body_out_;
  std::size_t lingered_ = 0;
  // server-sent events
  std::shared_ptr<StreamImpl> events_;
  std::string pending_, writing_;
  bool chunked_ = true, stream_writing_ = false;
  asio::steady_timer heartbeat_;
  char watch_[64];
};

class StreamImpl final : public EventStream, public std::enable_shared_from_this<StreamImpl> {
 public:
  explicit StreamImpl(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  bool send(std::string_view event, std::string_view data) override {
    std::string bytes = event_text(event, data);
    const std::lock_guard lock(mutex_);
    if (!connection_) return false;
    queued_ += bytes.size();
    const auto executor = connection_->executor();
    if (queued_ > base::limits::kEventQueueBytes) {
      asio::post(executor, [c = connection_] { c->close_now(); });
      return false;
    }
    asio::post(executor, [c = connection_, b = std::move(bytes)]() mutable { c->push(std::move(b)); });
    return true;
  }
  bool open() const override {
    const std::lock_guard lock(mutex_);
    return connection_ != nullptr;
  }
  void on_close(std::function<void()> call) override {
    {
      const std::lock_guard lock(mutex_);
      if (connection_) {
        on_close_ = std::move(call);
        return;
      }
    }
    call();
  }
  void written(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    queued_ -= std::min(queued_, bytes);
  }
  void closed() {
    std::function<void()> call;
    std::shared_ptr<Connection> keep;
    {
      const std::lock_guard lock(mutex_);
      keep.swap(connection_);
      call.swap(on_close_);
    }
    if (call) call();
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Connection> connection_;
  std::function<void()> on_close_;
  std::size_t queued_ = 0;
};

class ReplyImpl final : public Reply {
 public:
  explicit ReplyImpl(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  ~ReplyImpl() override {
    if (!answered_.exchange(true)) {
      base::log::error("api", "a handler dropped its reply");
      deliver(problem(base::Error{base::ErrorCode::internal, "the handler gave no answer", {}, {}}));
    }
  }
  void send(Response response) override {
    if (!answered_.exchange(true)) deliver(std::move(response));
  }
  std::shared_ptr<EventStream> stream(Fields headers) override {
    if (answered_.exchange(true)) return nullptr;
    auto events = std::make_shared<StreamImpl>(connection_);
    asio::dispatch(connection_->executor(), [c = connection_, events, h = std::move(headers)]() mutable { c->begin_stream(events, std::move(h)); });
    return events;
  }

 private:
  void deliver(Response response) {
    asio::dispatch(connection_->executor(), [c = connection_, r = std::move(response)]() mutable { c->answer(std::move(r)); });
  }
  std::shared_ptr<Connection> connection_;
  std::atomic<bool> answered_{false};
};

void Connection::start() {
  error_code ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
  const auto peer = stream_.socket().remote_endpoint(ignored);
  if (!ignored) request_.peer = peer.address().to_string();
  asio::dispatch(executor(), [self = shared_from_this()] { self->read_header(); });
}

void Connection::refuse_overload() {
  asio::dispatch(executor(), [self = shared_from_this()] {
    self->fault(base::Error{base::ErrorCode::busy, "too many connections", {}, "close idle ones, or raise base::limits::kHttpConnections"});
  });
}

// The timer is set once per phase (idle, head, body), not per read: a byte now and then does not hold a connection.
void Connection::read_more(void (Connection::*then)()) {
  constexpr std::size_t kChunk = 16u << 10;
  stream_.async_read_some(in_.prepare(kChunk), [self = shared_from_this(), then](error_code ec, std::size_t n) {
    if (ec) return self->close_now();
    self->in_.commit(n);
    ((*self).*then)();
  });
}

void Connection::read_header() {
  if (core_->stopping && in_.size() == 0) return close_now();
  // RFC 9112 section 2.2: empty lines before the request line are skipped.
  const auto view = [this] { return std::string_view(static_cast<const char*>(in_.data().data()), in_.size()); };
  while (searched_ == 0 && view().starts_with("\r\n")) in_.consume(2);
  const std::string_view bytes = view();
  const auto end = bytes.find("\r\n\r\n", searched_ > 3 ? searched_ - 3 : 0);
  if (end != std::string_view::npos && end + 4 <= core_->options.max_header_bytes) return begin_body(end + 4);
  if (end != std::string_view::npos || bytes.size() >= core_->options.max_header_bytes)
    return fault(base::Error{base::ErrorCode::limit_exceeded, "the header is larger than base::limits::kHttpHeaderBytes", {}, {}}, 431);
  // A head with bare line feeds never gets its CRLF CRLF: say so now instead of waiting for the time-out.
  if (bytes.find("\n\n", searched_ > 1 ? searched_ - 1 : 0) != std::string_view::npos)
    return fault(base::Error{base::ErrorCode::invalid_argument, "a line ends with a bare LF", {}, {}});
  searched_ = bytes.size();
  if (bytes.empty()) stream_.expires_after(std::chrono::milliseconds(core_->options.idle_ms));
  else if (!head_begun_) stream_.expires_after(std::chrono::milliseconds(core_->options.header_ms));
  head_begun_ = !bytes.empty();
  read_more(&Connection::read_header);
}

void Connection::begin_body(std::size_t head_bytes) {
  searched_ = 0;
  head_begun_ = false;
  stream_.expires_after(std::chrono::milliseconds(core_->options.body_ms));
  const std::string_view head(static_cast<const char*>(in_.data().data()), head_bytes);
  Request fresh;
  fresh.peer = request_.peer;
  request_ = std::move(fresh);
  if (auto ok = read_head(head, request_, http_1_0_); !ok) return fault(ok.error());
  parser_ = std::make_unique<http::request_parser<http::string_body>>();
  parser_->body_limit(boost::none);
  parser_->header_limit(static_cast<std::uint32_t>(core_->options.max_header_bytes));
  error_code ec;
  parser_->put(asio::buffer(head.data(), head.size()), ec);
  if (ec == http::error::need_more) ec = {};
  if (ec || !parser_->is_header_done())
    return fault(base::Error{base::ErrorCode::invalid_argument, "malformed header: " + ec.message(), {}, {}});
  in_.consume(head_bytes);
  keep_alive_ = parser_->get().keep_alive();
  head_only_ = request_.method == "HEAD";
  const std::size_t limit = core_->options.body_limit ? core_->options.body_limit(request_) : base::limits::kHttpBodyBytes;
  if (const auto length = parser_->content_length(); length && *length > limit)
    return fault(base::Error{base::ErrorCode::limit_exceeded, "the body is larger than the " + std::to_string(limit) + " bytes allowed here", {}, {}});
  parser_->body_limit(limit);
  parser_->eager(true);
  if (!parser_->is_done() && request_.header("expect") == "100-continue" && in_.size() == 0) {
    head_out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(head_out_), [self = shared_from_this()](error_code e, std::size_t) {
      if (e) return self->close_now();
      self->head_out_.clear();
      self->read_body();
    });
    return;
  }
  read_body();
}

void Connection::read_body() {
  while (!parser_->is_done()) {
    if (in_.size() == 0) return read_more(&Connection::read_body);
    error_code ec;
    const std::size_t used = parser_->put(in_.data(), ec);
    in_.consume(used);
    // What the parser leaves lying is the head of a chunk, and its extensions have no end of their own.
    if (ec == http::error::need_more && in_.size() > core_->options.max_header_bytes)
      return fault(base::Error{base::ErrorCode::limit_exceeded, "the header of a chunk is larger than base::limits::kHttpHeaderBytes", {}, {}});
    if (ec == http::error::need_more) return read_more(&Connection::read_body);
    if (ec == http::error::body_limit)
      return fault(base::Error{base::ErrorCode::limit_exceeded, "the body is larger than is allowed here", {}, {}});
    if (ec) return fault(base::Error{base::ErrorCode::invalid_argument, "malformed body: " + ec.message(), {}, {}});
  }
  dispatch();
}

void Connection::dispatch() {
  ++core_->requests;
  request_.body = std::move(parser_->get().body());
  parser_.reset();
  under_way_ = true;
  stream_.expires_never();  // a long poll may take its time
  const std::string peer = request_.peer;
  auto reply = std::make_shared<ReplyImpl>(shared_from_this());
  Request request = std::move(request_);
  request_ = {};
  request_.peer = peer;
  core_->handler(std::move(request), std::move(reply));
}

void Connection::fault(base::Error error, int status) {
  ++core_->refused;
  Response response = problem(error);
  if (status != 0) response.status = status;
  keep_alive_ = false;
  head_only_ = false;
  answer(std::move(response));
}

void Connection::answer(Response response) {
  under_way_ = false;
  const bool close = !keep_alive_ || core_->stopping;
  std::string head = answer_head(response, http_1_0_, close);
  const bool no_body = response.status == 204 || response.status == 304;
  if (no_body || head_only_) response.body.clear();
  write(std::move(head), std::move(response.body), close);
}

void Connection::write(std::string head, std::string body, bool close) {
  head_out_ = std::move(head);
  body_out_ = std::move(body);
  stream_.expires_after(std::chrono::milliseconds(core_->options.body_ms));
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_out_), asio::buffer(body_out_)};
  asio::async_write(stream_, buffers, [self = shared_from_this(), close](error_code ec, std::size_t) {
    if (ec) return self->close_now();
    self->head_out_.clear();
    self->body_out_.clear();
    if (close) {
      error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
      self->stream_.expires_after(std::chrono::seconds(5));  // for all of it
      return self->linger();
    }
    self->read_header();
  });
}

// Reads and throws away for a moment, so that the client gets the answer before the reset that unread bytes would cause.
void Connection::linger() {
  constexpr std::size_t kLingerBytes = 256u << 20;  // a refused upload of 100 MB still reads why
  in_.clear();
  stream_.async_read_some(in_.prepare(64u << 10), [self = shared_from_this()](error_code ec, std::size_t n) {
    self->lingered_ += n;
    if (ec || self->lingered_ > kLingerBytes || self->core_->stopping) return self->close_now();
    self->linger();
  });
}

void Connection::drain() {
  const bool idle = !under_way_ && !parser_ && in_.size() == 0 && head_out_.empty();
  if (events_ || idle) close_now();
}

void Connection::close_now() {
  error_code ignored;
  heartbeat_.cancel();
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.socket().close(ignored);
  stream_.cancel();
  end_stream();
}

void Connection::begin_stream(std::shared_ptr<StreamImpl> events, Fields headers) {
  under_way_ = false;
  events_ = std::move(events);
  chunked_ = !http_1_0_;
  pending_ = http_1_0_ ? "HTTP/1.0 200 OK" : "HTTP/1.1 200 OK";
  pending_ += "\r\nDate: " + http_date() + "\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no";
  for (const auto& [name, value] : headers) pending_ += "\r\n" + name + ": " + value;
  pending_ += chunked_ ? "\r\nTransfer-Encoding: chunked\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  if (!stream_.socket().is_open() || core_->stopping) return close_now();
  stream_.expires_never();
  push("retry: 2000\n\n");
  watch_stream();
  beat();
}

void Connection::push(std::string bytes) {
  if (!events_) return;
  if (chunked_) {
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    pending_ += size + bytes + "\r\n";
  } else {
    pending_ += bytes;
  }
  if (!stream_writing_) write_stream();
}

void Connection::write_stream() {
  stream_writing_ = true;
  writing_.swap(pending_);
  pending_.clear();
  asio::async_write(stream_.socket(), asio::buffer(writing_), [self = shared_from_this()](error_code ec, std::size_t n) {
    self->stream_writing_ = false;
    if (ec) return self->close_now();
    if (self->events_) self->events_->written(n);
    if (!self->pending_.empty()) self->write_stream();
  });
}

// A browser sends nothing more on this connection; the read ends when it goes away.
void Connection::watch_stream() {
  stream_.socket().async_read_some(asio::buffer(watch_), [self = shared_from_this()](error_code ec, std::size_t) {
    if (ec) return self->close_now();
    self->watch_stream();
  });
}

void Connection::beat() {
  heartbeat_.expires_after(std::chrono::seconds(15));
  heartbeat_.async_wait([self = shared_from_this()](error_code ec) {
    if (ec || !self->events_) return;
    self->push(": \n\n");
    self->beat();
  });
}

void Connection::end_stream() {
  if (!events_) return;
  const auto events = std::move(events_);
  events_.reset();
  events->closed();
}

class ServerImpl final : public HttpServer {
 public:
  ServerImpl(std::shared_ptr<Core> core, tcp::acceptor acceptor)
      : core_(std::move(core)), acceptor_(std::move(acceptor)), retry_(acceptor_.get_executor()), pool_(static_cast<std::size_t>(core_->options.workers)) {
    port_ = acceptor_.local_endpoint().port();
    for (auto& context : core_->contexts) guards_.push_back(asio::make_work_guard(*context));
    accept();
    for (auto& context : core_->contexts) threads_.emplace_back([c = context.get()] { c->run(); });
  }
  ~ServerImpl() override { stop(2'000); }
  std::uint16_t port() const override { return port_; }
  void work(std::function<void()> call) override { asio::post(pool_, std::move(call)); }
  Counters counters() const override { return {core_->requests, core_->refused, core_->connections}; }
  void stop(std::int64_t grace_ms) override;

 private:
  void accept() {
    auto& context = *core_->contexts[next_++ % core_->contexts.size()];
    acceptor_.async_accept(context, [this](error_code ec, tcp::socket socket) {
      if (ec == asio::error::operation_aborted || core_->stopping) return;
      if (ec) {  // out of file descriptors: wait a little, do not spin
        retry_.expires_after(std::chrono::milliseconds(100));
        retry_.async_wait([this](error_code e) {
          if (!e) accept();
        });
        return;
      }
      const bool full = core_->connections >= core_->options.max_connections;
      auto connection = std::make_shared<Connection>(core_, std::move(socket));
      full ? connection->refuse_overload() : connection->start();
      accept();
    });
  }
  void each(void (Connection::*call)()) {
    std::vector<std::shared_ptr<Connection>> open;
    {
      const std::lock_guard lock(core_->mutex);
      for (Connection* c : core_->open)
        if (auto alive = c->weak_from_this().lock()) open.push_back(std::move(alive));
    }
    for (auto& c : open) asio::post(c->executor(), [c, call] { ((*c).*call)(); });
  }

  std::shared_ptr<Core> core_;
  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  asio::thread_pool pool_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards_;
  std::vector<std::thread> threads_;
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
  bool stopped_ = false;
};

void ServerImpl::stop(std::int64_t grace_ms) {
  if (stopped_) return;
  stopped_ = true;
  core_->stopping = true;
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    retry_.cancel();
    acceptor_.close(ignored);
  });
  each(&Connection::drain);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  while (core_->connections > 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  each(&Connection::close_now);
  pool_.join();
  guards_.clear();
  for (auto& context : core_->contexts) asio::post(*context, [c = context.get()] { c->stop(); });
  for (auto& thread : threads_) thread.join();
  for (auto& context : core_->contexts) {  // cancelled operations let go of their connections
    context->restart();
    context->poll();
  }
}

}  // namespace

base::Result<std::unique_ptr<HttpServer>> HttpServer::start(Options options, Handler handler) {
  auto core = std::make_shared<Core>();
  core->options = std::move(options);
  core->handler = std::move(handler);
  for (int i = 0; i < std::max(1, core->options.threads); ++i) core->contexts.push_back(std::make_unique<asio::io_context>(1));
  const std::string name = core->options.address + ":" + std::to_string(core->options.port);
  error_code ec;
  const auto address = asio::ip::make_address(core->options.address, ec);
  if (ec) return base::fail(base::ErrorCode::invalid_argument, "'" + core->options.address + "' is not an IP address", {}, "for example 127.0.0.1 or ::");
  const tcp::endpoint endpoint(address, core->options.port);
  tcp::acceptor acceptor(*core->contexts[0]);
  const auto refused = [&] { return base::fail(base::ErrorCode::io_failed, "cannot listen on " + name + ": " + ec.message(), {}, "is another server running there?"); };
  if (acceptor.open(endpoint.protocol(), ec); ec) return refused();
  if (acceptor.set_option(asio::socket_base::reuse_address(true), ec); ec) return refused();
  if (acceptor.bind(endpoint, ec); ec) return refused();
  if (acceptor.listen(asio::socket_base::max_listen_connections, ec); ec) return refused();
  return std::make_unique<ServerImpl>(std::move(core), std::move(acceptor));
}

}  // namespace api
