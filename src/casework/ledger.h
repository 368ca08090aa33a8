// The embedded ledger: double entry, idempotent, append only, one file (ledger.db) that no restore rolls back.
// Amounts are kroner as decimal text with two digits outside and øre as int64 inside.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "store/database.h"

namespace casework {

class Ledger {
 public:
  // Creates or migrates ledger.db in `folder`. `clock` outlives the ledger.
  static base::Result<std::unique_ptr<Ledger>> open(const std::string& folder, const base::Clock& clock);

  // posting: {idempotencyKey, date, text, supplier, amount, currency, lines: [{account, debit, credit}]}; text holds no
  // personal data. → {entryId, alreadyPosted, instance: of the first posting}. The same key with the same content answers the first entry; a key whose
  // entry is quarantined (posted after the cut of a restored backup) is refused with conflict "quarantined: …".
  // Errors: invalid_argument (unbalanced, missing field, amount form), conflict.
  base::Result<base::Json> post(const std::string& authority, std::int64_t instance, const base::Json& posting);

  // Newest first: {entries: [...], total, balance: {debit, credit}, paidTotal} as docs/api.md. instance 0 = all.
  base::Result<base::Json> list(const std::string& authority, std::int64_t instance, int limit, int offset);
  // What was posted under the key: {entryId, date, text, amount, currency, instance, quarantined}; null = nothing.
  base::Result<base::Json> find(const std::string& authority, const std::string& idempotency_key);

  // After a restore: entries whose journal position is behind the cut, or unknown to it, wait for a person.
  // Returns how many were marked. keys: the idempotency keys of quarantined effects of kind "payment".
  base::Result<std::size_t> quarantine(const std::vector<std::string>& keys);
  base::Result<base::Json> quarantined(const std::string& authority);  // items
  // A person has looked: the payment stands (and a repeated posting answers it), noted with who.
  base::Status settle(const std::string& authority, const std::string& idempotency_key, const std::string& by);

  store::Database& database() { return *database_; }

 private:
  Ledger(std::unique_ptr<store::Database> database, const base::Clock& clock) : database_(std::move(database)), clock_(clock) {}
  std::unique_ptr<store::Database> database_;
  const base::Clock& clock_;
};

// "1234.5" → 123450; nullopt when the text is not kroner with at most two decimals in ±10^15 øre.
std::optional<std::int64_t> oere(std::string_view kroner);
std::string kroner(std::int64_t oere);  // "1234.50"

}  // namespace casework
