// The tables of the room, and the index of uses: made from the packages, and made again where the bank has moved on.
#include "bank/understand/understand.h"

#include "bank/understand/rows.h"
#include "base/log.h"
#include "base/time.h"

namespace bank::understand {
namespace {

using base::ErrorCode;
using store::Connection;

constexpr int kFormat = 1;            // of understand_use: a new number makes it anew
constexpr std::size_t kBatch = 100;   // packages per transaction
constexpr std::size_t kHeldAuthorities = 8;  // what they read, 3 MB each where the bank has 10,000 workflows

// Keys begin far apart, so that a key of one kind is never one of another.
const std::vector<store::Database::Migration> kMigrations = {
  {1, "uses, laws, comments and readers", R"sql(
    CREATE TABLE understand_seen (authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, format INTEGER NOT NULL, PRIMARY KEY (authority, slug)) STRICT;
    CREATE TABLE understand_use (authority TEXT NOT NULL, slug TEXT NOT NULL, kind TEXT NOT NULL, entry TEXT NOT NULL, title TEXT NOT NULL, element TEXT NOT NULL,
      element_name TEXT NOT NULL, detail TEXT NOT NULL, url TEXT NOT NULL, eli TEXT NOT NULL, verified TEXT NOT NULL, due TEXT NOT NULL) STRICT;
    CREATE INDEX understand_use_entry ON understand_use (kind, entry);
    CREATE INDEX understand_use_slug ON understand_use (authority, slug);
    CREATE INDEX understand_bank_slug ON bank_workflow (slug);
    CREATE TABLE understand_law_change (id INTEGER PRIMARY KEY AUTOINCREMENT, authority TEXT NOT NULL, law TEXT NOT NULL, title TEXT NOT NULL, changed TEXT NOT NULL,
      place TEXT NOT NULL, note TEXT NOT NULL, url TEXT NOT NULL, by_user TEXT NOT NULL, at INTEGER NOT NULL, withdrawn INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE understand_review (id INTEGER PRIMARY KEY AUTOINCREMENT, authority TEXT NOT NULL, change INTEGER NOT NULL REFERENCES understand_law_change (id),
      slug TEXT NOT NULL, version INTEGER NOT NULL, element TEXT NOT NULL, element_name TEXT NOT NULL, reference TEXT NOT NULL, owner_role TEXT NOT NULL,
      outcome TEXT NOT NULL DEFAULT '', in_version INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', by_user TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX understand_review_slug ON understand_review (authority, slug);
    CREATE INDEX understand_review_change ON understand_review (change);
    CREATE TABLE understand_comment (id INTEGER PRIMARY KEY AUTOINCREMENT, authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, element TEXT NOT NULL,
      element_name TEXT NOT NULL, reply_to INTEGER NOT NULL, text TEXT NOT NULL, by_user TEXT NOT NULL, at INTEGER NOT NULL, resolved_by TEXT NOT NULL DEFAULT '',
      resolved_at INTEGER NOT NULL DEFAULT 0, removed_by TEXT NOT NULL DEFAULT '', removed_at INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX understand_comment_slug ON understand_comment (authority, slug);
    CREATE TABLE understand_mark (authority TEXT NOT NULL, user TEXT NOT NULL, slug TEXT NOT NULL, favourite INTEGER NOT NULL, follow INTEGER NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (authority, user, slug)) STRICT;
    CREATE TABLE understand_read (authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, user TEXT NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (authority, slug, version, user)) STRICT;
    CREATE TABLE understand_feed (authority TEXT NOT NULL, user TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, PRIMARY KEY (authority, user)) STRICT;
    INSERT INTO sqlite_sequence VALUES ('understand_law_change', 610000000000), ('understand_review', 620000000000), ('understand_comment', 630000000000);)sql"},
};

// What an authority reads of one slug: its own, else the earliest published (as Bank::find_row).
constexpr std::string_view kReadable =
    "SELECT id, authority, slug, version, json_extract(facts, '$.title'), json_extract(facts, '$.domain'), json_extract(facts, '$.kind') FROM bank_workflow w "
    "WHERE w.authority = ?1 OR (w.published = 1 AND NOT EXISTS (SELECT 1 FROM bank_workflow o WHERE o.slug = w.slug AND (o.authority = ?1 OR (o.published = 1 AND o.id < w.id))))";

base::Status put(Connection& db, const std::string& authority, const std::string& slug, int version, const std::vector<Use>& uses) {
  TRY_VOID(change(db, "DELETE FROM understand_use WHERE authority = ? AND slug = ?", authority, slug));
  for (const Use& u : uses)
    TRY_VOID(change(db, "INSERT INTO understand_use VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", authority, slug, u.kind, u.key, u.title, u.element, u.element_name,
                    u.detail, u.url, u.eli, u.verified, u.due));
  return change(db, "INSERT OR REPLACE INTO understand_seen VALUES (?, ?, ?, ?)", authority, slug, version, kFormat);
}

}  // namespace

base::Result<std::unique_ptr<Understand>> Understand::open(store::Database& database, Bank& bank, const base::Clock& clock) {
  TRY_VOID(database.migrate("bank_understand", kMigrations));
  return std::unique_ptr<Understand>(new Understand(database, bank, clock));
}

base::Status Understand::refresh() {
  struct Stale { std::string authority, slug; int version; };
  const std::lock_guard lock(mutex_);
  std::vector<Stale> stale, gone;
  std::int64_t number = 0;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY_VOID(each_row(db, "SELECT number FROM bank_change", [&](const store::Statement& r) { number = r.integer(0); }));
    if (number == seen_) return {};
    TRY_VOID(each_row(db, "SELECT authority, slug FROM understand_seen s WHERE NOT EXISTS (SELECT 1 FROM bank_workflow w WHERE w.authority = s.authority AND w.slug = s.slug)",
                      [&](const store::Statement& r) { gone.push_back({r.text(0), r.text(1), 0}); }));
    return each_row(db, "SELECT w.authority, w.slug, w.version FROM bank_workflow w LEFT JOIN understand_seen s ON s.authority = w.authority AND s.slug = w.slug "
                        "WHERE s.version IS NULL OR s.version <> w.version OR s.format <> ?",
                    [&](const store::Statement& r) { stale.push_back({r.text(0), r.text(1), static_cast<int>(r.integer(2))}); }, kFormat);
  }));
  if (number == seen_) return {};
  for (std::size_t from = 0; from < stale.size(); from += kBatch) {
    std::vector<std::pair<Stale, std::vector<Use>>> batch;
    for (std::size_t i = from; i < std::min(stale.size(), from + kBatch); ++i) {
      auto stored = bank_.get(stale[i].authority, stale[i].slug);
      if (!stored) base::log::error("bank", "no register entries of " + stale[i].slug + ": " + stored.error().text());
      batch.emplace_back(stale[i], stored ? uses(*stored->package) : std::vector<Use>{});
      if (stored) batch.back().first.version = stored->version;
    }
    TRY_VOID(database_.write([&](Connection& db) -> base::Status {
      for (const auto& [one, found] : batch) TRY_VOID(put(db, one.authority, one.slug, one.version, found));
      return {};
    }));
  }
  if (!gone.empty()) TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    for (const Stale& one : gone) {
      TRY_VOID(change(db, "DELETE FROM understand_use WHERE authority = ? AND slug = ?", one.authority, one.slug));
      TRY_VOID(change(db, "DELETE FROM understand_seen WHERE authority = ? AND slug = ?", one.authority, one.slug));
    }
    return {};
  }));
  seen_ = number;
  readable_.clear();
  return {};
}

base::Result<std::shared_ptr<const Understand::Readable>> Understand::readable(const std::string& authority) {
  TRY_VOID(refresh());
  std::int64_t as_of = 0;
  {
    const std::lock_guard lock(mutex_);
    if (const auto held = readable_.find(authority); held != readable_.end()) return held->second;
    as_of = seen_;
  }
  Readable out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, kReadable, [&](const store::Statement& r) {
      out[r.text(2)] = {r.integer(0), r.text(1), r.text(2), r.text(4), r.text(5), r.text(6), static_cast<int>(r.integer(3)), r.text(1) == authority};
    }, authority);
  }));
  auto shared = std::make_shared<const Readable>(std::move(out));
  const std::lock_guard lock(mutex_);
  if (readable_.size() >= kHeldAuthorities) readable_.clear();
  if (seen_ == as_of) readable_[authority] = shared;
  return shared;
}

base::Result<Understand::Workflow> Understand::workflow(const std::string& authority, const std::string& slug) {
  TRY_VOID(refresh());
  Workflow out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, "SELECT id, authority, slug, version, json_extract(facts, '$.title'), json_extract(facts, '$.domain'), json_extract(facts, '$.kind') FROM bank_workflow "
                        "WHERE slug = ?2 AND (authority = ?1 OR published = 1) ORDER BY authority <> ?1, id LIMIT 1", [&](const store::Statement& r) {
      out = {r.integer(0), r.text(1), r.text(2), r.text(4), r.text(5), r.text(6), static_cast<int>(r.integer(3)), r.text(1) == authority};
    }, authority, slug);
  }));
  if (out.id == 0) return base::fail(ErrorCode::not_found, "no workflow '" + slug.substr(0, 200) + "' that this authority can read");
  return out;
}

namespace {
Use use_of(const store::Statement& r, int from) {
  return {r.text(from), r.text(from + 1), r.text(from + 2), r.text(from + 3), r.text(from + 4), r.text(from + 5), r.text(from + 6), r.text(from + 7), r.text(from + 8), r.text(from + 9)};
}
constexpr const char* kUse = "SELECT authority, slug, kind, entry, title, element, element_name, detail, url, eli, verified, due FROM understand_use ";
}  // namespace

base::Result<std::vector<Understand::Found>> Understand::find(const Readable& readable, const std::string& kind, const std::string& key) {
  std::vector<Found> out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, std::string(kUse) + "WHERE kind = ?1 AND (?2 = '' OR entry = ?2) ORDER BY slug, rowid", [&](const store::Statement& r) {
      const auto at = readable.find(r.text(1));
      if (at != readable.end() && at->second.owner == r.text(0)) out.push_back({&at->second, use_of(r, 2)});
    }, kind, key);
  }));
  return out;
}

base::Result<std::vector<Use>> Understand::uses_of(const Workflow& workflow) {
  std::vector<Use> out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, std::string(kUse) + "WHERE authority = ?1 AND slug = ?2 ORDER BY rowid", [&](const store::Statement& r) { out.push_back(use_of(r, 2)); }, workflow.owner, workflow.slug);
  }));
  return out;
}

}  // namespace bank::understand
