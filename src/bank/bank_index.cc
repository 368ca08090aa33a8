// How the index follows the store: triggers number every change of a workflow's row, whoever makes it; the index remembers the last number.
#include <algorithm>
#include <set>

#include "bank/bank.h"
#include "bank/bank_find.h"
#include "bank/find/hits.h"
#include "bank/find/words.h"
#include "base/log.h"
#include "base/time.h"

namespace bank {
namespace {

using base::Json;
using store::Connection;

constexpr const char* kIndexFormat = "find-1";   // another one makes every index anew
constexpr std::int64_t kPartsFormat = 1;          // another one takes facts and parts out of every stored package again

const std::vector<store::Database::Migration> kMigrations = {
  {1, "what changed, and visits", R"sql(
    CREATE TABLE bank_find_change (number INTEGER PRIMARY KEY AUTOINCREMENT, workflow INTEGER NOT NULL UNIQUE, slug TEXT NOT NULL) STRICT;
    INSERT INTO bank_find_change (workflow, slug) SELECT id, slug FROM bank_workflow ORDER BY id;
    CREATE TRIGGER bank_find_insert AFTER INSERT ON bank_workflow BEGIN
      DELETE FROM bank_find_change WHERE workflow = NEW.id; INSERT INTO bank_find_change (workflow, slug) VALUES (NEW.id, NEW.slug); END;
    CREATE TRIGGER bank_find_update AFTER UPDATE ON bank_workflow BEGIN
      DELETE FROM bank_find_change WHERE workflow = NEW.id; INSERT INTO bank_find_change (workflow, slug) VALUES (NEW.id, NEW.slug); END;
    CREATE TRIGGER bank_find_delete AFTER DELETE ON bank_workflow BEGIN
      DELETE FROM bank_find_change WHERE workflow = OLD.id; INSERT INTO bank_find_change (workflow, slug) VALUES (OLD.id, OLD.slug); END;
    CREATE TABLE bank_find_format (one INTEGER PRIMARY KEY CHECK (one = 1), parts INTEGER NOT NULL) STRICT;
    INSERT INTO bank_find_format VALUES (1, 0);
    CREATE TABLE bank_find_visit (authority TEXT NOT NULL, slug TEXT NOT NULL, day INTEGER NOT NULL, visits INTEGER NOT NULL,
      PRIMARY KEY (authority, slug, day)) STRICT;)sql"},
  {2, "all variants of a slug", "CREATE INDEX bank_workflow_slug ON bank_workflow (slug, id);"},
};


}  // namespace

base::Status migrate_find(store::Database& database) { return database.migrate("bank_find", kMigrations); }

base::Status Bank::renew_parts() {
  std::vector<std::tuple<std::int64_t, std::string, std::string, std::int64_t>> rows;
  std::int64_t format = 0;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* known, db.prepare("SELECT parts FROM bank_find_format"));
    TRY(const bool any, known->begin().step());
    if (any) format = known->integer(0);
    known->begin();
    if (format == kPartsFormat) return {};
    TRY(auto* all, db.prepare("SELECT id, authority, slug, version FROM bank_workflow"));
    all->begin();
    while (true) {
      TRY(const bool more, all->step());
      if (!more) return {};
      rows.emplace_back(all->integer(0), all->text(1), all->text(2), all->integer(3));
    }
  }));
  if (format == kPartsFormat) return {};
  return database_.write([&](Connection& db) -> base::Status {
    for (const auto& [id, authority, slug, version] : rows) {
      TRY(auto* files, db.prepare("SELECT path, bytes FROM bank_file WHERE authority = ? AND slug = ? AND version = ?"));
      files->begin().bind_text(1, authority).bind_text(2, slug).bind(3, version);
      std::map<std::string, std::string> content;
      while (true) {
        TRY(const bool more, files->step());
        if (!more) break;
        content.emplace(files->text(0), files->text(1));
      }
      const auto package = load_files(std::move(content), slug);
      if (!package) {
        base::log::error("bank", slug + ": " + package.error().text());
        continue;
      }
      TRY(auto* set, db.prepare("UPDATE bank_workflow SET facts = ?, parts = ? WHERE id = ?"));
      TRY_VOID(set->begin().bind_text(1, facts(*package).dump()).bind_text(2, find::parts_json(parts(*package)).dump()).bind(3, id).run());
    }
    TRY(auto* done, db.prepare("UPDATE bank_find_format SET parts = ?"));
    return done->begin().bind(1, kPartsFormat).run();
  });
}

// Stamp: format / KLE's edition / the last change.
base::Status Bank::refresh_index() {
  const std::lock_guard lock(index_mutex_);
  const std::string prefix = std::string(kIndexFormat) + "/" + kle_->stamp() + "/", stamp = index_->stamp();
  std::int64_t newest = 0;
  const std::int64_t known = stamp.starts_with(prefix) ? std::atoll(stamp.c_str() + prefix.size()) : -1;
  std::set<std::string> slugs;
  std::vector<std::int64_t> gone;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* last, db.prepare("SELECT COALESCE(MAX(number), 0) FROM bank_find_change"));
    TRY(const bool any, last->begin().step());
    if (any) newest = last->integer(0);
    last->begin();
    if (known < 0 || known >= newest) return {};
    TRY(auto* rows, db.prepare("SELECT slug, workflow, EXISTS (SELECT 1 FROM bank_workflow w WHERE w.id = workflow) FROM bank_find_change WHERE number > ?"));
    rows->begin().bind(1, known);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      slugs.insert(rows->text(0));
      if (rows->integer(2) == 0) gone.push_back(rows->integer(1));
    }
  }));
  if (known == newest) return {};
  if (known < 0 || known > newest) {
    TRY_VOID(index_->clear());
    TRY_VOID(index_rows({}));
  } else {
    for (const std::int64_t id : gone) TRY_VOID(index_->erase(id));
    TRY_VOID(index_rows({slugs.begin(), slugs.end()}));
  }
  return index_->commit(prefix + std::to_string(newest));
}

// All rows of a slug together: who meets the published one depends on all of them.
base::Status Bank::index_rows(const std::vector<std::string>& slugs) {
  struct Stored { Row row; Json parts; };
  std::vector<Stored> same;
  const auto put = [&]() -> base::Status {
    const auto first = std::find_if(same.begin(), same.end(), [](const Stored& s) { return s.row.published; });  // rows come by id: the earliest
    for (auto it = same.begin(); it != same.end(); ++it) {
      find::Entry entry = this->entry(it->row, it->parts);
      entry.published = it == first;
      if (entry.published)
        for (const Stored& other : same)
          if (other.row.owner != it->row.owner) entry.hidden_from.push_back(other.row.owner);
      TRY_VOID(index_->put(entry));
    }
    same.clear();
    return {};
  };
  const auto take = [&](store::Statement& rows) -> base::Status {
    while (true) {
      TRY(const bool more, rows.step());
      if (!more) return put();
      Stored stored{{rows.integer(0), rows.text(1), rows.text(2), rows.integer(3) != 0, static_cast<int>(rows.integer(4)), rows.integer(5), {}}, {}};
      TRY(stored.row.facts, base::parse_json(rows.text(6)));
      TRY(stored.parts, base::parse_json(rows.text(7)));
      if (!same.empty() && same[0].row.slug != stored.row.slug) TRY_VOID(put());
      same.push_back(std::move(stored));
    }
  };
  return database_.read([&](Connection& db) -> base::Status {
    if (slugs.empty()) {
      TRY(auto* rows, db.prepare("SELECT id, authority, slug, published, version, changed, facts, parts FROM bank_workflow ORDER BY slug, id"));
      return take(rows->begin());
    }
    for (const std::string& slug : slugs) {
      TRY(auto* rows, db.prepare("SELECT id, authority, slug, published, version, changed, facts, parts FROM bank_workflow WHERE slug = ? ORDER BY id"));
      TRY_VOID(take(rows->begin().bind_text(1, slug)));
    }
    return {};
  });
}

find::Entry Bank::entry(const Row& row, const Json& parts) const {
  using find::Facet;
  const auto subjects = kle_->subjects();
  const Json& f = row.facts;
  find::Entry out{.id = row.id, .owner = row.owner, .slug = row.slug, .title = f["title"].string_or(""), .changed = base::iso_utc(row.changed)};
  out.limited = f["validTo"].is_string();
  out.kla = f["kla"].string_or("");
  if (out.kla.empty() || out.kla[0] < '0' || out.kla[0] > '9') out.kla.clear();  // a name in the domain model instead of a number
  const std::string kle = f["kle"].string_or("");
  std::vector<std::string> now = subjects->follow(kle).to;
  out.kle = {kle};
  for (const std::string& number : now) out.kle.push_back(number);
  if (now.empty()) now = {kle};
  const auto facet = [&](Facet which) -> std::vector<std::string>& { return out.facets[static_cast<std::size_t>(which)]; };
  facet(Facet::domain) = {f["domain"].string_or("")};
  for (const std::string& number : now) {
    if (number.empty()) continue;
    facet(Facet::kle).push_back(number);
    if (const std::string group = number.substr(0, 5); std::find(facet(Facet::kle_group).begin(), facet(Facet::kle_group).end(), group) == facet(Facet::kle_group).end()) facet(Facet::kle_group).push_back(group);
  }
  facet(Facet::kind) = {f["kind"].string_or("")};
  facet(Facet::pattern) = {f["pattern"].bool_or(false) ? "true" : "false"};
  for (const Json& law : f["laws"].is_array() ? f["laws"].as_array() : Json::Array{}) facet(Facet::law).push_back(law.string_or(""));
  for (const Json& system : f["systems"].is_array() ? f["systems"].as_array() : Json::Array{}) facet(Facet::system).push_back(system.string_or(""));
  facet(Facet::runnable) = {f["runnable"].bool_or(false) ? "true" : "false"};
  if (f["stars"].is_int()) facet(Facet::stars) = {f["stars"].number_text()};
  facet(Facet::owner) = {row.owner};
  out.parts = find::read_parts(parts);
  for (const std::string& number : now)
    for (std::string& words : subjects->words_about(number)) out.background.push_back(std::move(words));
  Json data = f;
  data.set("version", row.version);
  data.set("changed", out.changed);
  data.set("published", row.published);
  data.set("owner", row.owner);
  const auto* subject = subjects->find(now[0]);
  data.set("kleTitle", subject != nullptr && !subject->title.empty() ? Json(subject->title) : Json());
  Json moved = Json::array();
  if (now[0] != kle)
    for (const std::string& number : now) moved.push(number);
  data.set("kleNow", std::move(moved));
  out.data = data.dump() + "\n" + parts.dump();
  return out;
}

base::Result<kle::Imported> Bank::import_kle(std::string_view bytes, std::string_view file) {
  TRY(auto imported, kle_->import(bytes, file));
  TRY_VOID(refresh_index());
  return imported;
}

}  // namespace bank
