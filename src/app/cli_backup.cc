// backup and restore.
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "app/house.h"
#include "base/time.h"
#include "casework/ledger.h"
#include "engine/backup/backup.h"
#include "engine/backup/effects.h"
#include "feel/temporal.h"

namespace app {
namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kBackupHelp = R"(usage: sagsgang backup --to DIR [--data DIR] [--json]

Makes a backup with one recorded cut in a new folder below DIR, while the server runs or while it is stopped. It holds journal,
checkpoint, keys, tables, ledger and sealed documents; what can be rebuilt is left out. Keep it as safe as the data folder.

example: sagsgang backup --data data-help --to backup-help)";

base::Result<Json> make_backup(const std::string& data, const std::string& to) {
  if (const auto server = RunningServer::find(data); server) {
    Json body = Json::object();
    body.set("folder", std::filesystem::absolute(to).string());
    return server->call("POST", "/api/operations/backup", body.dump(), "application/json");
  } else if (server.error().code != ErrorCode::not_found) {
    return std::unexpected(server.error());
  }
  if (!std::filesystem::exists(data + "/sagsgang.db")) return base::fail(ErrorCode::usage, "'" + data + "' is no data folder", {}, "see --data");
  TRY(const auto lock, FolderLock::take(data));
  base::SystemStorage storage;
  base::SystemClock clock;
  TRY(const auto engine, engine::Engine::open({.folder = data, .projector = false}));
  TRY(const auto effects, engine::Effects::open(storage, data));
  TRY(const auto archive, Archive::open(data));
  TRY(const auto ledger, casework::Ledger::open(data, clock));
  TRY(const engine::BackupReport report, engine::backup(*engine, *effects, data, to, {archive->database.get()}, {&ledger->database()}));
  return backup_json(report);
}

int run_backup(Arguments& arguments) {
  const std::string data = arguments.get("--data", "data"), to = arguments.get("--to");
  const bool json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (to.empty() || !words.empty()) return report({ErrorCode::usage, "--to is missing", {}, "see sagsgang backup --help"});
  const auto made = make_backup(data, to);
  if (!made) return report(made.error());
  if (json) std::printf("%s\n", made->dump().c_str());
  else std::printf("backup in %s: cut at position %s, %s files\n", (*made)["folder"].string_or("").c_str(), (*made)["position"].string_or("").c_str(),
                   (*made)["files"].number_text().c_str());
  return kDone;
}

constexpr const char* kRestoreHelp = R"(usage: sagsgang restore --from DIR [--until TIME] [--data DIR] [--json]

Replaces the data folder by a backup (DIR is the backup, or the folder of backups: then the newest). The server must be stopped. A
new timeline starts; what left the house after the cut (payments, notes) is listed and quarantined; what was forgotten since is
forgotten again. The ledger is not rolled back where the data folder holds a newer one. What the data folder holds now is gone
afterwards: make a backup of it first, if it may be wanted.

  --until TIME  every case as it was at that moment: 2026-11-21T14:05 (Danish time) or 2026-11-21T13:05:00Z; a moment later than
                the backup is found in the journal that the data folder still has; tables and documents then stay as they are now.

example: sagsgang restore --from backup-help --data data-help)";

// A day and time as people write them; without a zone it is Denmark's.
base::Result<base::Millis> moment(std::string text) {
  if (const auto space = text.find(' '); space != std::string::npos) text[space] = 'T';
  if (text.size() == 16) text += ":00";
  const auto read = feel::parse_date_time(text);
  const auto at = read ? feel::to_millis(*read, "Europe/Copenhagen") : std::nullopt;
  if (!at) return base::fail(ErrorCode::usage, "'" + text.substr(0, 40) + "' is no time", {}, "2026-11-21T14:05, or with seconds and Z");
  return *at;
}

int run_restore(Arguments& arguments) {
  const std::string data = arguments.get("--data", "data"), from = arguments.get("--from"), wanted = arguments.get("--until");
  const bool json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (from.empty() || !words.empty()) return report({ErrorCode::usage, "--from is missing", {}, "see sagsgang restore --help"});
  std::optional<base::Millis> until;
  if (!wanted.empty()) {
    const auto at = moment(wanted);
    if (!at) return report(at.error());
    until = *at;
  }
  const auto done = [&]() -> base::Result<engine::RestoreReport> {
    TRY(const auto lock, FolderLock::take(data));
    base::SystemStorage storage;
    TRY(engine::RestoreReport restored, engine::restore(storage, from, data, until));
    base::SystemClock clock;
    TRY(const auto ledger, casework::Ledger::open(data, clock));
    std::vector<std::string> keys;
    for (const engine::Effect& effect : restored.quarantined)
      if (effect.kind == "payment") keys.push_back(effect.idempotency_key);
    TRY_VOID(ledger->quarantine(keys));
    return restored;
  }();
  if (!done) return report(done.error());
  if (json) {
    Json out = Json::object(), list = Json::array();
    for (const engine::Effect& e : done->quarantined)
      list.push(Json::Object{{"authority", e.authority}, {"kind", e.kind}, {"idempotencyKey", e.idempotency_key}, {"text", e.text}});
    out.set("timeline", done->timeline);
    out.set("position", std::to_string(done->position));
    if (until) out.set("at", base::iso_utc(done->at_ms));
    out.set("forgottenAgain", done->forgotten_again);
    out.set("quarantined", std::move(list));
    std::printf("%s\n", out.dump().c_str());
    return kDone;
  }
  std::printf("restored to position %llu%s on timeline %d; %llu cases forgotten again\n", static_cast<unsigned long long>(done->position),
              until ? (" (" + base::iso_utc(done->at_ms) + ")").c_str() : "", done->timeline, static_cast<unsigned long long>(done->forgotten_again));
  std::printf("%zu effects after the cut are in quarantine%s\n", done->quarantined.size(), done->quarantined.empty() ? "" : ":");
  for (const engine::Effect& e : done->quarantined) std::printf("  %s %s: %s\n", e.authority.c_str(), e.kind.c_str(), e.text.c_str());
  return kDone;
}

}  // namespace

CommandInfo backup_command() { return {"backup", "back up the data folder", kBackupHelp, run_backup}; }
CommandInfo restore_command() { return {"restore", "replace the data folder by a backup", kRestoreHelp, run_restore}; }

}  // namespace app
