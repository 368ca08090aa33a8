#include "casework/cases.h"

#include "base/text.h"
#include "base/time.h"

namespace casework {
namespace {

using base::ErrorCode;
using base::Json;

const std::vector<store::Database::Migration> kMigrations = {
    {1, "cases", R"(
CREATE TABLE case_note (
  id INTEGER PRIMARY KEY,
  authority TEXT NOT NULL,
  instance INTEGER NOT NULL,
  idempotency_key TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  key_slot INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (authority, instance, idempotency_key)
);
CREATE TABLE case_document (
  id INTEGER PRIMARY KEY,
  authority TEXT NOT NULL,
  instance INTEGER NOT NULL,
  name_hash TEXT NOT NULL,            -- names may hold personal data: they are sealed
  key_slot INTEGER NOT NULL,
  sealed_name BLOB NOT NULL,
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  UNIQUE (authority, instance, name_hash)
);
)"}};

// FNV-1a over the name: a file name on disk that says nothing about what it holds.
std::string name_hash(std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return base::hex({reinterpret_cast<const char*>(&h), sizeof h});
}

std::string file_id(std::int64_t instance, const std::string& hash) { return std::to_string(instance) + "-" + hash; }
std::string context(std::string_view kind, std::int64_t instance) { return std::string(kind) + ":" + std::to_string(instance); }

}  // namespace

base::Result<std::unique_ptr<Cases>> Cases::open(store::Database& database, store::Keys& keys, store::Files& files, const base::Clock& clock) {
  TRY_VOID(database.migrate("cases", kMigrations));
  return std::unique_ptr<Cases>(new Cases(database, keys, files, clock));
}

base::Status Cases::note(const std::string& authority, std::int64_t instance, store::KeySlot slot, const std::string& key, const std::string& text) {
  TRY(const std::string sealed, keys_.seal(slot, text, context("note", instance)));
  return database_.write([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * insert, c.prepare("INSERT INTO case_note (authority, instance, idempotency_key, at_ms, key_slot, sealed) VALUES (?,?,?,?,?,?) "
                                             "ON CONFLICT DO NOTHING"));
    insert->begin().bind_text(1, authority).bind(2, instance).bind_text(3, key).bind(4, clock_.now());
    insert->bind(5, static_cast<std::int64_t>(slot)).bind_blob(6, sealed);
    return insert->run();
  });
}

base::Status Cases::document(const std::string& authority, std::int64_t instance, store::KeySlot slot, const std::string& name,
                             const std::string& mime, std::string_view bytes) {
  const std::string hash = name_hash(name);
  TRY(const std::string sealed_name, keys_.seal(slot, name, context("name", instance)));
  TRY_VOID(files_.put(authority, file_id(instance, hash), slot, bytes));
  return database_.write([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * insert,
        c.prepare("INSERT INTO case_document (authority, instance, name_hash, key_slot, sealed_name, mime, bytes, at_ms) VALUES (?,?,?,?,?,?,?,?) "
                  "ON CONFLICT (authority, instance, name_hash) DO UPDATE SET mime = excluded.mime, bytes = excluded.bytes"));
    insert->begin().bind_text(1, authority).bind(2, instance).bind_text(3, hash).bind(4, static_cast<std::int64_t>(slot)).bind_blob(5, sealed_name);
    insert->bind_text(6, mime).bind(7, static_cast<std::int64_t>(bytes.size())).bind(8, clock_.now());
    return insert->run();
  });
}

base::Result<std::string> Cases::read_document(const std::string& authority, std::int64_t instance, const std::string& name) {
  store::KeySlot slot = 0;
  const std::string hash = name_hash(name);
  TRY_VOID(database_.read([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * find, c.prepare("SELECT key_slot FROM case_document WHERE authority = ? AND instance = ? AND name_hash = ?"));
    find->begin().bind_text(1, authority).bind(2, instance).bind_text(3, hash);
    TRY(const bool found, find->step());
    if (!found) return base::fail(ErrorCode::not_found, "the case has no document of this name");
    slot = static_cast<store::KeySlot>(find->integer(0));
    return {};
  }));
  return files_.get(authority, file_id(instance, hash), slot);
}

base::Result<Json> Cases::notes(const std::string& authority, std::int64_t instance) {
  Json out = Json::array();
  TRY_VOID(database_.read([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * rows, c.prepare("SELECT at_ms, key_slot, sealed FROM case_note WHERE authority = ? AND instance = ? ORDER BY id"));
    rows->begin().bind_text(1, authority).bind(2, instance);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      const auto text = keys_.open(static_cast<store::KeySlot>(rows->integer(1)), rows->text(2), context("note", instance));
      if (!text && text.error().code != ErrorCode::forgotten) return std::unexpected(text.error());
      Json row = Json::object();
      row.set("at", base::iso_utc(rows->integer(0)));
      row.set("text", text ? *text : std::string("slettet"));
      out.push(std::move(row));
    }
  }));
  return out;
}

base::Result<Json> Cases::documents(const std::string& authority, std::int64_t instance) {
  Json out = Json::array();
  TRY_VOID(database_.read([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * rows, c.prepare("SELECT key_slot, sealed_name, mime, bytes, at_ms FROM case_document WHERE authority = ? AND instance = ? ORDER BY id"));
    rows->begin().bind_text(1, authority).bind(2, instance);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      const auto name = keys_.open(static_cast<store::KeySlot>(rows->integer(0)), rows->text(1), context("name", instance));
      if (!name && name.error().code != ErrorCode::forgotten) return std::unexpected(name.error());
      Json row = Json::object();
      row.set("name", name ? *name : std::string("slettet"));
      row.set("mime", rows->text(2));
      row.set("bytes", rows->integer(3));
      row.set("at", base::iso_utc(rows->integer(4)));
      out.push(std::move(row));
    }
  }));
  return out;
}

base::Status Cases::forget(const std::string& authority, std::int64_t instance) {
  std::vector<std::string> hashes;
  TRY_VOID(database_.write([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * rows, c.prepare("SELECT name_hash FROM case_document WHERE authority = ? AND instance = ?"));
    rows->begin().bind_text(1, authority).bind(2, instance);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      hashes.push_back(rows->text(0));
    }
    for (const char* sql : {"DELETE FROM case_document WHERE authority = ? AND instance = ?", "DELETE FROM case_note WHERE authority = ? AND instance = ?"}) {
      TRY(store::Statement * erase, c.prepare(sql));
      erase->begin().bind_text(1, authority).bind(2, instance);
      TRY_VOID(erase->run());
    }
    return {};
  }));
  for (const std::string& hash : hashes) {
    const base::Status gone = files_.remove(authority, file_id(instance, hash));
    if (!gone && gone.error().code != ErrorCode::not_found) return gone;
  }
  return database_.truncate_wal();
}

}  // namespace casework
