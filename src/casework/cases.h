// Cases: journal notes and documents of a root instance, sealed with its key. Lives in sagsgang.db and files/.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "store/database.h"
#include "store/files.h"
#include "store/keys.h"

namespace casework {

class Cases {
 public:
  // All outlive the object. Creates its tables.
  static base::Result<std::unique_ptr<Cases>> open(store::Database&, store::Keys&, store::Files&, const base::Clock&);

  // The same idempotency key of the same instance writes one note.
  base::Status note(const std::string& authority, std::int64_t instance, store::KeySlot, const std::string& idempotency_key,
                    const std::string& text);
  // The same name of the same instance replaces the document.
  base::Status document(const std::string& authority, std::int64_t instance, store::KeySlot, const std::string& name,
                        const std::string& mime, std::string_view bytes);
  // Errors: not_found, forgotten.
  base::Result<std::string> read_document(const std::string& authority, std::int64_t instance, const std::string& name);
  base::Result<base::Json> notes(const std::string& authority, std::int64_t instance);      // [{at, text}]
  base::Result<base::Json> documents(const std::string& authority, std::int64_t instance);  // [{name, mime, bytes, at}]
  // Removes rows and files and leaves nothing of them in the WAL; the key itself is destroyed by the engine.
  base::Status forget(const std::string& authority, std::int64_t instance);

 private:
  Cases(store::Database& d, store::Keys& k, store::Files& f, const base::Clock& c) : database_(d), keys_(k), files_(f), clock_(c) {}
  store::Database& database_;
  store::Keys& keys_;
  store::Files& files_;
  const base::Clock& clock_;
};

}  // namespace casework
