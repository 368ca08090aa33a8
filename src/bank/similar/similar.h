// Similar workflows over the whole bank: the index, kept current with the store whoever changes it. A workflow's profile is computed once
// for each version and kept in a table of its own, so that a start reads no drawing.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bank/similar/index.h"
#include "base/json.h"
#include "store/database.h"

namespace bank::similar {

class Similar {
 public:
  // Creates its table; the index is filled when it is first asked. The database outlives it.
  static base::Result<std::unique_ptr<Similar>> open(store::Database&);

  struct Found { std::string slug, title, domain, kind, owner; int version = 0; bool runnable = false; double likeness = 0; };
  // Thread-safe; each first takes in what changed in the store. Most alike first; of a slug that the authority has too, its own.
  base::Result<std::vector<Found>> like(const std::string& authority, const Profile&, std::size_t max, bool fragment, std::string_view except_slug = {});
  // Workflows so like this one that it may be the same: for a warning at import. What the package itself names as related is left out.
  base::Result<std::vector<Found>> duplicates(const std::string& authority, std::string_view slug, const Profile&, const base::Json& manifest);

 private:
  explicit Similar(store::Database& database) : database_(database) {}
  base::Status refresh();
  struct Row { std::string owner, slug; bool published = false; int version = 0; };
  store::Database& database_;
  std::mutex mutex_;
  Index index_;
  std::map<std::int64_t, Row> rows_;
  std::int64_t seen_ = -1;   // bank_change the index stands at
};

inline constexpr double kDuplicate = 0.75;

base::Json to_json(const std::vector<Similar::Found>&);

}  // namespace bank::similar
