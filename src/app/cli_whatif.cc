// whatif: a draft of the rules asked what the decisions of a period were asked, before anyone publishes it.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "api/memory.h"
#include "api/replay.h"
#include "api/server.h"
#include "app/cli.h"
#include "app/house.h"
#include "base/limits_sheets.h"
#include "base/storage.h"
#include "dmn/sheet.h"
#include "engine/projector/past_decisions.h"
#include "engine/projector/schema.h"
#include "store/keys.h"

namespace app {
namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang whatif --decision ID --xml NEW.dmn --from DAY --to DAY --purpose TEXT [--data DIR] [--cvr CVR] [--workflow DOMAIN/NAME]
                       [--csv OUT] [--json]

Hvad nu hvis: asks the draft NEW.dmn what the decisions of the period were asked, each at its own moment, and tells how many would
come out differently. Nothing is changed; who asked, why and for which period is noted in the log of look-ups.

  --decision ID   id or name of a decision of the draft; also one that others ask
  --from, --to    days (the last one included), or instants such as 2026-01-31T12:00:00Z
  --purpose T     why the past is looked at
  --cvr CVR       whose history, where the server is stopped (where it runs: its first authority's)
  --workflow W    the workflow in the bank, where the server runs and more than one has such a decision
  --csv OUT       the differences as CSV; "-" is standard output
  --json          counts as JSON

example: sagsgang whatif --data data-help --cvr 11111111 --decision takst --xml bank/arbejdsmarked/betaling-af-laegeerklaeringer/beslutninger.dmn --from 2026-01-01 --to 2026-12-31 --purpose "nye takster")";

struct Asked { std::string data, cvr, workflow, decision, xml_file, from, to, purpose, csv; bool json = false; };

std::string query_value(const std::string& text) { return api::url_encode(text); }

base::Status put_csv(const std::string& path, const std::string& bytes) {
  if (path != "-") return base::write_file_atomic(path, bytes);
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  return {};
}

void print(const Asked& asked, const Json& counts, const std::string& text) {
  std::FILE* to = asked.csv == "-" ? stderr : stdout;
  if (asked.json) std::fprintf(to, "%s\n", Json(Json::Object{{"decision", asked.decision}, {"counts", counts}, {"text", text}}).dump().c_str());
  else std::fprintf(to, "%s\n", text.c_str());
}

// The house is stopped: its history is read where it lies. What the journal holds and the projection does not is not seen: a house
// that was stopped in order has nothing of the kind.
base::Status ask_folder(const Asked& asked, const std::string& xml) {
  if (asked.cvr.empty()) return base::fail(ErrorCode::usage, "--cvr is missing", {}, "whose history: the server is stopped");
  TRY(const auto lock, FolderLock::take(asked.data));
  base::SystemStorage storage;
  TRY(const auto keys, store::Keys::open(storage, asked.data));
  TRY(const auto projection, store::Database::open(asked.data + "/projection.db", {.synchronous_full = false, .readers = 2}));
  bool known = false;
  const auto schema = projection->read([&](store::Connection& connection) -> base::Status {
    TRY(auto* row, connection.prepare("SELECT value FROM meta WHERE name = 'schema'"));
    TRY(const bool any, row->begin().step());
    known = any && row->integer(0) == engine::kSchema;
    row->begin();
    return {};
  });
  if (!schema || !known) return base::fail(ErrorCode::conflict, "the history of '" + asked.data + "' is not there, or another release's", {}, "start the server once: sagsgang serve --data " + asked.data);
  const auto history = engine::make_decision_history(*projection, keys.get());
  api::ReplayRequest request{asked.cvr, asked.decision, xml, {}, 0, 0};
  TRY(request.from, api::period_begin(asked.from));
  TRY(request.to, api::period_end(asked.to));
  TRY(const auto replay, api::Replay::make(std::move(request), *history));
  TRY(const auto archive, Archive::open(asked.data));
  TRY(const auto audit, api::Audit::open(*archive->database, archive->clock));
  api::Person person;
  person.user = api::kCommandLineUser;
  person.authority = asked.cvr;
  const Json line = Json::Object{{"purpose", asked.purpose}, {"decision", replay->decision_id()}, {"from", asked.from}, {"to", asked.to}, {"decisions", replay->of()}};
  TRY_VOID(audit->note(person, "startReplay", "replay", asked.workflow, line.dump()));
  {
    Progress progress("decisions");
    while (replay->step()) progress.show(static_cast<std::size_t>(replay->done()), static_cast<std::size_t>(replay->of()));
  }
  if (replay->state() == api::Replay::State::failed) return base::fail(ErrorCode::internal, replay->message());
  const auto c = replay->counts();
  print(asked, Json::Object{{"same", c.same}, {"different", c.different}, {"failed", c.failed}, {"notReplayable", c.without_inputs + c.forgotten}}, replay->text());
  if (asked.csv.empty()) return {};
  TRY(const Json rows, replay->differences(0, base::limits::kReplayDifferences));
  return put_csv(asked.csv, dmn::csv_of(api::difference_rows(rows)));
}

// Workflows of the bank that have the decision.
base::Result<std::string> find_workflow(const RunningServer& server, const Asked& asked) {
  if (!asked.workflow.empty()) return asked.workflow;
  std::vector<std::string> found;
  TRY(const Json list, server.call("GET", "/api/bank/workflows?limit=1000", "", ""));
  for (const Json& item : list["items"].is_array() ? list["items"].as_array() : Json::Array{}) {
    const std::string slug = item["slug"].string_or("");
    TRY(const Json detail, server.call("GET", "/api/bank/workflows/" + slug, "", ""));
    for (const Json& d : detail["decisions"].is_array() ? detail["decisions"].as_array() : Json::Array{})
      if ((d["id"].string_or("") == asked.decision || d["name"].string_or("") == asked.decision) && (found.empty() || found.back() != slug)) found.push_back(slug);
  }
  if (found.size() != 1) return base::fail(ErrorCode::usage, std::to_string(found.size()) + " workflows of the bank have a decision '" + asked.decision + "'", {}, "--workflow DOMAIN/NAME");
  return found[0];
}

base::Status ask_server(const RunningServer& server, const Asked& asked, const std::string& xml) {
  TRY(const std::string slug, find_workflow(server, asked));
  const Json body = Json::Object{{"decision", asked.decision}, {"from", asked.from}, {"to", asked.to}, {"xml", xml}, {"purpose", asked.purpose}};
  TRY(const Json started, server.call("POST", "/api/bank/workflows/" + slug + "/decisions/replays", body.dump(), "application/json"));
  const std::string path = "/api/replays/" + started["replayKey"].string_or("");
  Json replay;
  {
    Progress progress("decisions");
    while (true) {
      TRY(replay, server.call("GET", path, "", ""));
      if (replay["state"].string_or("") != "RUNNING") break;
      progress.show(static_cast<std::size_t>(replay["done"].int_or(0)), static_cast<std::size_t>(replay["of"].int_or(0)));
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  if (replay["state"].string_or("") == "FAILED") return base::fail(ErrorCode::internal, replay["message"].string_or(""));
  print(asked, replay["counts"], replay["text"].string_or(""));
  if (asked.csv.empty()) return {};
  Json rows = Json::array();
  std::string cursor = "0";
  while (!cursor.empty()) {
    TRY(const Json page, server.call("GET", path + "/differences?limit=1000&cursor=" + query_value(cursor), "", ""));
    for (const Json& row : page["items"].as_array()) rows.push(row);
    cursor = page["nextCursor"].string_or("");
  }
  return put_csv(asked.csv, dmn::csv_of(api::difference_rows(rows)));
}

base::Status ask(const Asked& asked) {
  if (!std::filesystem::exists(asked.data + "/sagsgang.db")) return base::fail(ErrorCode::usage, "'" + asked.data + "' is no data folder", {}, "see --data");
  TRY(const std::string xml, base::read_file(asked.xml_file, base::limits::kXmlBytes + 1));
  const auto server = RunningServer::find(asked.data);
  if (server) return ask_server(*server, asked, xml);
  if (server.error().code != ErrorCode::not_found) return std::unexpected(server.error());
  return ask_folder(asked, xml);
}

int run(Arguments& arguments) {
  Asked asked;
  asked.data = arguments.get("--data", "data");
  asked.cvr = arguments.get("--cvr");
  asked.workflow = arguments.get("--workflow");
  asked.decision = arguments.get("--decision");
  asked.xml_file = arguments.get("--xml");
  asked.from = arguments.get("--from");
  asked.to = arguments.get("--to");
  asked.purpose = arguments.get("--purpose");
  asked.csv = arguments.get("--csv");
  asked.json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  const std::pair<const char*, const std::string*> needed[] = {{"--decision", &asked.decision}, {"--xml", &asked.xml_file}, {"--from", &asked.from}, {"--to", &asked.to}, {"--purpose", &asked.purpose}};
  for (const auto& [name, value] : needed)
    if (value->empty()) return report({ErrorCode::usage, std::string(name) + " is missing", {}, "see sagsgang whatif --help"});
  if (!words.empty()) return report({ErrorCode::usage, "'" + words[0] + "' is not understood", {}, "see sagsgang whatif --help"});
  const auto done = ask(asked);
  return done ? kDone : report(done.error());
}

}  // namespace

CommandInfo whatif_command() { return {"whatif", "Hvad nu hvis: replay past decisions with a draft", kHelp, run}; }

}  // namespace app
