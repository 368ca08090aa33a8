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
  // `checking`: everything that check() looks for is wanted, not only what makes compile() refuse.
  explicit Faults(bool checking = false) : checking_(checking) {}
  bool checking() const { return checking_; }
  // `code` is a RULE of rules.def; an unknown one aborts (the registry is checked by a test as well).
  // `message_da`: the case in Danish, after the rule's own sentence; may be empty.
  void add(std::string_view code, base::Where where, std::string message, std::string remedy, std::string_view message_da = {},
           std::vector<std::pair<std::string, std::string>> example = {});
  const std::vector<Finding>& list() const { return list_; }
  std::vector<Finding> take() { return std::move(list_); }
  // What makes compile() refuse, as one error: the first, and how many more there are.
  std::optional<base::Error> refusal(OnFault) const;

 private:
  bool checking_;
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
