// One request under way, and the table from operationId to handler. Internal to the room.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "api/batches.h"
#include "api/memory.h"
#include "api/openapi.h"
#include "api/problem.h"
#include "api/replays.h"
#include "api/server.h"
#include "bank/board/boards.h"
#include "bank/share/share.h"

namespace bank::understand { class Understand; }

namespace api {

struct Services {
  ServerOptions options;
  Rooms rooms;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Audit> audit;
  std::unique_ptr<Repeats> repeats;
  std::unique_ptr<Replays> replays;
  std::unique_ptr<Batches> batches;
  std::unique_ptr<bank::board::Boards> boards;
  std::unique_ptr<bank::Share> share;
  std::unique_ptr<bank::understand::Understand> understand;
  std::unique_ptr<HttpServer> http;  // stopped before the services go; kept for answers that come late
};

struct Call {
  std::shared_ptr<Services> keep;
  Services& services;
  const Operation& operation;
  Request request;
  ReplyPtr reply;
  Person person;                 // empty when the operation is open
  base::Json body;               // of JSON operations
  std::uint64_t at_least = 0;    // what the projection must have reached: acknowledged when the request arrived
  bool remembered = false;       // keep the answer under the Idempotency-Key

  void send(Response);
  void json(const base::Json& body, int status = 200) { send(Response::json(body.dump(), status)); }
  void fail(const base::Error& error) { send(problem(error)); }
  std::string path(std::string_view name) const;         // "" when the operation has no such segment
  engine::Key key(std::string_view name) const;          // of a path parameter that the contract says is a key
  std::string idempotency_key() const;                   // for engine commands: scoped to the person; "" = none
  engine::ReadSide& read() const { return services.rooms.engine.read(); }
  const std::string& authority() const { return person.authority; }
};
using CallPtr = std::shared_ptr<Call>;

// connection: runs where the request was read and must not block; worker: may block.
enum class On : std::uint8_t { connection, worker };
struct Handler { std::function<void(const CallPtr&)> run; On on = On::worker; };
using Handlers = std::map<std::string, Handler, std::less<>>;

void add_session(Handlers&);
void add_bank(Handlers&);
void add_exports(Handlers&);
void add_share(Handlers&);
void add_find(Handlers&);
void add_compare(Handlers&);
void add_decisions(Handlers&);
void add_tables(Handlers&);
void add_replays(Handlers&);
void add_understand(Handlers&);
void add_tasks(Handlers&);
void add_cases(Handlers&);
void add_operations(Handlers&);
void add_batches(Handlers&);
void add_engine_commands(Handlers&);
void add_engine_reads(Handlers&);
void add_jobs(Handlers&);
void add_definitions(Handlers&);
void add_cards(Handlers&);
void add_modeller(Handlers&);
void add_bank_drafts(Handlers&);
const Handlers& handlers();

// Sends the command as the caller. `then` runs on an engine thread when it is durable; an error is answered here.
void submit(const CallPtr&, decltype(engine::Command::body), std::function<void(const CallPtr&, engine::Answer)> then);
void done(const CallPtr&, engine::Answer);   // 204
base::Json findings_json(const std::vector<bank::Finding>&);

// T = Json: answers it, or its error.
inline void answer(const CallPtr& call, const base::Result<base::Json>& result) {
  result ? call->json(*result) : call->fail(result.error());
}

}  // namespace api
