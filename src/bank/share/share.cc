// The giving half: settings, key, feed, packages, what may be embedded.
#include "bank/share/share.h"

#include "bank/zip.h"
#include "base/limits_export.h"
#include "base/text.h"
#include "base/time.h"

namespace bank {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

const std::vector<store::Database::Migration> kMigrations = {
  {1, "sharing between banks", R"sql(
    CREATE TABLE bank_share_setting (authority TEXT PRIMARY KEY, share INTEGER NOT NULL, embed INTEGER NOT NULL, ancestors TEXT NOT NULL) STRICT;
    CREATE TABLE bank_share_key (authority TEXT PRIMARY KEY, open_key BLOB NOT NULL, secret BLOB NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE bank_share_digest (authority TEXT NOT NULL, slug TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, signature BLOB NOT NULL,
      PRIMARY KEY (authority, slug, version)) STRICT;
    CREATE TABLE bank_subscription (id INTEGER PRIMARY KEY AUTOINCREMENT, authority TEXT NOT NULL, url TEXT NOT NULL, name TEXT NOT NULL, remote TEXT NOT NULL, open_key TEXT NOT NULL,
      private_network INTEGER NOT NULL, at INTEGER NOT NULL, by_user TEXT NOT NULL, checked INTEGER NOT NULL DEFAULT 0, result TEXT NOT NULL DEFAULT '', UNIQUE (authority, url)) STRICT;
    CREATE TABLE bank_arrival (id INTEGER PRIMARY KEY AUTOINCREMENT, authority TEXT NOT NULL, subscription INTEGER NOT NULL, bank TEXT NOT NULL, remote TEXT NOT NULL, url TEXT NOT NULL,
      slug TEXT NOT NULL, title TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, signature TEXT NOT NULL, open_key TEXT NOT NULL, zip BLOB NOT NULL, at INTEGER NOT NULL,
      state TEXT NOT NULL, decided INTEGER NOT NULL DEFAULT 0, by_user TEXT NOT NULL DEFAULT '', taken_as INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX bank_arrival_state ON bank_arrival (authority, state, id);
    CREATE INDEX bank_arrival_slug ON bank_arrival (authority, slug, state);)sql"},
};

// Scheme and host, perhaps a port: what frame-ancestors takes; '*' stands for any subdomain only.
bool origin(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() > 200) return false;
  std::string_view host = text.substr(scheme);
  if (host.starts_with("*.")) host.remove_prefix(2);
  if (host.empty()) return false;
  for (const char c : host)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':')) return false;
  return true;
}

}  // namespace

std::string package_digest(const std::map<std::string, std::string>& files) {
  std::string all;
  for (const auto& [path, bytes] : files) {
    all.append(path).push_back('\0');
    all.append(std::to_string(bytes.size())).push_back('\0');
    all += bytes;
  }
  return base::hex(store::sha256(all));
}

std::string share_statement(const std::string& authority, const std::string& slug, int version, const std::string& digest) {
  return "sagsgang-pakke 1\n" + authority + "\n" + slug + "\n" + std::to_string(version) + "\n" + digest + "\n";
}

std::string fingerprint(std::string_view open_key) {
  const std::string hex = base::hex(store::sha256(open_key)).substr(0, 32);
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 4) out += (out.empty() ? "" : " ") + hex.substr(i, 4);
  return out;
}

base::Result<std::unique_ptr<Share>> Share::open(store::Database& database, Bank& bank, const base::Clock& clock) {
  TRY_VOID(database.migrate("bank_share", kMigrations));
  return std::unique_ptr<Share>(new Share(database, bank, clock));
}

base::Result<store::SigningKey> Share::key_of(const std::string& authority) {
  const std::lock_guard lock(keys_);
  store::SigningKey key;
  const auto find = [&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT open_key, secret FROM bank_share_key WHERE authority = ?"));
    TRY(const bool any, row->begin().bind_text(1, authority).step());
    if (any) key = {row->text(0), row->text(1)};
    row->begin();
    return {};
  };
  TRY_VOID(database_.read(find));
  if (!key.open.empty()) return key;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    const store::SigningKey made = store::make_signing_key();
    TRY(auto* insert, db.prepare("INSERT INTO bank_share_key VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"));
    TRY_VOID(insert->begin().bind_text(1, authority).bind_blob(2, made.open).bind_blob(3, made.secret).bind(4, clock_.now()).run());
    return find(db);
  }));
  return key;
}

base::Result<Json> Share::settings(const std::string& authority) {
  Json out = Json::Object{{"share", false}, {"embed", false}, {"embedAncestors", Json::array()}};
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT share, embed, ancestors FROM bank_share_setting WHERE authority = ?"));
    TRY(const bool any, row->begin().bind_text(1, authority).step());
    if (any) {
      out.set("share", row->integer(0) != 0);
      out.set("embed", row->integer(1) != 0);
      TRY(Json list, base::parse_json(row->text(2)));
      out.set("embedAncestors", std::move(list));
    }
    row->begin();
    return {};
  }));
  TRY(const auto key, key_of(authority));
  out.set("key", base::base64(key.open));
  out.set("fingerprint", fingerprint(key.open));
  return out;
}

base::Status Share::set_settings(const std::string& authority, const Json& wanted) {
  TRY(Json now, settings(authority));
  for (const char* name : {"share", "embed", "embedAncestors"})
    if (wanted.has(name)) now.set(name, wanted[name]);
  for (const Json& one : now["embedAncestors"].is_array() ? now["embedAncestors"].as_array() : Json::Array{})
    if (!origin(one.string_or("")))
      return base::fail(ErrorCode::invalid_argument, "not an origin: scheme, host and perhaps a port", {.pointer = "/embedAncestors"}, "https://www.kommune.dk");
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* put, db.prepare("INSERT OR REPLACE INTO bank_share_setting VALUES (?, ?, ?, ?)"));
    return put->begin().bind_text(1, authority).bind(2, now["share"].bool_or(false) ? 1 : 0).bind(3, now["embed"].bool_or(false) ? 1 : 0).bind_text(4, now["embedAncestors"].dump()).run();
  });
}

base::Result<bool> Share::shares(const std::string& authority) {
  bool out = false;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT share FROM bank_share_setting WHERE authority = ?"));
    TRY(const bool any, row->begin().bind_text(1, authority).step());
    out = any && row->integer(0) != 0;
    row->begin();
    return {};
  }));
  return out;
}

base::Result<Json> Share::feed(const std::string& authority, const std::string& name) {
  TRY(const bool open, shares(authority));
  if (!open) return base::fail(ErrorCode::not_found, "no bank that shares at this address");
  TRY(const auto key, key_of(authority));
  TRY(const auto all, published(database_, authority));
  Json packages = Json::array();
  for (const Published& one : all) {
    std::string digest, made;
    TRY_VOID(database_.read([&](Connection& db) -> base::Status {
      TRY(auto* row, db.prepare("SELECT digest, signature FROM bank_share_digest WHERE authority = ? AND slug = ? AND version = ?"));
      TRY(const bool any, row->begin().bind_text(1, authority).bind_text(2, one.slug).bind(3, one.version).step());
      if (any) digest = row->text(0), made = row->text(1);
      row->begin();
      return {};
    }));
    if (digest.empty()) {  // the first time that anybody asks for this version
      TRY(const auto files, published_files(database_, one));
      digest = package_digest(files);
      made = store::signature(key, share_statement(authority, one.slug, one.version, digest));
      TRY_VOID(database_.write([&](Connection& db) -> base::Status {
        TRY(auto* put, db.prepare("INSERT OR REPLACE INTO bank_share_digest VALUES (?, ?, ?, ?, ?)"));
        return put->begin().bind_text(1, authority).bind_text(2, one.slug).bind(3, one.version).bind_text(4, digest).bind_blob(5, made).run();
      }));
    }
    packages.push(Json::Object{{"slug", one.slug}, {"title", one.title}, {"version", one.version}, {"changed", base::iso_utc(one.changed)}, {"digest", digest}, {"signature", base::base64(made)}});
  }
  return Json(Json::Object{{"format", 1}, {"authority", authority}, {"name", name}, {"key", base::base64(key.open)}, {"packages", std::move(packages)}});
}

base::Result<std::string> Share::package(const std::string& authority, const std::string& slug, int version) {
  TRY(const bool open, shares(authority));
  if (!open) return base::fail(ErrorCode::not_found, "no bank that shares at this address");
  TRY(const Published one, published_one(database_, authority, slug));
  if (one.version != version) return base::fail(ErrorCode::not_found, "that version is not the published one", {}, "read the list again");
  TRY(const auto files, published_files(database_, one));
  return zip(files);
}

base::Result<Share::Embedded> Share::embedded(const std::string& slug) {
  Embedded out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT w.authority, s.ancestors FROM bank_workflow w JOIN bank_share_setting s ON s.authority = w.authority WHERE w.slug = ? AND w.published = 1 AND s.embed = 1 ORDER BY w.id LIMIT 1"));
    TRY(const bool any, row->begin().bind_text(1, slug).step());
    if (!any) return base::fail(ErrorCode::not_found, "no workflow of that name may be embedded");
    const std::string owner = row->text(0);
    TRY(const Json list, base::parse_json(row->text(1)));
    row->begin();
    for (const Json& one : list.as_array()) out.ancestors += (out.ancestors.empty() ? "" : " ") + one.string_or("");
    TRY(out.row, published_one(db, owner, slug));
    return {};
  }));
  if (out.ancestors.empty()) out.ancestors = "'none'";
  return out;
}

}  // namespace bank
