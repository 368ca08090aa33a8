#include "api/memory.h"

#include "api/secrets.h"
#include "base/limits.h"
#include "base/time.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

const std::vector<store::Database::Migration> kAuditMigrations = {
  {1, "look-ups of persons' data", R"sql(
    CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, authority TEXT NOT NULL, user TEXT NOT NULL, operation TEXT NOT NULL,
      kind TEXT NOT NULL, key TEXT NOT NULL) STRICT;
    CREATE INDEX audit_authority ON audit (authority, id);)sql"},
  {2, "what belongs to a look-up of many", "ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';"},
};
const std::vector<store::Database::Migration> kRepeatMigrations = {
  {1, "answers by Idempotency-Key", R"sql(
    CREATE TABLE repeat (authority TEXT NOT NULL, user TEXT NOT NULL, key TEXT NOT NULL, operation TEXT NOT NULL, body TEXT NOT NULL,
      status INTEGER NOT NULL, media TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (authority, user, key)) STRICT;
    CREATE INDEX repeat_at ON repeat (at);)sql"},
};

}  // namespace

base::Result<std::unique_ptr<Audit>> Audit::open(store::Database& database, const base::Clock& clock) {
  TRY_VOID(database.migrate("api-audit", kAuditMigrations));
  return std::unique_ptr<Audit>(new Audit(database, clock));
}

base::Status Audit::note(const Person& person, const std::string& operation, const std::string& kind, const std::string& key,
                         const std::string& detail) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* insert, db.prepare("INSERT INTO audit (at, authority, user, operation, kind, key, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"));
    return insert->begin().bind(1, clock_.now()).bind_text(2, person.authority).bind_text(3, person.user).bind_text(4, operation).bind_text(5, kind).bind_text(6, key).bind_text(7, detail).run();
  });
}

base::Result<Json> Audit::list(const std::string& authority, int limit) {
  Json out = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT at, user, operation, kind, key, detail FROM audit WHERE authority = ? ORDER BY id DESC LIMIT ?"));
    rows->begin().bind_text(1, authority).bind(2, limit);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      out.push(Json(Json::Object{{"at", base::iso_utc(rows->integer(0))}, {"user", rows->text(1)}, {"operation", rows->text(2)},
          {"kind", rows->text(3)}, {"key", rows->text(4)}, {"detail", rows->text(5)}}));
    }
  }));
  return out;
}

base::Result<std::unique_ptr<Repeats>> Repeats::open(store::Database& database, const base::Clock& clock) {
  TRY_VOID(database.migrate("api-repeat", kRepeatMigrations));
  // What was under way when the process ended: the writes themselves are repeatable, so the keys are free again.
  TRY_VOID(database.write([&](Connection& db) { return db.execute("DELETE FROM repeat WHERE status = 0"); }));
  return std::unique_ptr<Repeats>(new Repeats(database, clock));
}

base::Result<std::optional<Response>> Repeats::begin(const Person& person, const std::string& key, const std::string& operation, std::string_view target_and_body) {
  const std::string body = fingerprint(target_and_body);
  std::optional<Response> answer;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* old, db.prepare("DELETE FROM repeat WHERE at < ?"));
    TRY_VOID(old->begin().bind(1, clock_.now() - base::limits::kIdempotencyWindowMs).run());
    TRY(auto* find, db.prepare("SELECT operation, body, status, media, answer FROM repeat WHERE authority = ? AND user = ? AND key = ?"));
    TRY(const bool found, find->begin().bind_text(1, person.authority).bind_text(2, person.user).bind_text(3, key).step());
    if (found) {
      const bool same = find->text(0) == operation && find->text(1) == body;
      const auto status = static_cast<int>(find->integer(2));
      if (same && status != 0) {
        answer = Response{status, {}, find->text(4)};
        if (!find->text(3).empty()) answer->headers.emplace_back("Content-Type", find->text(3));
      }
      find->begin();
      if (!same) return base::fail(ErrorCode::key_reused, "this Idempotency-Key came with another request before", {}, "a fresh key for every new request");
      if (status == 0) return base::fail(ErrorCode::conflict, "the first request with this Idempotency-Key is still under way", {}, "ask again in a moment");
      return {};
    }
    TRY(auto* insert, db.prepare("INSERT INTO repeat VALUES (?, ?, ?, ?, ?, 0, '', '', ?)"));
    return insert->begin().bind_text(1, person.authority).bind_text(2, person.user).bind_text(3, key).bind_text(4, operation).bind_text(5, body).bind(6, clock_.now()).run();
  }));
  return answer;
}

base::Status Repeats::keep(const Person& person, const std::string& key, const Response& response) {
  std::string media;
  for (const auto& [name, value] : response.headers)
    if (name == "Content-Type") media = value;
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* update, db.prepare("UPDATE repeat SET status = ?, media = ?, answer = ? WHERE authority = ? AND user = ? AND key = ?"));
    return update->begin().bind(1, response.status).bind_text(2, media).bind_text(3, response.body).bind_text(4, person.authority)
        .bind_text(5, person.user).bind_text(6, key).run();
  });
}

base::Status Repeats::drop(const Person& person, const std::string& key) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* remove, db.prepare("DELETE FROM repeat WHERE authority = ? AND user = ? AND key = ?"));
    return remove->begin().bind_text(1, person.authority).bind_text(2, person.user).bind_text(3, key).run();
  });
}

}  // namespace api
