#include "dmn/faults.h"

#include <algorithm>
#include <cstdlib>

namespace dmn {
namespace {
std::vector<Rule>::const_iterator rule_of(std::string_view code) {
  return std::find_if(rules().begin(), rules().end(), [&](const Rule& r) { return r.code == code; });
}
}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
#define RULE(code, severity, danish, documentation) {code, Severity::severity, danish, documentation},
#include "dmn/rules.def"
#undef RULE
  };
  return all;
}

void Faults::add(std::string_view code, base::Where where, std::string message, std::string remedy, std::string_view message_da,
                 std::vector<std::pair<std::string, std::string>> example) {
  const auto rule = rule_of(code);
  if (rule == rules().end()) std::abort();
  std::string danish(rule->danish);
  if (!message_da.empty()) {
    danish.back() = ':';  // in place of the full stop
    danish += " " + std::string(message_da) + ".";
  }
  list_.push_back({std::string(code), rule->severity != Severity::warning, std::move(where), std::move(message), std::move(danish), std::move(remedy), std::move(example)});
}

std::optional<base::Error> Faults::refusal(OnFault on_fault) const {
  const auto refuses = [&](const Finding& f) {
    const Severity severity = rule_of(f.code)->severity;
    return severity == Severity::structure || (severity == Severity::expression && on_fault == OnFault::refuse);
  };
  const auto first = std::find_if(list_.begin(), list_.end(), refuses);
  if (first == list_.end()) return std::nullopt;
  const auto count = std::count_if(list_.begin(), list_.end(), refuses);
  std::string message = first->message + " [" + first->code + "]";
  if (count > 1) message += ", and " + std::to_string(count - 1) + " more";
  return base::Error{base::ErrorCode::invalid_dmn, std::move(message), first->where, first->remedy};
}

}  // namespace dmn
