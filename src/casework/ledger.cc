#include "casework/ledger.h"

#include <optional>

#include "base/time.h"

namespace casework {
namespace {

using base::ErrorCode;
using base::Json;

const std::vector<store::Database::Migration> kMigrations = {
    {1, "ledger", R"(
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  authority TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  content TEXT NOT NULL,              -- canonical text of the posting: same key, same content
  instance INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  date TEXT NOT NULL,
  text TEXT NOT NULL,
  supplier TEXT NOT NULL,
  amount_oere INTEGER NOT NULL,
  currency TEXT NOT NULL,
  quarantined INTEGER NOT NULL DEFAULT 0,
  settled_by TEXT,
  UNIQUE (authority, idempotency_key)
);
CREATE TABLE line (
  entry INTEGER NOT NULL REFERENCES entry(id),
  number INTEGER NOT NULL,
  account TEXT NOT NULL,
  debit_oere INTEGER NOT NULL,
  credit_oere INTEGER NOT NULL,
  CHECK (debit_oere >= 0 AND credit_oere >= 0 AND (debit_oere = 0) <> (credit_oere = 0)),
  PRIMARY KEY (entry, number)
) WITHOUT ROWID;
CREATE INDEX entry_by_instance ON entry (authority, instance);
)"}};

struct Line {
  std::string account;
  std::int64_t debit = 0, credit = 0;
};

struct Posting {
  std::string key, date, text, supplier, currency, content;
  std::int64_t amount = 0;
  std::vector<Line> lines;
};

base::Result<std::int64_t> amount_of(const Json& value, const std::string& pointer) {
  if (value.is_null()) return 0;
  const std::string text = value.is_string() ? value.as_string() : value.is_number() ? value.number_text() : "";
  const auto amount = oere(text);
  if (!amount)
    return base::fail(ErrorCode::invalid_argument, "not an amount in kroner with at most two decimals", {.pointer = pointer}, "write 1234.50");
  return *amount;
}

base::Result<Posting> read_posting(const Json& json) {
  Posting p;
  for (const auto& [field, into] : {std::pair{"idempotencyKey", &p.key}, {"date", &p.date}, {"text", &p.text}, {"supplier", &p.supplier}, {"currency", &p.currency}}) {
    *into = json[field].string_or("");
    if (into->empty())
      return base::fail(ErrorCode::invalid_argument, std::string("a posting needs ") + field, {.pointer = std::string("/") + field});
  }
  if (p.currency != "DKK")
    return base::fail(ErrorCode::invalid_argument, "the ledger keeps DKK only", {.pointer = "/currency"}, "convert before posting");
  TRY(p.amount, amount_of(json["amount"], "/amount"));
  if (!json["lines"].is_array() || json["lines"].size() < 2)
    return base::fail(ErrorCode::invalid_argument, "a posting needs at least two lines", {.pointer = "/lines"});
  std::int64_t debit = 0, credit = 0;
  for (std::size_t i = 0; i < json["lines"].size(); ++i) {
    const Json& row = json["lines"].as_array()[i];
    const std::string at = "/lines/" + std::to_string(i);
    Line line{row["account"].string_or(""), 0, 0};
    TRY(line.debit, amount_of(row["debit"], at + "/debit"));
    TRY(line.credit, amount_of(row["credit"], at + "/credit"));
    if (line.account.empty()) return base::fail(ErrorCode::invalid_argument, "a line needs an account", {.pointer = at + "/account"});
    if (line.debit < 0 || line.credit < 0 || (line.debit == 0) == (line.credit == 0))
      return base::fail(ErrorCode::invalid_argument, "a line has a positive debit or a positive credit", {.pointer = at});
    debit += line.debit;
    credit += line.credit;
    p.lines.push_back(std::move(line));
  }
  if (debit != credit || debit != p.amount)
    return base::fail(ErrorCode::invalid_argument,
                      "the posting does not balance: amount " + kroner(p.amount) + ", debit " + kroner(debit) + ", credit " + kroner(credit),
                      {.pointer = "/lines"}, "debit and credit must each equal the amount");
  // What must be the same when the key is repeated; the date may differ (a retry after midnight).
  Json canonical = Json::object();
  canonical.set("supplier", p.supplier);
  canonical.set("amount", kroner(p.amount));
  for (const Line& line : p.lines) canonical.set("line " + line.account, kroner(line.debit) + "/" + kroner(line.credit));
  p.content = canonical.dump();
  return p;
}

base::Status insert(store::Connection& c, const std::string& authority, std::int64_t instance, const Posting& p, base::Millis now, std::int64_t& id) {
  TRY(store::Statement * entry,
      c.prepare("INSERT INTO entry (authority, idempotency_key, content, instance, at_ms, date, text, supplier, amount_oere, currency) "
                "VALUES (?,?,?,?,?,?,?,?,?,?)"));
  entry->begin().bind_text(1, authority).bind_text(2, p.key).bind_text(3, p.content).bind(4, instance).bind(5, now);
  entry->bind_text(6, p.date).bind_text(7, p.text).bind_text(8, p.supplier).bind(9, p.amount).bind_text(10, p.currency);
  TRY_VOID(entry->run());
  id = c.last_row_id();
  TRY(store::Statement * line, c.prepare("INSERT INTO line (entry, number, account, debit_oere, credit_oere) VALUES (?,?,?,?,?)"));
  for (std::size_t i = 0; i < p.lines.size(); ++i) {
    line->begin().bind(1, id).bind(2, static_cast<std::int64_t>(i + 1)).bind_text(3, p.lines[i].account);
    line->bind(4, p.lines[i].debit).bind(5, p.lines[i].credit);
    TRY_VOID(line->run());
  }
  return {};
}

}  // namespace

std::optional<std::int64_t> oere(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  std::int64_t whole = 0, decimals = 0;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9' && i < 14; ++i) whole = whole * 10 + (text[i] - '0');
  if (i == 0) return std::nullopt;
  if (i < text.size()) {
    if (text[i] != '.' || i + 1 == text.size()) return std::nullopt;
    int places = 0;
    for (++i; i < text.size(); ++i, ++places) {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      if (places < 2) decimals = decimals * 10 + (text[i] - '0');
      else if (text[i] != '0') return std::nullopt;
    }
    if (places == 1) decimals *= 10;
  }
  const std::int64_t value = whole * 100 + decimals;
  return negative ? -value : value;
}

std::string kroner(std::int64_t amount) {
  const std::int64_t size = amount < 0 ? -amount : amount;
  std::string cents = std::to_string(size % 100);
  if (cents.size() == 1) cents = "0" + cents;
  return (amount < 0 ? "-" : "") + std::to_string(size / 100) + "." + cents;
}

base::Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& folder, const base::Clock& clock) {
  TRY(auto database, store::Database::open(folder + "/ledger.db", {.synchronous_full = true, .readers = 2}));
  TRY_VOID(database->migrate("ledger", kMigrations));
  return std::unique_ptr<Ledger>(new Ledger(std::move(database), clock));
}

base::Result<Json> Ledger::post(const std::string& authority, std::int64_t instance, const Json& posting) {
  TRY(const Posting p, read_posting(posting));
  std::int64_t id = 0, first_instance = instance;
  bool already = false;
  TRY_VOID(database_->write([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * find, c.prepare("SELECT id, content, quarantined, instance FROM entry WHERE authority = ? AND idempotency_key = ?"));
    find->begin().bind_text(1, authority).bind_text(2, p.key);
    TRY(const bool found, find->step());
    if (!found) return insert(c, authority, instance, p, clock_.now(), id);
    if (find->integer(2) != 0)
      return base::fail(ErrorCode::conflict, "quarantined: this payment was posted after the cut of the restored backup",
                        {.element = "entry " + std::to_string(find->integer(0))}, "a person settles it under Drift, Karantæne");
    if (find->text(1) != p.content)
      return base::fail(ErrorCode::conflict, "an entry with this idempotency key has other content", {.element = "entry " + std::to_string(find->integer(0))});
    id = find->integer(0);
    first_instance = find->integer(3);
    already = true;
    return {};
  }));
  Json out = Json::object();
  out.set("entryId", id);
  out.set("alreadyPosted", already);
  out.set("instance", first_instance);
  return out;
}

base::Result<Json> Ledger::find(const std::string& authority, const std::string& key) {
  Json out;
  TRY_VOID(database_->read([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * find, c.prepare("SELECT id, date, text, amount_oere, currency, instance, quarantined FROM entry "
                                           "WHERE authority = ? AND idempotency_key = ?"));
    find->begin().bind_text(1, authority).bind_text(2, key);
    TRY(const bool found, find->step());
    if (!found) return {};
    out.set("entryId", find->integer(0));
    out.set("date", find->text(1));
    out.set("text", find->text(2));
    out.set("amount", Json(Json::Number{kroner(find->integer(3))}));  // a number: decisions reckon with it
    out.set("currency", find->text(4));
    out.set("instance", find->integer(5));
    out.set("quarantined", find->integer(6) != 0);
    return {};
  }));
  return out;
}

namespace {
base::Result<Json> lines_of(store::Connection& c, std::int64_t entry) {
  TRY(store::Statement * line, c.prepare("SELECT account, debit_oere, credit_oere FROM line WHERE entry = ? ORDER BY number"));
  line->begin().bind(1, entry);
  Json out = Json::array();
  while (true) {
    TRY(const bool more, line->step());
    if (!more) return out;
    Json row = Json::object();
    row.set("account", line->text(0));
    row.set("debit", kroner(line->integer(1)));
    row.set("credit", kroner(line->integer(2)));
    out.push(std::move(row));
  }
}

base::Status totals(store::Connection& c, const std::string& authority, std::int64_t instance, Json& out) {
  TRY(store::Statement * sum,
      c.prepare("SELECT count(*), coalesce(sum(amount_oere), 0) FROM entry WHERE authority = ?1 AND (?2 = 0 OR instance = ?2)"));
  sum->begin().bind_text(1, authority).bind(2, instance);
  TRY_VOID(sum->step());
  out.set("total", sum->integer(0));
  out.set("paidTotal", kroner(sum->integer(1)));
  TRY(store::Statement * balance, c.prepare("SELECT coalesce(sum(debit_oere), 0), coalesce(sum(credit_oere), 0) FROM line JOIN entry ON entry.id = line.entry "
                                            "WHERE authority = ?1 AND (?2 = 0 OR instance = ?2)"));
  balance->begin().bind_text(1, authority).bind(2, instance);
  TRY_VOID(balance->step());
  Json both = Json::object();
  both.set("debit", kroner(balance->integer(0)));
  both.set("credit", kroner(balance->integer(1)));
  out.set("balance", std::move(both));
  return {};
}
}  // namespace

base::Result<Json> Ledger::list(const std::string& authority, std::int64_t instance, int limit, int offset) {
  Json out = Json::object();
  TRY_VOID(database_->read([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * rows, c.prepare("SELECT id, at_ms, date, text, supplier, amount_oere, currency, instance, quarantined, idempotency_key FROM entry "
                                           "WHERE authority = ?1 AND (?2 = 0 OR instance = ?2) ORDER BY id DESC LIMIT ?3 OFFSET ?4"));
    rows->begin().bind_text(1, authority).bind(2, instance).bind(3, limit).bind(4, offset);
    Json entries = Json::array();
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      Json row = Json::object();
      row.set("id", rows->integer(0));
      row.set("at", base::iso_utc(rows->integer(1)));
      row.set("date", rows->text(2));
      row.set("text", rows->text(3));
      row.set("supplier", rows->text(4));
      row.set("amount", kroner(rows->integer(5)));
      row.set("currency", rows->text(6));
      row.set("processInstanceKey", std::to_string(rows->integer(7)));
      row.set("quarantined", rows->integer(8) != 0);
      row.set("idempotencyKey", rows->text(9));
      TRY(Json lines, lines_of(c, rows->integer(0)));
      row.set("lines", std::move(lines));
      entries.push(std::move(row));
    }
    out.set("entries", std::move(entries));
    return totals(c, authority, instance, out);
  }));
  return out;
}

base::Result<std::size_t> Ledger::quarantine(const std::vector<std::string>& keys) {
  std::size_t marked = 0;
  TRY_VOID(database_->write([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * mark, c.prepare("UPDATE entry SET quarantined = 1, settled_by = NULL WHERE idempotency_key = ? AND quarantined = 0"));
    for (const std::string& key : keys) {
      mark->begin().bind_text(1, key);
      TRY_VOID(mark->run());
      marked += static_cast<std::size_t>(c.changes());
    }
    return {};
  }));
  return marked;
}

base::Result<Json> Ledger::quarantined(const std::string& authority) {
  Json out = Json::array();
  TRY_VOID(database_->read([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * rows, c.prepare("SELECT idempotency_key, text, at_ms, amount_oere, settled_by FROM entry WHERE authority = ? AND "
                                           "(quarantined = 1 OR settled_by IS NOT NULL) ORDER BY id"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      Json row = Json::object();
      row.set("kind", "payment");
      row.set("idempotencyKey", rows->text(0));
      row.set("text", rows->text(1));
      row.set("at", base::iso_utc(rows->integer(2)));
      row.set("amount", kroner(rows->integer(3)));
      row.set("settled", !rows->is_null(4));
      out.push(std::move(row));
    }
  }));
  return out;
}

base::Status Ledger::settle(const std::string& authority, const std::string& key, const std::string& by) {
  return database_->write([&](store::Connection& c) -> base::Status {
    TRY(store::Statement * mark,
        c.prepare("UPDATE entry SET quarantined = 0, settled_by = ?3 WHERE authority = ?1 AND idempotency_key = ?2 AND quarantined = 1"));
    mark->begin().bind_text(1, authority).bind_text(2, key).bind_text(3, by);
    TRY_VOID(mark->run());
    if (c.changes() == 0) return base::fail(ErrorCode::not_found, "no quarantined entry with this key");
    return {};
  });
}

}  // namespace casework
