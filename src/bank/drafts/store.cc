// Drafts in the relational store.
#include <algorithm>

#include "bank/drafts/row.h"
#include "bank/published.h"
#include "base/limits_drafts.h"

namespace bank::drafts {
namespace {

using base::ErrorCode;
using store::Connection;

const std::vector<store::Database::Migration> kMigrations = {
  {1, "drafts of packages", R"sql(
    CREATE TABLE bank_draft (key INTEGER PRIMARY KEY, authority TEXT NOT NULL, slug TEXT NOT NULL, title TEXT NOT NULL, state INTEGER NOT NULL,
      revision INTEGER NOT NULL, author TEXT NOT NULL, author_name TEXT NOT NULL, changed_user TEXT NOT NULL, changed_name TEXT NOT NULL,
      created INTEGER NOT NULL, changed INTEGER NOT NULL, base_owner TEXT NOT NULL, base_slug TEXT NOT NULL, base_version INTEGER NOT NULL,
      over INTEGER NOT NULL, published INTEGER NOT NULL, before INTEGER NOT NULL) STRICT;
    CREATE INDEX bank_draft_authority ON bank_draft (authority, changed);
    CREATE TABLE bank_draft_file (draft INTEGER NOT NULL REFERENCES bank_draft (key) ON DELETE CASCADE, base INTEGER NOT NULL, path TEXT NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (draft, base, path)) STRICT;
    CREATE TABLE bank_draft_event (draft INTEGER NOT NULL REFERENCES bank_draft (key) ON DELETE CASCADE, number INTEGER NOT NULL, at INTEGER NOT NULL, by_user TEXT NOT NULL,
      by_name TEXT NOT NULL, what TEXT NOT NULL, note TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (draft, number)) STRICT, WITHOUT ROWID;
    CREATE TABLE bank_draft_comment (draft INTEGER NOT NULL REFERENCES bank_draft (key) ON DELETE CASCADE, number INTEGER NOT NULL, at INTEGER NOT NULL, by_user TEXT NOT NULL,
      by_name TEXT NOT NULL, text TEXT NOT NULL, element TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (draft, number)) STRICT, WITHOUT ROWID;)sql"},
};

#define DRAFT_COLUMNS "key, authority, slug, title, state, revision, author, author_name, changed_user, changed_name, created, changed, base_owner, base_slug, base_version, over, published, before"

Row row_of(const store::Statement& s) {
  Row r;
  r.key = s.integer(0);
  r.authority = s.text(1), r.slug = s.text(2), r.title = s.text(3);
  r.state = static_cast<State>(s.integer(4));
  r.revision = s.integer(5);
  r.author = s.text(6), r.author_name = s.text(7), r.changed_user = s.text(8), r.changed_name = s.text(9);
  r.created = s.integer(10), r.changed = s.integer(11);
  r.base_owner = s.text(12), r.base_slug = s.text(13);
  r.base_version = static_cast<int>(s.integer(14)), r.over = static_cast<int>(s.integer(15)), r.published = static_cast<int>(s.integer(16));
  r.before = static_cast<State>(s.integer(17));
  return r;
}

base::Status add_writers(Connection& db, Row& row) {
  TRY(auto* rows, db.prepare("SELECT DISTINCT by_user FROM bank_draft_event WHERE draft = ? AND what IN ('created', 'saved')"));
  rows->begin().bind(1, row.key);
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return {};
    row.writers.insert(rows->text(0));
  }
}

}  // namespace

base::Status Drafts::prepare(store::Database& database) { return database.migrate("bank_drafts", kMigrations); }

base::Result<Row> Drafts::find(Connection& db, const std::string& authority, std::int64_t key) {
  TRY(auto* find, db.prepare("SELECT " DRAFT_COLUMNS " FROM bank_draft WHERE key = ? AND authority = ?"));
  TRY(const bool exists, find->begin().bind(1, key).bind_text(2, authority).step());
  if (!exists) return base::fail(ErrorCode::not_found, "there is no such draft");
  Row row = row_of(*find);
  find->begin();
  TRY_VOID(add_writers(db, row));
  return row;
}

base::Result<Row> Drafts::find(const std::string& authority, std::int64_t key) {
  Row row;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(row, find(db, authority, key));
    return {};
  }));
  return row;
}

base::Result<std::vector<Row>> Drafts::rows(const std::string& authority) {
  std::vector<Row> out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT " DRAFT_COLUMNS " FROM bank_draft WHERE authority = ? ORDER BY changed DESC, key"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      out.push_back(row_of(*rows));
    }
    for (Row& row : out) TRY_VOID(add_writers(db, row));
    return {};
  }));
  return out;
}

base::Result<Drafts::Files> Drafts::files(Connection& db, std::int64_t key, bool original) {
  Files out;
  TRY(auto* rows, db.prepare("SELECT path, bytes FROM bank_draft_file WHERE draft = ? AND base = ?"));
  rows->begin().bind(1, key).bind(2, original ? 1 : 0);
  while (true) {
    TRY(const bool more, rows->step());
    if (!more) return out;
    out.emplace(rows->text(0), rows->text(1));
  }
}

base::Result<Drafts::Files> Drafts::files(std::int64_t key, bool original) {
  Files out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(out, files(db, key, original));
    return {};
  }));
  return out;
}

base::Result<Drafts::Files> Drafts::version_files(const std::string& owner, const std::string& slug, int version) {
  Published one;
  one.owner = owner, one.slug = slug, one.version = version;
  TRY(auto out, published_files(database_, one));
  if (out.empty()) return base::fail(ErrorCode::not_found, "the workflow has no version " + std::to_string(version));
  return out;
}

base::Status Drafts::insert_files(Connection& db, std::int64_t key, bool original, const Files& files) {
  for (const auto& [path, bytes] : files) {
    TRY(auto* put, db.prepare("INSERT OR REPLACE INTO bank_draft_file VALUES (?, ?, ?, ?)"));
    TRY_VOID(put->begin().bind(1, key).bind(2, original ? 1 : 0).bind_text(3, path).bind_blob(4, bytes).run());
  }
  return {};
}

base::Status Drafts::insert(const Row& r, const Files& work, const Files& original) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* count, db.prepare("SELECT COUNT(*) FROM bank_draft WHERE authority = ? AND state NOT IN (?, ?)"));
    TRY(const bool any, count->begin().bind_text(1, r.authority).bind(2, static_cast<int>(State::published)).bind(3, static_cast<int>(State::deleted)).step());
    const bool full = any && count->integer(0) >= static_cast<std::int64_t>(base::limits::kDraftsOfAuthority);
    count->begin();
    if (full) return base::fail(ErrorCode::limit_exceeded, "as many open drafts as base::limits::kDraftsOfAuthority", {}, "publish or delete old ones");
    TRY(auto* put, db.prepare("INSERT INTO bank_draft (" DRAFT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    TRY_VOID(put->begin().bind(1, r.key).bind_text(2, r.authority).bind_text(3, r.slug).bind_text(4, r.title).bind(5, static_cast<int>(r.state)).bind(6, r.revision)
        .bind_text(7, r.author).bind_text(8, r.author_name).bind_text(9, r.changed_user).bind_text(10, r.changed_name).bind(11, r.created).bind(12, r.changed)
        .bind_text(13, r.base_owner).bind_text(14, r.base_slug).bind(15, r.base_version).bind(16, r.over).bind(17, r.published).bind(18, static_cast<int>(r.before)).run());
    TRY_VOID(insert_files(db, r.key, false, work));
    TRY_VOID(insert_files(db, r.key, true, original));
    return note(db, r, {r.authority, r.author, r.author_name, false}, "created", "", r.created);
  });
}

base::Status Drafts::update(Connection& db, const Row& r) {
  TRY(auto* put, db.prepare("UPDATE bank_draft SET title = ?, state = ?, revision = ?, changed_user = ?, changed_name = ?, changed = ?, over = ?, published = ?, before = ? WHERE key = ?"));
  return put->begin().bind_text(1, r.title).bind(2, static_cast<int>(r.state)).bind(3, r.revision).bind_text(4, r.changed_user).bind_text(5, r.changed_name).bind(6, r.changed)
      .bind(7, r.over).bind(8, r.published).bind(9, static_cast<int>(r.before)).bind(10, r.key).run();
}

// Saves of the same person in a row are one line of the history.
base::Status Drafts::note(Connection& db, const Row& row, const Person& who, std::string_view what, const std::string& text, base::Millis at) {
  TRY(auto* last, db.prepare("SELECT number, what, by_user FROM bank_draft_event WHERE draft = ? ORDER BY number DESC LIMIT 1"));
  TRY(const bool any, last->begin().bind(1, row.key).step());
  const std::int64_t number = any ? last->integer(0) : 0;
  const bool again = any && what == "saved" && last->text(1) == "saved" && last->text(2) == who.user;
  last->begin();
  if (again) {
    TRY(auto* later, db.prepare("UPDATE bank_draft_event SET at = ?, revision = ? WHERE draft = ? AND number = ?"));
    return later->begin().bind(1, at).bind(2, row.revision).bind(3, row.key).bind(4, number).run();
  }
  TRY(auto* put, db.prepare("INSERT INTO bank_draft_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)"));
  return put->begin().bind(1, row.key).bind(2, number + 1).bind(3, at).bind_text(4, who.user).bind_text(5, who.name).bind_text(6, what).bind_text(7, text).bind(8, row.revision).run();
}

base::Status Drafts::purge() {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* drop, db.prepare("DELETE FROM bank_draft WHERE state = ? AND changed < ?"));
    return drop->begin().bind(1, static_cast<int>(State::deleted)).bind(2, clock_.now() - base::limits::kDraftRestorableMs).run();
  });
}

}  // namespace bank::drafts
