// Words to workflows: a Xapian index (Danish stems, spelling) that can always be rebuilt from the store. Not thread-safe by
// itself; a mutex inside makes it so.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace bank {

struct Part { std::string field, text, element; };  // what is searched: field "titel", "aktivitet", "jura" …
struct SearchHit { std::int64_t id = 0; std::vector<Part> parts; };
struct SearchAnswer {
  std::vector<SearchHit> hits;   // best first
  std::string suggestion;        // the corrected words, "" when nothing was corrected
};

class Search {
 public:
  // Opens or makes the index in `folder`. Errors: io_failed.
  static base::Result<std::unique_ptr<Search>> open(const std::string& folder);
  virtual ~Search() = default;
  virtual std::string stamp() = 0;  // what set_stamp() left: which state of the store the index is made from
  virtual base::Status clear() = 0;
  // id: of the workflow; owner: CVR. kle is found by each of its prefixes.
  virtual base::Status put(std::int64_t id, const std::string& owner, bool published, const std::string& kle, const std::vector<Part>&) = 0;
  virtual base::Status commit(const std::string& stamp) = 0;
  // Only what `authority` owns or what is published. A query that finds nothing is tried again with corrected spelling.
  virtual base::Result<SearchAnswer> find(const std::string& query, const std::string& authority, std::size_t max) = 0;
};

}  // namespace bank
