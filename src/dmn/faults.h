// What is wrong with a model, collected while it is compiled: compile() refuses on the first error, check() lists them all.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dmn/dmn.h"

namespace dmn {

class Faults {
 public:
  // `code` is a RULE of rules.def; an unknown one aborts (the registry is checked by a test as well).
  void add(std::string_view code, base::Where where, std::string message, std::string remedy);
  const std::vector<Finding>& list() const { return list_; }
  std::vector<Finding> take() { return std::move(list_); }
  // What makes compile() refuse, as one error: the first, and how many more there are.
  std::optional<base::Error> refusal(OnFault) const;

 private:
  std::vector<Finding> list_;
};

enum class Severity : std::uint8_t { structure, expression, warning };
struct Rule {
  std::string_view code;
  Severity severity;
  std::string_view danish, documentation;
};
const std::vector<Rule>& rules();

}  // namespace dmn
