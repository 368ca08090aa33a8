// Replays: Hvad nu hvis (docs/dmn.md, for the rule owner). Nothing here changes anything but the log of look-ups.
#include "api/decisions.h"
#include "api/masking.h"
#include "api/replays.h"
#include "base/time.h"
#include "base/limits_sheets.h"
#include "dmn/sheet.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr std::size_t kPage = 50;
constexpr std::size_t kCsvRows = 100'000;

base::Result<std::shared_ptr<KeptReplay>> prepare(const Call& call) {
  auto& rooms = call.services.rooms;
  auto out = std::make_shared<KeptReplay>();
  out->slug = call.path("domain") + "/" + call.path("name");
  TRY(const auto stored, rooms.bank.get(call.authority(), out->slug));
  out->purpose = call.body["purpose"].string_or("");
  out->by = call.person.user;
  out->from = call.body["from"].string_or("");
  out->to = call.body["to"].string_or("");
  out->started = rooms.clock.now();
  ReplayRequest request;
  request.authority = call.authority();
  request.decision = call.body["decision"].string_or("");
  request.xml = call.body["xml"].string_or("");
  if (const auto file = stored.package->files.find(kDecisionFile); file != stored.package->files.end()) request.stored_xml = file->second;
  TRY(request.from, period_begin(out->from));
  TRY(request.to, period_end(out->to));
  TRY(auto* const history, call.read().decisions(call.at_least));
  TRY(out->replay, Replay::make(std::move(request), *history));
  return out;
}

void start(const CallPtr& call) {
  auto replay = prepare(*call);
  if (!replay) {
    const auto& error = replay.error();
    if (error.code != ErrorCode::invalid_dmn && error.code != ErrorCode::invalid_xml && error.code != ErrorCode::invalid_feel) return call->fail(error);
    return refuse_draft(call, read_draft(call->body["xml"].string_or("")).findings);
  }
  const Json line = Json::Object{{"purpose", (*replay)->purpose}, {"decision", (*replay)->replay->decision_id()}, {"from", (*replay)->from}, {"to", (*replay)->to},
                                 {"decisions", (*replay)->replay->of()}};
  if (auto ok = call->services.audit->note(call->person, call->operation.id, "replay", (*replay)->slug, line.dump()); !ok) return call->fail(ok.error());
  auto key = call->services.replays->add(std::move(*replay));
  if (!key) return call->fail(key.error());
  call->json(Json::Object{{"replayKey", std::to_string(*key)}}, 202);
}

const char* name_of(Replay::State state) {
  switch (state) {
    case Replay::State::running: return "RUNNING";
    case Replay::State::completed: return "COMPLETED";
    case Replay::State::canceled: return "CANCELED";
    case Replay::State::failed: break;
  }
  return "FAILED";
}

std::shared_ptr<KeptReplay> found(const CallPtr& call) {
  auto out = call->services.replays->find(call->key("replayKey"), call->authority());
  if (!out) call->fail({ErrorCode::not_found, "no such replay: results are kept for 24 hours, and not longer than the server runs", {}, {}});
  return out;
}

void get(const CallPtr& call) {
  const auto kept = found(call);
  if (!kept) return;
  const Replay& replay = *kept->replay;
  const auto state = replay.state();  // before the counts: a finished replay's counts are whole
  const ReplayCounts c = replay.counts();
  Json out = Json::object();
  out.set("replayKey", std::to_string(kept->key)).set("slug", kept->slug).set("decisionId", replay.decision_id()).set("decisionName", replay.decision_name());
  out.set("from", kept->from).set("to", kept->to).set("purpose", kept->purpose).set("by", kept->by).set("state", name_of(state));
  out.set("message", replay.message().empty() ? Json() : Json(replay.message())).set("started", base::iso_utc(kept->started));
  const base::Millis ended = kept->ended;
  out.set("ended", ended == 0 ? Json() : Json(base::iso_utc(ended))).set("expires", base::iso_utc(kept->started + base::limits::kReplayKeptMs));
  out.set("done", replay.done()).set("of", replay.of());
  out.set("counts", Json::Object{{"same", c.same}, {"different", c.different}, {"failed", c.failed}, {"notReplayable", c.without_inputs + c.forgotten}});
  out.set("notReplayable", Json::Object{{"withoutInputs", c.without_inputs}, {"forgotten", c.forgotten}});
  out.set("kept", static_cast<std::int64_t>(replay.kept())).set("text", replay.text());
  call->json(out);
}

// The case's own number, which the person may see: masked like the outputs.
void add_business_keys(const Call& call, Json& rows) {
  for (Json& row : rows.as_array()) {
    std::string key;
    if (const std::string instance = row["processInstanceKey"].string_or(""); !instance.empty())
      if (const auto found = call.read().get("process-instances", std::atoll(instance.c_str()), call.authority(), 0)) key = (*found)["businessId"].string_or("");
    row.set("businessKey", masked(key));
  }
}

void send_csv(const CallPtr& call, const KeptReplay& kept, const Json& rows) {
  Response response{200, {{"Content-Type", "text/csv; charset=utf-8"}}, dmn::csv_of(difference_rows(rows))};
  response.headers.emplace_back("Content-Disposition", "attachment; filename*=UTF-8''" + url_encode("hvad-nu-hvis-" + kept.replay->decision_id()) + ".csv");
  call->send(std::move(response));
}

void differences(const CallPtr& call) {
  const auto kept = found(call);
  if (!kept) return;
  const bool csv = call->request.parameter("format") == "csv";
  const std::string &cursor = call->request.parameter("cursor"), &limit = call->request.parameter("limit");
  const std::size_t from = std::strtoull(cursor.c_str(), nullptr, 10), max = limit.empty() ? (csv ? kCsvRows : kPage) : std::strtoull(limit.c_str(), nullptr, 10);
  const bool running = kept->replay->state() == Replay::State::running;
  auto rows = kept->replay->differences(from, max);
  if (!rows) return call->fail(rows.error());
  add_business_keys(*call, *rows);
  if (csv) return send_csv(call, *kept, *rows);
  const std::size_t next = from + rows->size(), total = kept->replay->kept();
  call->json(Json::Object{{"items", std::move(*rows)}, {"total", static_cast<std::int64_t>(total)}, {"nextCursor", next < total || running ? Json(std::to_string(next)) : Json()}});
}

void cancel(const CallPtr& call) {
  const auto kept = found(call);
  if (!kept) return;
  kept->replay->cancel();
  call->send(Response::empty());
}

}  // namespace

void add_replays(Handlers& handlers) {
  handlers["startReplay"] = {start};
  handlers["getReplay"] = {get};
  handlers["getReplayDifferences"] = {differences};
  handlers["cancelReplay"] = {cancel};
}

}  // namespace api
