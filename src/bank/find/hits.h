// Where in a workflow the words stand: what a page lights up.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "bank/find/plan.h"
#include "bank/part.h"
#include "base/json.h"

namespace bank::find {

class Places {
 public:
  explicit Places(const Plan&);
  bool any() const { return !leaves_.empty() || !numbers_.empty(); }
  // The best places first: those with most of the words, then title, activities, the rest; at most kFindPartsPerHit.
  std::vector<Part> in(const base::Json& parts) const;  // [[field, text, element]]

 private:
  double score(const std::string& field, const std::string& text) const;
  std::map<std::string, std::map<std::size_t, double>, std::less<>> leaves_;  // stem → clause → weight
  std::vector<std::string> numbers_;
};

base::Json parts_json(const std::vector<Part>&);
std::vector<Part> read_parts(const base::Json&);

}  // namespace bank::find
