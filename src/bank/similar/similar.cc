#include "bank/similar/similar.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace bank::similar {
namespace {

using base::Json;
using store::Connection;

const std::vector<store::Database::Migration> kMigrations = {
  {1, "profiles of workflows", R"sql(
    CREATE TABLE bank_profile (workflow INTEGER PRIMARY KEY, version INTEGER NOT NULL, format INTEGER NOT NULL, profile BLOB NOT NULL) STRICT;
    CREATE INDEX bank_workflow_state ON bank_workflow (id, authority, slug, published, version);)sql"},
};
constexpr int kFormat = 1;   // of profiles: raised when words are read in another way, and all are made anew

struct Made { std::int64_t id; int version; std::string profile; };

// Of a version's drawing as it lies in the store; one that cannot be read is found by its title only.
base::Result<Profile> profile_in_store(Connection& db, const std::string& owner, const std::string& slug, int version, const std::string& title) {
  TRY(auto* file, db.prepare("SELECT bytes FROM bank_file WHERE authority = ? AND slug = ? AND version = ? AND path = 'proces.bpmn'"));
  TRY(const bool found, file->begin().bind_text(1, owner).bind_text(2, slug).bind(3, version).step());
  Profile out;
  if (found)
    if (const auto model = bpmn::read(file->text(0), "proces.bpmn")) out = profile_of(**model, title);
  file->begin();
  if (out.nodes.empty() && out.title.empty()) out = profile_of(bpmn::Model(), title);
  return out;
}

}  // namespace

base::Result<std::unique_ptr<Similar>> Similar::open(store::Database& database) {
  TRY_VOID(database.migrate("bank_similar", kMigrations));
  return std::unique_ptr<Similar>(new Similar(database));
}

base::Status Similar::refresh() {
  std::vector<Made> made;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* change, db.prepare("SELECT number FROM bank_change"));
    TRY(const bool any, change->begin().step());
    const std::int64_t now = any ? change->integer(0) : 0;
    change->begin();
    if (now == seen_) return {};
    std::map<std::int64_t, Row> rows;
    TRY(auto* all, db.prepare("SELECT id, authority, slug, published, version FROM bank_workflow INDEXED BY bank_workflow_state"));
    all->begin();
    while (true) {
      TRY(const bool more, all->step());
      if (!more) break;
      rows[all->integer(0)] = {all->text(1), all->text(2), all->integer(3) != 0, static_cast<int>(all->integer(4))};
    }
    for (const auto& [id, row] : rows_)
      if (!rows.contains(id)) index_.remove(id);
    for (const auto& [id, row] : rows) {
      const auto known = rows_.find(id);
      if (known != rows_.end() && known->second.version == row.version && known->second.published == row.published) continue;
      TRY(auto* kept, db.prepare("SELECT profile FROM bank_profile WHERE workflow = ? AND version = ? AND format = ?"));
      TRY(const bool found, kept->begin().bind(1, id).bind(2, row.version).bind(3, kFormat).step());
      base::Result<Profile> profile = found ? unpack(kept->text(0)) : base::fail(base::ErrorCode::not_found, "");
      kept->begin();
      if (!profile) {  // not made yet, or damaged
        TRY(auto* title, db.prepare("SELECT facts ->> 'title' FROM bank_workflow WHERE id = ?"));
        TRY(const bool named, title->begin().bind(1, id).step());
        const std::string text = named ? title->text(0) : std::string();
        title->begin();
        profile = profile_in_store(db, row.owner, row.slug, row.version, text);
        if (!profile) return std::unexpected(profile.error());
        made.push_back({id, row.version, pack(*profile)});
      }
      index_.put(id, row.owner, row.published, *profile);
    }
    rows_ = std::move(rows);
    seen_ = now;
    return {};
  }));
  if (made.empty()) return {};
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* put, db.prepare("INSERT OR REPLACE INTO bank_profile VALUES (?, ?, ?, ?)"));
    for (const Made& m : made) TRY_VOID(put->begin().bind(1, m.id).bind(2, m.version).bind(3, kFormat).bind_blob(4, m.profile).run());
    return {};
  });
}

base::Result<std::vector<Similar::Found>> Similar::like(const std::string& authority, const Profile& profile, std::size_t max, bool fragment, std::string_view except_slug) {
  std::vector<Found> out;
  {
    const std::lock_guard lock(mutex_);
    TRY_VOID(refresh());
    std::map<std::string, std::size_t> seen;  // an authority's variant of a published slug hides it, as everywhere in the bank
    for (const Hit& hit : index_.find(profile, {.authority = authority, .max = max + 20, .fragment = fragment})) {
      const Row& row = rows_.at(hit.id);
      if (row.slug == except_slug) continue;
      Found found{row.slug, {}, {}, {}, row.owner, row.version, false, hit.likeness};
      const auto [place, fresh] = seen.try_emplace(row.slug, out.size());
      if (fresh) out.push_back(std::move(found));
      else if (row.owner == authority) out[place->second] = std::move(found);
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.likeness > b.likeness; });
  if (out.size() > max) out.resize(max);
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT facts FROM bank_workflow WHERE authority = ? AND slug = ?"));
    for (Found& f : out) {
      TRY(const bool found, row->begin().bind_text(1, f.owner).bind_text(2, f.slug).step());
      if (!found) continue;
      TRY(const Json facts, base::parse_json(row->text(0)));
      f.title = facts["title"].string_or(f.slug);
      f.domain = facts["domain"].string_or("");
      f.kind = facts["kind"].string_or("");
      f.runnable = facts["runnable"].bool_or(false);
    }
    row->begin();
    return {};
  }));
  return out;
}

base::Result<std::vector<Similar::Found>> Similar::duplicates(const std::string& authority, std::string_view slug, const Profile& profile, const Json& manifest) {
  constexpr std::size_t kTold = 3;
  std::set<std::string> related;
  for (const char* key : {"afledt_af", "erstatter", "se_ogsaa"})
    for (const Json& one : manifest[key].is_array() ? manifest[key].as_array() : Json::Array{}) related.insert(one.string_or(""));
  TRY(auto out, like(authority, profile, kTold + related.size(), false, slug));
  std::erase_if(out, [&](const Found& f) { return f.likeness < kDuplicate || related.contains(f.slug); });
  if (out.size() > kTold) out.resize(kTold);
  return out;
}

Json to_json(const std::vector<Similar::Found>& all) {
  Json out = Json::array();
  for (const auto& f : all)
    out.push(Json::Object{{"slug", f.slug}, {"title", f.title}, {"domain", f.domain}, {"kind", f.kind}, {"runnable", f.runnable}, {"version", f.version}, {"likeness", std::round(f.likeness * 1000) / 1000}});
  return out;
}

}  // namespace bank::similar
