// From a request to its handler: route, who, may they, is it well formed, was it asked before, is the look-up logged.
#include "api/server.h"

#include <algorithm>
#include <atomic>

#include "api/call.h"
#include "api/static_files.h"
#include "bank/drafts/drafts.h"
#include "bank/understand/understand.h"
#include "base/log.h"
#include "base/text.h"

namespace api {
namespace {

using base::ErrorCode;

constexpr std::string_view kCookie = "sagsgang";

std::string cookie_token(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") continue;
    for (const auto part : base::split(value, ';')) {
      const auto pair = base::trim(part);
      if (pair.starts_with(kCookie) && pair.size() > kCookie.size() && pair[kCookie.size()] == '=') return std::string(pair.substr(kCookie.size() + 1));
    }
  }
  return {};
}

std::string bearer_token(const Request& request) {
  const std::string& header = request.header("authorization");
  return base::starts_with_icase(header, "bearer ") ? std::string(base::trim(std::string_view(header).substr(7))) : std::string();
}

bool same_origin(const Request& request) {
  const std::string& origin = request.header("origin");
  const auto slashes = origin.find("://");
  return slashes != std::string::npos && std::string_view(origin).substr(slashes + 3) == request.header("host");
}

bool writes(const std::string& method) { return method != "GET" && method != "HEAD" && method != "OPTIONS"; }

std::string media_of(const Request& request) {
  const std::string& type = request.header("content-type");
  return base::lower(base::trim(std::string_view(type).substr(0, type.find(';'))));
}

bool media_fits(const Operation& operation, const std::string& media) {
  return media == operation.media || (operation.media == "application/zip" && media == "application/x-zip-compressed") ||
         (operation.media != "application/json" && (*operation.node)["requestBody"]["content"].has(media));
}

class ServerImpl final : public Server {
 public:
  ServerImpl(ServerOptions options, Rooms rooms) : keep_(new Services{std::move(options), std::move(rooms), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}), services_(*keep_) {}
  ~ServerImpl() override { stop(2'000); }

  base::Status open() {
    if (const auto faults = contract_faults(); !faults.empty()) return base::fail(ErrorCode::internal, "openapi.json and the handlers disagree: " + base::join(faults, "; "));
    auto& rooms = services_.rooms;
    TRY(services_.accounts, Accounts::open(rooms.database, rooms.clock));
    TRY(services_.audit, Audit::open(rooms.database, rooms.clock));
    TRY(services_.repeats, Repeats::open(rooms.database, rooms.clock));
    TRY(services_.share, bank::Share::open(rooms.database, rooms.bank, rooms.clock));
    TRY(services_.understand, bank::understand::Understand::open(rooms.database, rooms.bank, rooms.clock));
    services_.replays = std::make_unique<Replays>(rooms.clock);
    services_.batches = std::make_unique<Batches>(rooms.clock);
    TRY(services_.boards, bank::board::Boards::open(rooms.database, rooms.bank, rooms.clock));
    TRY_VOID(bank::drafts::Drafts::prepare(rooms.database));
    if (services_.options.local) TRY_VOID(services_.accounts->ensure_demo());
    if (!services_.options.web.empty()) {
      TRY(static_, StaticFiles::load(services_.options.web));
    }
    HttpServer::Options http;
    http.address = services_.options.address;
    http.port = services_.options.port;
    http.threads = services_.options.threads;
    http.workers = services_.options.workers;
    http.body_limit = [this](const Request& head) { return body_limit(head); };
    TRY(services_.http, HttpServer::start(std::move(http), [this](Request r, ReplyPtr reply) {
      opened_.wait(false);  // the first request may come before start() has handed services_.http over
      handle(std::move(r), std::move(reply));
    }));
    opened_ = true;
    opened_.notify_all();
    return {};
  }
  std::uint16_t port() const override { return services_.http->port(); }
  Accounts& accounts() override { return *services_.accounts; }
  void stop(std::int64_t grace_ms) override {
    if (services_.http) services_.http->stop(grace_ms);
    if (services_.replays) services_.replays->stop();  // before the rooms that it reads go
    if (services_.batches) services_.batches->stop();
  }

 private:
  base::Result<Person> identify(const Request& request, bool& by_cookie) {
    if (const std::string token = bearer_token(request); !token.empty()) return services_.accounts->by_token(token);
    by_cookie = true;
    return services_.accounts->by_session(cookie_token(request));
  }

  // Strangers get little memory; a signed-in person what the operation needs.
  std::size_t body_limit(const Request& head) {
    if (!head.path.starts_with("/api/") && !head.path.starts_with("/v2/"))
      return head.path.starts_with("/standin/") ? base::limits::kConnectorAnswerBytes : base::limits::kHttpAnonymousBytes;
    bool by_cookie = false;
    if (!identify(head, by_cookie)) return base::limits::kHttpAnonymousBytes;
    std::string allowed;
    const Operation* operation = Contract::instance().match(head.method, head.segments, allowed);
    const bool files = operation != nullptr && (operation->media == "application/zip" || operation->media == "multipart/form-data");
    return files ? base::limits::kHttpBodyBytes : base::limits::kJsonBytes;
  }

  void handle(Request request, ReplyPtr reply) {
    if (request.segments.front() == "standin") return stand_in(std::move(request), reply);
    std::string allowed;
    const Operation* operation = Contract::instance().match(request.method, request.segments, allowed);
    if (operation == nullptr) return no_route(request, reply, allowed);
    auto call = std::make_shared<Call>(Call{keep_, services_, *operation, std::move(request), reply, {}, {}, 0, false});
    if (auto ok = admit(*call); !ok) return call->fail(ok.error());
    const Handler& handler = handlers().at(operation->id);
    call->at_least = services_.rooms.engine.read().acknowledged();
    const bool relational = writes(call->request.method) && operation->relational;
    const bool blocks = handler.on == On::worker || !operation->audit.empty() || relational;
    if (!blocks) return run(call, handler, false);
    services_.http->work([this, call, &handler, relational] { run(call, handler, relational); });
  }

  void run(const CallPtr& call, const Handler& handler, bool relational) {
    try {
      if (!call->operation.audit.empty()) {
        if (auto ok = services_.audit->note(call->person, call->operation.id, call->operation.audit, looked_up(*call)); !ok) return call->fail(ok.error());
      }
      if (relational && !call->request.header("idempotency-key").empty()) {
        auto before = services_.repeats->begin(call->person, call->request.header("idempotency-key"), call->operation.id, target_and_body(call->request));
        if (!before) return call->fail(before.error());
        if (*before) return call->reply->send(std::move(**before));
        call->remembered = true;
      }
      handler.run(call);
    } catch (const std::exception& e) {  // out of memory, or a defect: the door stays shut for exceptions
      call->fail({ErrorCode::internal, call->operation.id + ": " + e.what(), {}, {}});
    }
  }

  // Which thing was looked at: the first key of the path, or of a search's filter.
  static std::string looked_up(const Call& call) {
    for (std::size_t i = 0; i < call.operation.segments.size(); ++i)
      if (call.operation.segments[i].starts_with('{') && call.operation.segments[i].ends_with("Key}")) return call.request.segments[i];
    const base::Json& filter = call.body["filter"];
    for (const char* name : {"processInstanceKey", "userTaskKey", "scopeKey", "elementInstanceKey", "variableKey"})
      if (filter[name].is_string()) return filter[name].as_string().substr(0, 40);
    return "*";
  }

  static std::string target_and_body(const Request& request) {
    std::string out = request.path;
    for (const auto& [name, value] : request.query) out += '\n' + name + '=' + value;
    return out + "\n\n" + request.body;
  }

  base::Status admit(Call& call) {
    const Operation& operation = call.operation;
    const Request& request = call.request;
    const bool write = writes(request.method);
    if (!operation.open) {
      bool by_cookie = false;
      TRY(call.person, identify(request, by_cookie));
      const auto& roles = operation.roles;
      if (!roles.empty() && std::none_of(roles.begin(), roles.end(), [&](const auto& r) { return call.person.has_role(r); }))
        return base::fail(ErrorCode::forbidden, "this needs a role that you do not have", {}, "one of: " + base::join(roles, ", "));
      if (write && by_cookie && !same_origin(request))
        return base::fail(ErrorCode::forbidden, "a write with a cookie needs an Origin that is this server", {}, "send Origin: http://<Host>, or use a bearer token");
    } else if (write && !request.header("origin").empty() && !same_origin(request)) {
      return base::fail(ErrorCode::forbidden, "the Origin is another site");
    }
    if (request.header("idempotency-key").size() > 200) return base::fail(ErrorCode::invalid_argument, "the Idempotency-Key is longer than 200 bytes");
    TRY_VOID(Contract::instance().check_parameters(operation, request));
    return read_body(call);
  }

  static base::Status read_body(Call& call) {
    const Operation& operation = call.operation;
    if (operation.media.empty()) return {};
    if (call.request.body.empty() && !operation.body_required) {
      call.body = base::Json::object();
      return {};
    }
    const std::string media = media_of(call.request);
    if (!media_fits(operation, media)) return base::fail(ErrorCode::unsupported_media_type, "the Content-Type is not read here", {}, operation.media);
    if (operation.media != "application/json") return {};
    TRY(call.body, base::parse_json(call.request.body));
    return Contract::instance().check_body(operation, call.body);
  }

  void no_route(const Request& request, const ReplyPtr& reply, const std::string& allowed) {
    if (!allowed.empty()) {
      Response response = request.method == "OPTIONS" ? Response::empty()
          : problem({ErrorCode::method_not_allowed, "this path has no " + request.method.substr(0, 20), {}, allowed});
      response.headers.emplace_back("Allow", allowed);
      return reply->send(std::move(response));
    }
    const std::string& first = request.segments.front();
    const bool page = static_ && first != "api" && first != "v2" && (request.method == "GET" || request.method == "HEAD");
    reply->send(page ? static_->get(request) : problem({ErrorCode::not_found, "no such path", {}, "see /api/openapi.json"}));
  }

  void stand_in(Request request, const ReplyPtr& reply) {
    if (!services_.rooms.stand_in) return reply->send(problem({ErrorCode::not_found, "this server has no stand-in systems", {}, {}}));
    services_.http->work([this, request = std::move(request), reply] {
      try {
        services_.rooms.stand_in(request, reply);
      } catch (const std::exception& e) {
        reply->send(problem({ErrorCode::internal, std::string("stand-in: ") + e.what(), {}, {}}));
      }
    });
  }

  std::shared_ptr<Services> keep_;
  Services& services_;
  std::unique_ptr<StaticFiles> static_;
  std::atomic<bool> opened_{false};
};

}  // namespace

void Call::send(Response response) {
  if (remembered) {
    // What failed on our side may be tried again with the same key; everything else is the answer to it.
    const std::string& key = request.header("idempotency-key");
    const auto kept = response.status >= 500 ? services.repeats->drop(person, key) : services.repeats->keep(person, key, response);
    if (!kept) response = problem(kept.error());
  }
  const auto has = [&](std::string_view name) { return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& h) { return h.first == name; }); };
  if (!has("Cache-Control")) response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  reply->send(std::move(response));
}

std::string Call::path(std::string_view name) const {
  for (std::size_t i = 0; i < operation.segments.size(); ++i) {
    const std::string& segment = operation.segments[i];
    if (segment.size() == name.size() + 2 && segment.front() == '{' && segment.compare(1, name.size(), name) == 0) return request.segments[i];
  }
  return {};
}

engine::Key Call::key(std::string_view name) const {
  const std::string text = path(name);
  // The contract has checked that these are at most 19 digits; what does not fit is no key of ours: 0, which nothing has.
  engine::Key out = 0;
  for (const char c : text) {
    if (out > (INT64_MAX - (c - '0')) / 10) return 0;
    out = out * 10 + (c - '0');
  }
  return out;
}

std::string Call::idempotency_key() const {
  const std::string& key = request.header("idempotency-key");
  return key.empty() ? std::string() : "api:" + person.user + ":" + key;
}

void submit(const CallPtr& call, decltype(engine::Command::body) body, std::function<void(const CallPtr&, engine::Answer)> then) {
  engine::Command command{call->person.authority, call->person.user, call->idempotency_key(), std::move(body)};
  call->services.rooms.engine.submit(std::move(command), [call, then = std::move(then)](base::Result<engine::Answer> result) {
    result ? then(call, std::move(*result)) : call->fail(result.error());
  });
}

void done(const CallPtr& call, engine::Answer) { call->send(Response::empty()); }

const Handlers& handlers() {
  static const Handlers kHandlers = [] {
    Handlers all;
    add_session(all);
    add_bank(all);
    add_exports(all);
    add_share(all);
    add_find(all);
    add_compare(all);
    add_decisions(all);
    add_tables(all);
    add_replays(all);
    add_understand(all);
    add_tasks(all);
    add_cases(all);
    add_operations(all);
    add_batches(all);
    add_engine_commands(all);
    add_engine_reads(all);
    add_jobs(all);
    add_definitions(all);
    add_cards(all);
    add_modeller(all);
    add_bank_drafts(all);
    return all;
  }();
  return kHandlers;
}

std::vector<std::string> contract_faults() {
  std::vector<std::string> out;
  for (const Operation& operation : Contract::instance().operations())
    if (!handlers().contains(operation.id)) out.push_back("no handler for " + operation.id);
  for (const auto& [id, handler] : handlers())
    if (Contract::instance().operation(id) == nullptr) out.push_back("no operation for handler " + id);
  return out;
}

base::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Rooms rooms) {
  auto server = std::make_unique<ServerImpl>(std::move(options), std::move(rooms));
  TRY_VOID(server->open());
  return server;
}

}  // namespace api
