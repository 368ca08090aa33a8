#include "bank/bank.h"

#include <algorithm>
#include <filesystem>

#include "bank/bank_find.h"
#include "bank/coverage.h"
#include "bank/find/hits.h"
#include "bank/steps.h"
#include "bank/zip.h"
#include "base/text.h"
#include "base/time.h"

namespace bank {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;


const std::vector<store::Database::Migration> kMigrations = {
  {1, "packages of authorities", R"sql(
    CREATE TABLE bank_workflow (id INTEGER PRIMARY KEY, authority TEXT NOT NULL, slug TEXT NOT NULL, published INTEGER NOT NULL DEFAULT 0,
      version INTEGER NOT NULL, changed INTEGER NOT NULL, facts TEXT NOT NULL, parts TEXT NOT NULL, UNIQUE (authority, slug)) STRICT;
    CREATE TABLE bank_version (authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, by_user TEXT NOT NULL,
      note TEXT NOT NULL, PRIMARY KEY (authority, slug, version)) STRICT;
    CREATE TABLE bank_file (authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (authority, slug, version, path)) STRICT;
    CREATE TABLE bank_deployment (authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, process_id TEXT NOT NULL,
      definition_key INTEGER NOT NULL, at INTEGER NOT NULL, by_user TEXT NOT NULL, PRIMARY KEY (authority, definition_key)) STRICT;
    CREATE TABLE bank_scenario (authority TEXT NOT NULL, slug TEXT NOT NULL, file TEXT NOT NULL, version INTEGER NOT NULL, title TEXT NOT NULL,
      passed INTEGER NOT NULL, seconds REAL NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (authority, slug, file)) STRICT;
    CREATE TABLE bank_change (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL) STRICT;
    INSERT INTO bank_change VALUES (1, 1);)sql"},
};

base::Error no_workflow(const std::string& slug) {
  return {ErrorCode::not_found, "no workflow '" + slug.substr(0, 200) + "' that this authority can read", {}, {}};
}

base::Result<bool> same_files(Connection& db, const std::string& authority, const std::string& slug, std::int64_t version, const std::map<std::string, std::string>& files) {
  TRY(auto* rows, db.prepare("SELECT path, bytes FROM bank_file WHERE authority = ? AND slug = ? AND version = ?"));
  rows->begin().bind_text(1, authority).bind_text(2, slug).bind(3, version);
  std::size_t count = 0;
  bool same = true;
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return same && count == files.size();
    const auto found = files.find(rows->text(0));
    same = same && found != files.end() && found->second == rows->text(1);
    ++count;
  }
}

base::Status next_change(Connection& db) {
  TRY(auto* change, db.prepare("UPDATE bank_change SET number = number + 1"));
  return change->begin().run();
}

// What is published stays so: a new version of it is publication, too, and covers what the law asks.
base::Status guard_new_version(Bank& bank, const std::string& authority, const std::string& slug, const std::map<std::string, std::string>& files, std::vector<Finding>* findings) {
  const auto current = bank.get(authority, slug);
  if (!current || current->owner != authority || current->package->files == files) return {};
  TRY(const Json now, bank.workflow(authority, slug));
  if (!now["published"].bool_or(false)) return {};
  const auto package = load_files(files, slug);
  if (!package) return {};  // storing it says why not
  auto covered = require_coverage(bank, authority, *package);
  if (!covered && findings != nullptr) *findings = coverage_findings(bank, authority, *package);
  return covered;
}

}  // namespace

base::Result<std::unique_ptr<Bank>> Bank::open(store::Database& database, const std::string& index_folder, const base::Clock& clock) {
  TRY_VOID(database.migrate("bank", kMigrations));
  TRY_VOID(migrate_find(database));
  TRY(auto kle, kle::Kle::open(database, clock));
  TRY(auto index, find::Index::open(index_folder));
  std::unique_ptr<Bank> bank(new Bank(database, std::move(index), std::move(kle), clock));
  TRY_VOID(bank->migrate_coverage());
  TRY_VOID(bank->renew_parts());
  TRY_VOID(bank->refresh_index());
  return bank;
}

base::Result<Imported> Bank::import(const std::string& authority, const std::string& slug, std::map<std::string, std::string> files,
                                    const std::string& by, const std::string& note, std::vector<Finding>* findings) {
  TRY_VOID(guard_new_version(*this, authority, slug, files, findings));
  TRY(auto imported, store_checked(authority, slug, std::move(files), by, note, findings));
  if (imported.changed) TRY_VOID(refresh_index());
  return imported;
}

base::Result<Imported> Bank::store_checked(const std::string& authority, const std::string& slug, std::map<std::string, std::string> files,
                                           const std::string& by, const std::string& note, std::vector<Finding>* findings) {
  TRY(const Package package, load_files(std::move(files), slug));
  auto found = check(package);
  const auto error = std::find_if(found.begin(), found.end(), [](const Finding& f) { return f.is_error; });
  const bool refused = error != found.end();
  base::Error first;
  if (refused) first = {ErrorCode::invalid_package, error->code + ": " + error->message, {error->file, error->line, error->column, error->element, {}}, error->remedy};
  if (findings != nullptr) findings->insert(findings->end(), found.begin(), found.end());
  if (refused) return std::unexpected(std::move(first));
  return store_version(authority, package, by, note);
}

base::Result<Imported> Bank::import_zip(const std::string& authority, const std::string& slug, std::string_view bytes, const std::string& by,
                                        const std::string& note, std::vector<Finding>* findings) {
  TRY(auto files, unzip(bytes));
  return import(authority, slug, std::move(files), by, note, findings);
}

base::Result<std::vector<Imported>> Bank::import_tree(const std::string& authority, const std::string& folder, const std::string& by,
                                                      const std::string& note, bool published, std::vector<Finding>* findings) {
  namespace fs = std::filesystem;
  std::error_code ec;
  std::vector<std::string> slugs;
  for (const auto& domain : fs::directory_iterator(folder, ec)) {
    if (!domain.is_directory()) continue;
    for (const auto& name : fs::directory_iterator(domain.path(), ec))
      if (fs::exists(name.path() / "arbejdsgang.yaml", ec)) slugs.push_back(domain.path().filename().string() + "/" + name.path().filename().string());
  }
  if (ec) return base::fail(ErrorCode::io_failed, "cannot read the folder: " + ec.message(), {.file = folder});
  std::sort(slugs.begin(), slugs.end());
  std::vector<Imported> out;
  const auto all = [&]() -> base::Status {
    for (const std::string& slug : slugs) {
      TRY(auto package, load_folder(folder + "/" + slug, slug));
      auto imported = store_checked(authority, slug, std::move(package.files), by, note, findings);
      if (!imported) {
        base::Error error = imported.error();
        if (!error.where.file.empty()) error.where.file = folder + "/" + slug + "/" + error.where.file;
        return std::unexpected(std::move(error));
      }
      out.push_back(std::move(*imported));
    }
    // When all are there: a workflow is judged against those it was drawn from.
    for (const Imported& one : out)
      if (published) TRY_VOID(set_published(authority, one.slug));
    return {};
  }();
  TRY_VOID(refresh_index());  // once for all of them, also for those before a refusal
  if (!all) return std::unexpected(all.error());
  return out;
}

base::Result<Imported> Bank::store_version(const std::string& authority, const Package& package, const std::string& by, const std::string& note) {
  Imported out{package.slug, 0, false};
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* current, db.prepare("SELECT version FROM bank_workflow WHERE authority = ? AND slug = ?"));
    TRY(const bool exists, current->begin().bind_text(1, authority).bind_text(2, package.slug).step());
    out.version = exists ? static_cast<int>(current->integer(0)) : 0;
    current->begin();
    if (exists) {
      TRY(const bool same, same_files(db, authority, package.slug, out.version, package.files));
      if (same) return {};
    }
    out.changed = true;
    ++out.version;
    const base::Millis now = clock_.now();
    TRY(auto* version, db.prepare("INSERT INTO bank_version VALUES (?, ?, ?, ?, ?, ?)"));
    TRY_VOID(version->begin().bind_text(1, authority).bind_text(2, package.slug).bind(3, out.version).bind(4, now).bind_text(5, by).bind_text(6, note).run());
    for (const auto& [path, bytes] : package.files) {
      TRY(auto* file, db.prepare("INSERT INTO bank_file VALUES (?, ?, ?, ?, ?)"));
      TRY_VOID(file->begin().bind_text(1, authority).bind_text(2, package.slug).bind(3, out.version).bind_text(4, path).bind_blob(5, bytes).run());
    }
    TRY(auto* workflow, db.prepare("INSERT INTO bank_workflow (authority, slug, version, changed, facts, parts) VALUES (?, ?, ?, ?, ?, ?) "
                                   "ON CONFLICT (authority, slug) DO UPDATE SET version = excluded.version, changed = excluded.changed, facts = excluded.facts, parts = excluded.parts"));
    TRY_VOID(workflow->begin().bind_text(1, authority).bind_text(2, package.slug).bind(3, out.version).bind(4, now)
        .bind_text(5, facts(package).dump()).bind_text(6, find::parts_json(parts(package)).dump()).run());
    return next_change(db);
  }));
  return out;
}

base::Status Bank::publish(const std::string& authority, const std::string& slug) {
  TRY_VOID(set_published(authority, slug));
  return refresh_index();
}

base::Status Bank::set_published(const std::string& authority, const std::string& slug) {
  TRY(const Row row, find_row(authority, slug));
  if (row.owner != authority) return std::unexpected(no_workflow(slug));
  if (row.published) return {};
  TRY(const Stored stored, get(authority, slug));
  TRY_VOID(require_coverage(*this, authority, *stored.package));
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* set, db.prepare("UPDATE bank_workflow SET published = 1 WHERE authority = ? AND slug = ?"));
    TRY_VOID(set->begin().bind_text(1, authority).bind_text(2, slug).run());
    return next_change(db);
  });
}

base::Status Bank::note_deployment(const std::string& authority, const std::string& slug, int version, const std::string& process_id,
                                   std::int64_t definition_key, const std::string& by) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* insert, db.prepare("INSERT INTO bank_deployment VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (authority, definition_key) DO NOTHING"));
    return insert->begin().bind_text(1, authority).bind_text(2, slug).bind(3, version).bind_text(4, process_id).bind(5, definition_key)
        .bind(6, clock_.now()).bind_text(7, by).run();
  });
}

base::Result<std::vector<Deployed>> Bank::deployed(const std::string& authority) {
  std::vector<Deployed> out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT slug, version, process_id, MAX(definition_key) FROM bank_deployment WHERE authority = ? GROUP BY process_id"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      out.push_back({rows->text(0), {}, rows->text(2), static_cast<int>(rows->integer(1)), rows->integer(3)});
    }
  }));
  for (Deployed& d : out)
    if (auto row = find_row(authority, d.slug)) d.title = row->facts["title"].string_or(d.slug);
  return out;
}

base::Status Bank::note_scenarios(const std::string& authority, const std::string& slug, int version, const Json& results) {
  return database_.write([&](Connection& db) -> base::Status {
    for (const Json& r : results.as_array()) {
      TRY(auto* insert, db.prepare("INSERT OR REPLACE INTO bank_scenario VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
      const Json& seconds = r["seconds"];
      TRY_VOID(insert->begin().bind_text(1, authority).bind_text(2, slug).bind_text(3, r["file"].string_or("")).bind(4, version).bind_text(5, r["title"].string_or(""))
                 .bind(6, r["passed"].bool_or(false) ? 1 : 0).bind(7, seconds.is_number() ? seconds.as_double() : 0.0)
                     .bind_text(8, r["message"].string_or("")).bind(9, clock_.now()).run());
    }
    return {};
  });
}

}  // namespace bank
