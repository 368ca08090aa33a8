#include "api/accounts.h"

#include <algorithm>

#include "api/secrets.h"
#include "base/text.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

constexpr base::Millis kSessionMs = 12ll * 3600 * 1000;  // one working day
constexpr base::Millis kCacheMs = 10'000;                // how long a removed user may go on elsewhere (sagsgang user remove)
constexpr std::size_t kCached = 10'000;
constexpr int kFreeFailures = 5;                         // wrong passwords before waiting
constexpr base::Millis kFailureWaitMs = 30'000;
constexpr std::size_t kPasswordMin = 8;

const std::vector<store::Database::Migration> kMigrations = {
  {1, "authorities, users, sessions, tokens", R"sql(
    CREATE TABLE authority (cvr TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE user (user TEXT PRIMARY KEY, authority TEXT NOT NULL REFERENCES authority, name TEXT NOT NULL, password TEXT NOT NULL,
      roles TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
    CREATE TABLE session (print TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES user ON DELETE CASCADE, authority TEXT NOT NULL,
      created INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
    CREATE INDEX session_user ON session (user);
    CREATE TABLE token (print TEXT PRIMARY KEY, user TEXT NOT NULL REFERENCES user ON DELETE CASCADE, authority TEXT NOT NULL,
      label TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;)sql"},
};

std::unexpected<base::Error> nobody() {
  return base::fail(ErrorCode::not_signed_in, "no valid session or token", {}, "POST /api/session, or Authorization: Bearer <token>");
}

std::vector<std::string> split_roles(const std::string& text) {
  std::vector<std::string> out;
  for (const auto part : base::split(text, ','))
    if (!part.empty()) out.emplace_back(part);
  return out;
}

constexpr const char* kPersonOf =
  "SELECT u.user, u.name, u.authority, a.name, u.roles, s.expires FROM %s s JOIN user u ON u.user = s.user AND u.authority = s.authority "
  "JOIN authority a ON a.cvr = u.authority WHERE s.print = ? AND s.expires > ?";

}  // namespace

bool Person::has_role(std::string_view role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }

const std::vector<std::string>& known_roles() {
  static const std::vector<std::string> kRoles = {"konsulent", "sagsbehandler", "drift"};
  return kRoles;
}

bool valid_cvr(std::string_view cvr) { return cvr.size() == 8 && cvr.find_first_not_of("0123456789") == std::string_view::npos; }

base::Result<std::unique_ptr<Accounts>> Accounts::open(store::Database& database, const base::Clock& clock) {
  TRY_VOID(database.migrate("api", kMigrations));
  return std::unique_ptr<Accounts>(new Accounts(database, clock));
}

base::Status Accounts::put_authority(const std::string& cvr, const std::string& name) {
  if (!valid_cvr(cvr)) return base::fail(ErrorCode::invalid_argument, "the CVR number must be eight digits", {}, "for example 12345678");
  if (name.empty()) return base::fail(ErrorCode::invalid_argument, "the authority needs a name");
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* put, db.prepare("INSERT INTO authority VALUES (?, ?) ON CONFLICT (cvr) DO UPDATE SET name = excluded.name"));
    return put->begin().bind_text(1, cvr).bind_text(2, name).run();
  });
}

base::Result<std::string> Accounts::authority_name(const std::string& cvr) {
  std::string name;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* find, db.prepare("SELECT name FROM authority WHERE cvr = ?"));
    TRY(const bool found, find->begin().bind_text(1, cvr).step());
    if (!found) return base::fail(ErrorCode::not_found, "unknown authority");
    name = find->text(0);
    find->begin();
    return {};
  }));
  return name;
}

base::Status Accounts::check_new(const std::string& user, const std::string& password, const std::vector<std::string>& roles) const {
  const bool plain = !user.empty() && user.size() <= 100 && user.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-@") == std::string::npos;
  if (!plain) return base::fail(ErrorCode::invalid_argument, "a user name is 1 to 100 of a-z, 0-9, '.', '_', '-' and '@'");
  if (password.size() < kPasswordMin) return base::fail(ErrorCode::invalid_argument, "the password must have at least 8 characters");
  if (roles.empty()) return base::fail(ErrorCode::invalid_argument, "the user needs a role", {}, base::join(known_roles(), ", "));
  for (const auto& role : roles)
    if (std::find(known_roles().begin(), known_roles().end(), role) == known_roles().end())
      return base::fail(ErrorCode::invalid_argument, "unknown role '" + role.substr(0, 40) + "'", {}, "one of " + base::join(known_roles(), ", "));
  return {};
}

base::Status Accounts::insert_user(const std::string& authority, const std::string& user, const std::string& name, const std::string& password,
                                   const std::vector<std::string>& roles) {
  TRY(const auto hash, hash_password(password));
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* exists, db.prepare("SELECT 1 FROM user WHERE user = ?"));
    TRY(const bool taken, exists->begin().bind_text(1, user).step());
    exists->begin();
    if (taken) return base::fail(ErrorCode::conflict, "the user name is taken");
    TRY(auto* insert, db.prepare("INSERT INTO user VALUES (?, ?, ?, ?, ?, ?)"));
    return insert->begin().bind_text(1, user).bind_text(2, authority).bind_text(3, name).bind_text(4, hash).bind_text(5, base::join(roles, ",")).bind(6, clock_.now()).run();
  });
}

base::Status Accounts::add_user(const std::string& authority, const std::string& user, const std::string& name, const std::string& password,
                                const std::vector<std::string>& roles) {
  TRY_VOID(check_new(user, password, roles));
  TRY_VOID(authority_name(authority));
  return insert_user(authority, user, name, password, roles);
}

void Accounts::forget_cached(const std::string& user) {
  const std::lock_guard lock(mutex_);
  std::erase_if(cache_, [&](const auto& c) { return c.second.person.user == user; });
}

base::Status Accounts::set_password(const std::string& user, const std::string& password) {
  if (password.size() < kPasswordMin) return base::fail(ErrorCode::invalid_argument, "the password must have at least 8 characters");
  TRY(const auto hash, hash_password(password));
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* update, db.prepare("UPDATE user SET password = ? WHERE user = ?"));
    TRY_VOID(update->begin().bind_text(1, hash).bind_text(2, user).run());
    if (db.changes() == 0) return base::fail(ErrorCode::not_found, "unknown user");
    TRY(auto* end, db.prepare("DELETE FROM session WHERE user = ?"));
    return end->begin().bind_text(1, user).run();
  }));
  forget_cached(user);
  return {};
}

base::Status Accounts::remove_user(const std::string& user) {
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* remove, db.prepare("DELETE FROM user WHERE user = ?"));
    TRY_VOID(remove->begin().bind_text(1, user).run());
    if (db.changes() == 0) return base::fail(ErrorCode::not_found, "unknown user");
    return {};
  }));
  forget_cached(user);
  return {};
}

base::Result<Json> Accounts::users(const std::string& authority) {
  Json out = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT user, name, roles, authority FROM user WHERE ?1 = '' OR authority = ?1 ORDER BY authority, user"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      Json roles = Json::array();
      for (auto& role : split_roles(rows->text(2))) roles.push(role);
      out.push(Json(Json::Object{{"user", rows->text(0)}, {"name", rows->text(1)}, {"roles", std::move(roles)}, {"authority", rows->text(3)}}));
    }
  }));
  return out;
}

base::Result<SignedIn> Accounts::sign_in(const std::string& user, const std::string& password) {
  const base::Millis now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    if (failures_.size() > kCached) failures_.clear();
    const Failures& f = failures_[user];
    if (f.count >= kFreeFailures && now < f.until) return base::fail(ErrorCode::busy, "too many wrong passwords for this user", {}, "wait half a minute");
  }
  std::string hash = unused_password_hash();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* find, db.prepare("SELECT password FROM user WHERE user = ?"));
    TRY(const bool found, find->begin().bind_text(1, user).step());
    if (found) hash = find->text(0);
    find->begin();
    return {};
  }));
  const bool right = password_matches(hash, password);
  {
    const std::lock_guard lock(mutex_);
    if (right) failures_.erase(user);
    else failures_[user] = {failures_[user].count + 1, now + kFailureWaitMs};
  }
  if (!right) return base::fail(ErrorCode::not_signed_in, "unknown user or wrong password");
  SignedIn out;
  out.token = new_token();
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* old, db.prepare("DELETE FROM session WHERE expires <= ?"));
    TRY_VOID(old->begin().bind(1, now).run());
    TRY(auto* insert, db.prepare("INSERT INTO session SELECT ?, user, authority, ?, ? FROM user WHERE user = ?"));
    return insert->begin().bind_text(1, fingerprint(out.token)).bind(2, now).bind(3, now + kSessionMs).bind_text(4, user).run();
  }));
  TRY(out.person, by_session(out.token));
  return out;
}

base::Status Accounts::sign_out(const std::string& token) {
  const std::string print = fingerprint(token);
  {
    const std::lock_guard lock(mutex_);
    cache_.erase("session" + print);
  }
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* end, db.prepare("DELETE FROM session WHERE print = ?"));
    return end->begin().bind_text(1, print).run();
  });
}

base::Result<Person> Accounts::by_print(const char* table, const std::string& token) {
  if (token.size() != 64) return nobody();
  const std::string print = fingerprint(token);
  const base::Millis now = clock_.now();
  const std::string key = std::string(table) + print;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = cache_.find(key); found != cache_.end() && now < found->second.until && now < found->second.expires) return found->second.person;
  }
  Cached fresh;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    std::string sql = kPersonOf;
    sql.replace(sql.find("%s"), 2, table);
    TRY(auto* find, db.prepare(sql));
    TRY(const bool found, find->begin().bind_text(1, print).bind(2, now).step());
    if (!found) return nobody();
    fresh.person = {find->text(0), find->text(1), find->text(2), find->text(3), split_roles(find->text(4))};
    fresh.expires = find->integer(5);
    find->begin();
    return {};
  }));
  fresh.until = now + kCacheMs;
  const std::lock_guard lock(mutex_);
  if (cache_.size() >= kCached) cache_.clear();
  cache_[key] = fresh;
  return fresh.person;
}

base::Result<Person> Accounts::by_session(const std::string& token) { return by_print("session", token); }
base::Result<Person> Accounts::by_token(const std::string& token) { return by_print("token", token); }

base::Result<std::string> Accounts::make_token(const std::string& user, const std::string& label, int days) {
  if (days < 1 || days > 3650) return base::fail(ErrorCode::invalid_argument, "a token lasts 1 to 3650 days");
  const std::string token = new_token();
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* insert, db.prepare("INSERT INTO token SELECT ?, user, authority, ?, ?, ? FROM user WHERE user = ?"));
    const base::Millis now = clock_.now();
    TRY_VOID(insert->begin().bind_text(1, fingerprint(token)).bind_text(2, label).bind(3, now).bind(4, now + base::Millis{days} * 24 * 3'600'000).bind_text(5, user).run());
    if (db.changes() == 0) return base::fail(ErrorCode::not_found, "unknown user");
    return {};
  }));
  return token;
}

const std::vector<Accounts::DemoUser>& Accounts::demo_users() {
  static const std::vector<DemoUser> kUsers = {
    {"konsulent", "konsulent", "11111111", "Eksempel Kommune"},   {"sagsbehandler", "sagsbehandler", "11111111", "Eksempel Kommune"},
    {"drift", "drift", "11111111", "Eksempel Kommune"},           {"konsulent2", "konsulent", "22222222", "Nabo Kommune"},
    {"sagsbehandler2", "sagsbehandler", "22222222", "Nabo Kommune"}, {"drift2", "drift", "22222222", "Nabo Kommune"}};
  return kUsers;
}

base::Status Accounts::ensure_demo() {
  for (const DemoUser& demo : demo_users()) {
    TRY_VOID(put_authority(demo.authority, demo.authority_name));
    bool exists = false;
    TRY_VOID(database_.read([&](Connection& db) -> base::Status {
      TRY(auto* find, db.prepare("SELECT 1 FROM user WHERE user = ?"));
      TRY(exists, find->begin().bind_text(1, demo.user).step());
      find->begin();
      return {};
    }));
    // The password is the name: allowed for these users alone, and only a --local server calls this.
    if (!exists) TRY_VOID(insert_user(demo.authority, demo.user, "Demo " + demo.user, demo.user, {demo.role}));
  }
  return {};
}

}  // namespace api
