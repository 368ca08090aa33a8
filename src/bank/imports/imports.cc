#include "bank/imports/imports.h"

#include <algorithm>

#include "bank/imports/file.h"
#include "bank/imports/take.h"
#include "base/limits_imports.h"
#include "base/random.h"
#include "base/text.h"
#include "base/time.h"

namespace bank::imports {
namespace {

using base::ErrorCode;
using base::Json;
using base::Status;
using store::Connection;
namespace limits = base::limits;

// Content apart: lists read heads alone. Uploaded bytes stay, so that what is settled can be compared with them.
const std::vector<store::Database::Migration> kMigrations = {
  {1, "imports with review", R"sql(
    CREATE TABLE bank_import (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, by_user TEXT NOT NULL, by_name TEXT NOT NULL, created INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
    CREATE INDEX bank_import_authority ON bank_import (authority);
    CREATE TABLE bank_import_file (import INTEGER NOT NULL REFERENCES bank_import (key) ON DELETE CASCADE, number INTEGER NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, format TEXT NOT NULL,
      state INTEGER NOT NULL, taken INTEGER NOT NULL, guessed INTEGER NOT NULL, refused INTEGER NOT NULL, open INTEGER NOT NULL, revision INTEGER NOT NULL, has_diagram INTEGER NOT NULL, draft TEXT NOT NULL,
      same_as INTEGER NOT NULL, error TEXT NOT NULL, PRIMARY KEY (import, number)) STRICT, WITHOUT ROWID;
    CREATE INDEX bank_import_waiting ON bank_import_file (import, number) WHERE state = 0;
    CREATE TABLE bank_import_content (id INTEGER PRIMARY KEY, import INTEGER NOT NULL REFERENCES bank_import (key) ON DELETE CASCADE, number INTEGER NOT NULL, decisions TEXT NOT NULL, report TEXT NOT NULL,
      bpmn TEXT NOT NULL, source BLOB NOT NULL, UNIQUE (import, number)) STRICT;)sql"},
};

constexpr const char* kHead = "number, path, title, format, state, taken, guessed, refused, open, revision, has_diagram, draft, same_as, error";

base::Error no_import() { return {ErrorCode::not_found, "there is no such import", {}, {}}; }

std::int64_t fresh_key() {  // 53 bits: JSON clients read it whole
  std::uint64_t bits = 0;
  do base::fill_random({reinterpret_cast<unsigned char*>(&bits), sizeof bits});
  while (bits >> 11 == 0);
  return static_cast<std::int64_t>(bits >> 11);
}

base::Result<ImportFile> head_of(const store::Statement& row, std::int64_t key) {
  const auto n = [&](int column) { return static_cast<std::size_t>(row.integer(column)); };
  ImportFile out;
  out.key = key;
  out.number = static_cast<int>(row.integer(0));
  out.path = row.text(1), out.title = row.text(2), out.format = row.text(3);
  out.state = static_cast<State>(row.integer(4));
  out.taken = n(5), out.guessed = n(6), out.refused = n(7), out.open = n(8);
  out.revision = row.integer(9);
  out.has_diagram = row.integer(10) != 0;
  out.draft = row.text(11);
  out.same_as = static_cast<int>(row.integer(12));
  if (const std::string error = row.text(13); !error.empty()) {
    TRY(out.error, base::parse_json(error));
  }
  return out;
}

base::Result<std::vector<ImportFile>> heads(Connection& db, std::int64_t key) {
  std::vector<ImportFile> out;
  TRY(auto* rows, db.prepare(std::string("SELECT ") + kHead + " FROM bank_import_file WHERE import = ? ORDER BY number"));
  rows->begin().bind(1, key);
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return out;
    TRY(auto one, head_of(*rows, key));
    out.push_back(std::move(one));
  }
}

Json counts_of(const std::vector<ImportFile>& files) {
  Json out = Json::object();
  for (const char* state : {"waiting", "doubtful", "ready", "drafted", "empty", "refused"})
    out.set(state, static_cast<std::int64_t>(std::ranges::count_if(files, [&](const ImportFile& f) { return f.said() == state; })));
  return out;
}

}  // namespace

base::Result<std::unique_ptr<Imports>> Imports::open(store::Database& database, const base::Clock& clock) {
  TRY_VOID(database.migrate("bank_imports", kMigrations));
  std::unique_ptr<Imports> out(new Imports(database, clock));
  out->worker_ = std::thread([imports = out.get()] { imports->work(); });
  return out;
}

void Imports::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (worker_.joinable()) worker_.join();
}

void Imports::work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      idle_ = !more_;
      wakes_.notify_all();
      wakes_.wait(lock, [this] { return stopping_ || more_; });
      if (stopping_) return;
      idle_ = more_ = false;
    }
    const auto read = read_next();
    const std::lock_guard lock(mutex_);
    more_ = more_ || (read && *read);  // where the database refuses, the next upload tries again
  }
}

void Imports::wait() {
  std::unique_lock lock(mutex_);
  wakes_.wait(lock, [this] { return idle_ && !more_; });
}

base::Result<bool> Imports::read_next() {
  ImportFile file;
  std::string source;
  bool found = false;
  TRY_VOID(database_.read([&](Connection& db) -> Status {
    TRY(auto* next, db.prepare("SELECT f.import, f.number, f.path, c.source FROM bank_import_file f JOIN bank_import_content c ON c.import = f.import AND c.number = f.number WHERE f.state = 0 ORDER BY f.import, f.number LIMIT 1"));
    TRY(found, next->begin().step());
    if (!found) return {};
    file.key = next->integer(0);
    file.number = static_cast<int>(next->integer(1));
    file.path = next->text(2);
    source = next->text(3);
    next->begin();
    return {};
  }));
  if (!found) return false;
  auto taken = take(source, file.path);
  file.state = taken ? State::read : State::refused;
  file.revision = 1;
  if (taken) {
    const visio::Report& report = taken->imported.report;
    file.title = taken->title;
    file.format = report.format;
    file.report = report.json();
    file.bpmn = taken->imported.bpmn;
    file.has_diagram = !file.bpmn.empty();
    file.taken = report.count(visio::Verdict::taken), file.guessed = report.count(visio::Verdict::guessed), file.refused = report.count(visio::Verdict::refused);
    file.open = file.has_diagram ? static_cast<std::size_t>(std::ranges::count_if(report.rows, asks)) : 0;
  } else {
    file.error = error_json(taken.error());
  }
  TRY_VOID(database_.write([&](Connection& db) -> Status {
    TRY(auto* head, db.prepare("UPDATE bank_import_file SET title = ?, format = ?, state = ?, taken = ?, guessed = ?, refused = ?, open = ?, revision = ?, has_diagram = ?, error = ? WHERE import = ? AND number = ? AND state = 0"));
    const auto n = [](std::size_t value) { return static_cast<std::int64_t>(value); };
    TRY_VOID(head->begin().bind_text(1, file.title).bind_text(2, file.format).bind(3, static_cast<int>(file.state)).bind(4, n(file.taken)).bind(5, n(file.guessed)).bind(6, n(file.refused)).bind(7, n(file.open))
        .bind(8, file.revision).bind(9, file.has_diagram ? 1 : 0).bind_text(10, file.error.is_null() ? "" : file.error.dump()).bind(11, file.key).bind(12, file.number).run());
    TRY(auto* content, db.prepare("UPDATE bank_import_content SET report = ?, bpmn = ? WHERE import = ? AND number = ?"));
    return content->begin().bind_text(1, file.report.is_null() ? "" : file.report.dump()).bind_text(2, file.bpmn).bind(3, file.key).bind(4, file.number).run();
  }));
  return true;
}

Status Imports::check_import(Connection& db, const std::string& authority, std::int64_t key) {
  TRY(auto* head, db.prepare("SELECT 1 FROM bank_import WHERE key = ? AND authority = ?"));
  TRY(const bool exists, head->begin().bind(1, key).bind_text(2, authority).step());
  head->begin();
  return exists ? Status{} : std::unexpected(no_import());
}

base::Result<std::size_t> Imports::insert(Connection& db, std::int64_t key, const std::vector<Entry>& entries) {
  TRY(auto* last, db.prepare("SELECT COALESCE(MAX(number), 0) FROM bank_import_file WHERE import = ?"));
  TRY_VOID(last->begin().bind(1, key).step());
  int number = static_cast<int>(last->integer(0));
  last->begin();
  if (static_cast<std::size_t>(number) + entries.size() > limits::kImportFiles)
    return base::fail(ErrorCode::limit_exceeded, "more files than base::limits::kImportFiles in one import", {}, "begin another import");
  TRY(auto* head, db.prepare("INSERT INTO bank_import_file VALUES (?, ?, ?, '', '', ?, 0, 0, 0, 0, 1, 0, '', ?, ?)"));
  TRY(auto* same, db.prepare("SELECT number FROM bank_import_content WHERE import = ? AND length(source) = ? AND source = ? ORDER BY number LIMIT 1"));
  TRY(auto* content, db.prepare("INSERT INTO bank_import_content (import, number, decisions, report, bpmn, source) VALUES (?, ?, '[]', '', '', ?)"));
  for (const Entry& entry : entries) {
    ++number;
    int same_as = 0;
    if (!entry.is_refused) {
      TRY(const bool found, same->begin().bind(1, key).bind(2, static_cast<std::int64_t>(entry.bytes.size())).bind_blob(3, entry.bytes).step());
      if (found) same_as = static_cast<int>(same->integer(0));
      same->begin();
    }
    TRY_VOID(head->begin().bind(1, key).bind(2, number).bind_text(3, entry.path).bind(4, static_cast<int>(entry.is_refused ? State::refused : State::waiting)).bind(5, same_as)
        .bind_text(6, entry.is_refused ? error_json(entry.refused).dump() : "").run());
    TRY_VOID(content->begin().bind(1, key).bind(2, number).bind_blob(3, entry.bytes).run());
  }
  return entries.size();
}

base::Result<Json> Imports::store(const Person& who, std::int64_t key, const std::vector<Entry>& entries, bool fresh) {
  std::int64_t bytes = 0;
  for (const Entry& entry : entries) bytes += static_cast<std::int64_t>(entry.bytes.size());
  std::size_t stored = 0;
  TRY_VOID(database_.write([&](Connection& db) -> Status {
    TRY(auto* held, db.prepare("SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM bank_import WHERE authority = ?"));
    TRY_VOID(held->begin().bind_text(1, who.authority).step());
    const std::int64_t count = held->integer(0), total = held->integer(1);
    held->begin();
    if ((fresh && count >= static_cast<std::int64_t>(limits::kImportsOfAuthority)) || total + bytes > limits::kImportsBytes)
      return base::fail(ErrorCode::limit_exceeded, "as many imports as base::limits::kImportsOfAuthority, or as large as kImportsBytes", {}, "delete those that have become drafts");
    if (fresh) {
      TRY(auto* made, db.prepare("INSERT INTO bank_import VALUES (?, ?, ?, ?, ?, 0)"));
      TRY_VOID(made->begin().bind(1, key).bind_text(2, who.authority).bind_text(3, who.user).bind_text(4, who.name).bind(5, clock_.now()).run());
    } else {
      TRY_VOID(check_import(db, who.authority, key));
    }
    TRY(stored, insert(db, key, entries));
    TRY(auto* grown, db.prepare("UPDATE bank_import SET bytes = bytes + ? WHERE key = ?"));
    return grown->begin().bind(1, bytes).bind(2, key).run();
  }));
  {
    const std::lock_guard lock(mutex_);
    more_ = true;
  }
  wakes_.notify_all();
  return Json(Json::Object{{"importKey", std::to_string(key)}, {"files", static_cast<std::int64_t>(stored)}});
}

base::Result<Json> Imports::create(const Person& who, const std::vector<Upload>& uploads) {
  TRY(const auto entries, unpacked(uploads));
  return store(who, fresh_key(), entries, true);
}

base::Result<Json> Imports::add(const Person& who, std::int64_t key, const std::vector<Upload>& uploads) {
  TRY_VOID(database_.read([&](Connection& db) { return check_import(db, who.authority, key); }));  // before the work of unpacking
  TRY(const auto entries, unpacked(uploads));
  return store(who, key, entries, false);
}

base::Result<Json> Imports::list(const std::string& authority) {
  Json items = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> Status {
    TRY(auto* rows, db.prepare("SELECT key, by_name, created FROM bank_import WHERE authority = ? ORDER BY created DESC, key DESC"));
    rows->begin().bind_text(1, authority);
    std::vector<std::pair<std::int64_t, Json>> all;
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      all.emplace_back(rows->integer(0), Json::Object{{"importKey", std::to_string(rows->integer(0))}, {"by", rows->text(1)}, {"at", base::iso_utc(rows->integer(2))}});
    }
    for (auto& [key, item] : all) {
      TRY(const auto files, heads(db, key));
      item.set("files", static_cast<std::int64_t>(files.size())).set("first", files.empty() ? "" : files.front().path).set("counts", counts_of(files));
      items.push(std::move(item));
    }
    return {};
  }));
  return Json(Json::Object{{"items", std::move(items)}});
}

base::Result<Json> Imports::get(const std::string& authority, std::int64_t key) {
  Json out;
  TRY_VOID(database_.read([&](Connection& db) -> Status {
    TRY(auto* head, db.prepare("SELECT by_name, created FROM bank_import WHERE key = ? AND authority = ?"));
    TRY(const bool exists, head->begin().bind(1, key).bind_text(2, authority).step());
    if (!exists) return std::unexpected(no_import());
    out = Json::Object{{"importKey", std::to_string(key)}, {"by", head->text(0)}, {"at", base::iso_utc(head->integer(1))}};
    head->begin();
    TRY(const auto files, heads(db, key));
    Json list = Json::array();
    for (const ImportFile& file : files) list.push(file.summary());
    out.set("counts", counts_of(files)).set("files", std::move(list));
    return {};
  }));
  return out;
}

Status Imports::remove(const std::string& authority, std::int64_t key) {
  return database_.write([&](Connection& db) -> Status {
    TRY_VOID(check_import(db, authority, key));
    TRY(auto* gone, db.prepare("DELETE FROM bank_import WHERE key = ?"));
    return gone->begin().bind(1, key).run();
  });
}

base::Result<ImportFile> Imports::find(const std::string& authority, std::int64_t key, int number) {
  ImportFile out;
  TRY_VOID(database_.read([&](Connection& db) -> Status {
    TRY_VOID(check_import(db, authority, key));
    TRY(auto* head, db.prepare(std::string("SELECT ") + kHead + " FROM bank_import_file WHERE import = ? AND number = ?"));
    TRY(const bool exists, head->begin().bind(1, key).bind(2, number).step());
    if (!exists) return base::fail(ErrorCode::not_found, "the import has no such file");
    TRY(out, head_of(*head, key));
    head->begin();
    TRY(auto* content, db.prepare("SELECT decisions, report, bpmn FROM bank_import_content WHERE import = ? AND number = ?"));
    TRY_VOID(content->begin().bind(1, key).bind(2, number).step());
    const std::string decisions = content->text(0), report = content->text(1);
    out.bpmn = content->text(2);
    content->begin();
    TRY(const Json list, base::parse_json(decisions));
    for (const Json& one : list.as_array()) {
      TRY(auto decided, decision(one));
      out.decisions.push_back(std::move(decided));
    }
    if (!report.empty()) {
      TRY(out.report, base::parse_json(report));
    }
    return {};
  }));
  return out;
}

Status Imports::save(const ImportFile& file, std::int64_t was) {
  Json list = Json::array();
  for (const Decision& d : file.decisions) list.push(d.json());
  return database_.write([&](Connection& db) -> Status {
    TRY(auto* head, db.prepare("UPDATE bank_import_file SET open = ?, revision = ?, draft = ? WHERE import = ? AND number = ? AND revision = ?"));
    TRY_VOID(head->begin().bind(1, static_cast<std::int64_t>(file.open)).bind(2, file.revision).bind_text(3, file.draft).bind(4, file.key).bind(5, file.number).bind(6, was).run());
    if (db.changes() == 0) return base::fail(ErrorCode::conflict, "somebody else has settled something in the meantime", {.pointer = "/revision"}, "read the file again");
    TRY(auto* content, db.prepare("UPDATE bank_import_content SET decisions = ? WHERE import = ? AND number = ?"));
    return content->begin().bind_text(1, list.dump()).bind(2, file.key).bind(3, file.number).run();
  });
}

base::Result<std::string> Imports::diagram(const std::string& authority, std::int64_t key, int number) {
  TRY(const auto file, find(authority, key, number));
  if (file.bpmn.empty()) return base::fail(ErrorCode::not_found, "the file has no diagram");
  return settle(file.bpmn, file.rows(), file.decisions);
}

base::Result<Imports::Source> Imports::source(const std::string& authority, std::int64_t key, int number) {
  TRY(const auto file, find(authority, key, number));
  Source out{file.path, {}};
  TRY_VOID(database_.read([&](Connection& db) -> Status {
    TRY(auto* content, db.prepare("SELECT source FROM bank_import_content WHERE import = ? AND number = ?"));
    TRY_VOID(content->begin().bind(1, key).bind(2, number).step());
    out.bytes = content->text(0);
    content->begin();
    return {};
  }));
  return out;
}

base::Result<Json> Imports::decide(const Person& who, std::int64_t key, int number, std::int64_t revision, const std::vector<Decision>& decisions) {
  TRY(auto file, find(who.authority, key, number));
  if (!file.draft.empty()) return base::fail(ErrorCode::conflict, "a draft was made of the file", {}, "go on in the draft");
  if (!file.has_diagram) return base::fail(ErrorCode::conflict, "the file has no diagram to settle", {}, "see why in the report");
  if (file.revision != revision) return base::fail(ErrorCode::conflict, "somebody else has settled something in the meantime", {.pointer = "/revision"}, "read the file again");
  if (decisions.empty()) {
    if (file.decisions.empty()) return base::fail(ErrorCode::conflict, "there is no decision to take back");
    const std::int64_t at = file.decisions.back().at;
    const std::string by = file.decisions.back().by;
    const Action action = file.decisions.back().action;
    do file.decisions.pop_back();                                  // what was accepted together is taken back together
    while (action == Action::accept && !file.decisions.empty() && file.decisions.back().at == at && file.decisions.back().by == by && file.decisions.back().action == action);
  }
  if (file.decisions.size() + decisions.size() > limits::kImportDecisions) return base::fail(ErrorCode::limit_exceeded, "more decisions than base::limits::kImportDecisions", {}, "make the draft, and go on there");
  const auto rows = file.rows();
  for (Decision d : decisions) {
    if (d.row >= rows.size()) return base::fail(ErrorCode::invalid_argument, "the report has no row " + std::to_string(d.row), {.pointer = "/row"});
    d.by = who.name, d.at = clock_.now();
    file.decisions.push_back(std::move(d));
  }
  if (const auto settled = settle(file.bpmn, rows, file.decisions); !settled) return std::unexpected(settled.error());
  file.open = file.still_open();
  ++file.revision;
  TRY_VOID(save(file, revision));
  return Json(Json::Object{{"revision", file.revision}, {"open", static_cast<std::int64_t>(file.open)}});
}

base::Result<std::string> Imports::draft(const Person& who, std::int64_t key, int number, const MakeDraft& make) {
  const std::lock_guard lock(drafting_);
  TRY(auto file, find(who.authority, key, number));
  if (!file.draft.empty()) return base::fail(ErrorCode::conflict, "a draft was made of the file", {}, "go on in the draft");
  if (!file.has_diagram) return base::fail(ErrorCode::conflict, "the file has no diagram to make a draft of", {}, "see why in the report");
  Content content;
  content.title = file.title;
  TRY(content.bpmn, settle(file.bpmn, file.rows(), file.decisions));
  if (file.format == "package") {
    TRY(const auto original, source(who.authority, key, number));
    TRY(auto taken, take(original.bytes, file.path));
    content.files = std::move(taken.files);
  }
  content.summary_da = "Importeret fra »" + file.path + "«: " + std::to_string(file.taken) + " figurer sikre, " + std::to_string(file.guessed) + " gættet (" + std::to_string(file.decisions.size()) + " afgørelser truffet, " +
                       std::to_string(file.open) + " åbne), " + std::to_string(file.refused) + " ikke taget med.";
  TRY(file.draft, make(content));
  const std::int64_t was = file.revision++;
  TRY_VOID(save(file, was));
  return file.draft;
}

}  // namespace bank::imports
