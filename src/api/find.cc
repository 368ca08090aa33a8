#include "api/find.h"

#include "api/masking.h"
#include "base/decimal.h"
#include "base/packed.h"
#include "base/text.h"
#include "base/time.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr std::size_t kTests = 10;
constexpr std::size_t kLookedPerStep = 2'000;  // rows of one read of the projection: some ten milliseconds
constexpr int kDepth = 12;                     // of a value that is looked into; deeper ones are not found
constexpr std::size_t kShown = 200;            // bytes of a value in a hit

// At most `bytes`, not in the middle of a character.
std::string cut(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes) + "…";
}

std::string scalar_text(const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_number()) return value.number_text();
  return value.is_bool() ? (value.as_bool() ? "true" : "false") : std::string();
}

// Numbers by amount where both are; dates as text, which ISO 8601 orders; else no order.
bool holds(const VariableTest& test, const Json& value) {
  if (value.is_object() || value.is_array() || value.is_null()) return false;
  const std::string text = scalar_text(value);
  const auto mine = base::Decimal::parse(text), wanted = base::Decimal::parse(test.value);
  switch (test.op) {
    case TestOperator::equals: return (mine && wanted && *mine == *wanted) || base::lower(text) == base::lower(test.value);
    case TestOperator::contains: return base::lower(text).find(base::lower(test.value)) != std::string::npos;
    case TestOperator::less: return mine && wanted ? *mine < *wanted : !mine && !wanted && text < test.value;
    case TestOperator::greater: return mine && wanted ? *mine > *wanted : !mine && !wanted && text > test.value;
    case TestOperator::exists:
    case TestOperator::missing: return true;
  }
  return false;
}

// Any scalar inside that holds; `path` gets where.
bool holds_inside(const VariableTest& test, const std::string& path, const Json& value, int depth, Match& match) {
  if (depth > kDepth) return false;
  if (value.is_object()) {
    for (const auto& [name, item] : value.as_object())
      if (holds_inside(test, path + "." + name, item, depth + 1, match)) return true;
    return false;
  }
  if (value.is_array()) {
    for (const Json& item : value.as_array())
      if (holds_inside(test, path, item, depth + 1, match)) return true;
    return false;
  }
  if (!holds(test, value)) return false;
  match = {path, value};
  return true;
}

// Down a path of names, through every item of a list.
bool holds_at(const VariableTest& test, std::string_view path, const std::string& full, const Json& value, int depth, Match& match) {
  if (depth > kDepth) return false;
  if (path.empty() && test.op == TestOperator::exists) {
    if (!value.is_null()) match = {full, value};
    return !value.is_null();
  }
  if (value.is_array()) {
    for (const Json& item : value.as_array())
      if (holds_at(test, path, full, item, depth + 1, match)) return true;
    return false;
  }
  if (path.empty()) {
    const bool good = holds(test, value);
    if (good) match = {full, value};
    return good;
  }
  const auto dot = path.find('.');
  const std::string name = base::lower(path.substr(0, dot));
  const std::string_view rest = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (!value.is_object()) return false;
  for (const auto& [key, item] : value.as_object())
    if (base::lower(key) == name && holds_at(test, rest, full, item, depth + 1, match)) return true;
  return false;
}

class Find final : public Batch {
 public:
  Find(BatchOrder order, engine::InstanceScan& scan, engine::InstanceScan::Filter filter, std::vector<VariableTest> tests, std::map<std::int64_t, DefinitionName> names)
      : Batch(std::move(order)), scan_(scan), filter_(std::move(filter)), tests_(std::move(tests)), names_(std::move(names)) {}

 private:
  base::Result<bool> step() override {
    if (looked_ == 0) {
      TRY(about_, scan_.about(filter_.authority));
    }
    TRY(const std::size_t looked, scan_.next(filter_, below_, kLookedPerStep, [this](const engine::SeenInstance& seen) { look(seen); }));
    looked_ += static_cast<std::int64_t>(looked);
    const bool last = looked < kLookedPerStep || kept() >= batch_limits::kRows;
    progress(looked_, last ? looked_ : std::max(about_, looked_ + 1));
    return !last;
  }

  void look(const engine::SeenInstance& seen) {
    if (seen.forgotten) return;
    std::vector<std::pair<std::string, Json>> variables;
    for (const auto& [name, packed] : seen.variables)
      if (auto value = base::unpack(packed)) variables.emplace_back(name, std::move(*value));
    Json matched = Json::array();
    for (const auto& test : tests_) {
      Match match;
      if (!passes(test, variables, match)) return;
      if (match.name.empty()) continue;
      std::string text = masked_json(match.value, match.name.substr(match.name.rfind('.') + 1)).dump();
      if (match.value.is_string()) text = masked_json(match.value, match.name.substr(match.name.rfind('.') + 1)).string_or("");
      matched.push(Json::Object{{"name", match.name}, {"value", cut(std::move(text), kShown)}});
    }
    const auto known = names_.find(seen.definition);
    Json row = Json::object();
    row.set("processInstanceKey", std::to_string(seen.key)).set("processDefinitionKey", std::to_string(seen.definition));
    row.set("processDefinitionId", known == names_.end() ? std::string() : known->second.id).set("processDefinitionName", known == names_.end() ? std::string() : known->second.name);
    row.set("processDefinitionVersion", known == names_.end() ? Json() : Json(known->second.version));
    row.set("state", std::string(seen.state)).set("hasIncident", seen.incident).set("businessId", masked(seen.business_key));
    row.set("startDate", base::iso_utc(seen.started)).set("endDate", seen.ended == 0 ? Json() : Json(base::iso_utc(seen.ended))).set("matched", std::move(matched));
    add("found", std::move(row));
  }

  engine::InstanceScan& scan_;
  const engine::InstanceScan::Filter filter_;
  const std::vector<VariableTest> tests_;
  const std::map<std::int64_t, DefinitionName> names_;
  std::int64_t below_ = INT64_MAX, looked_ = 0, about_ = 0;
};

}  // namespace

base::Result<std::vector<VariableTest>> read_tests(const Json& variables) {
  static const std::map<std::string, TestOperator, std::less<>> operators = {{"equals", TestOperator::equals}, {"contains", TestOperator::contains},
      {"less", TestOperator::less}, {"greater", TestOperator::greater}, {"exists", TestOperator::exists}, {"missing", TestOperator::missing}};
  std::vector<VariableTest> out;
  if (!variables.is_array() || variables.size() == 0 || variables.size() > kTests)
    return base::fail(ErrorCode::invalid_argument, "1 to 10 variables are looked for", {.pointer = "/variables"}, "without variables: POST /v2/process-instances/search");
  for (const Json& one : variables.as_array()) {
    const std::string at = "/variables/" + std::to_string(out.size());
    const auto op = operators.find(one["operator"].string_or("equals"));
    if (op == operators.end()) return base::fail(ErrorCode::invalid_argument, "unknown operator", {.pointer = at + "/operator"}, "equals, contains, less, greater, exists, missing");
    VariableTest test{std::string(base::trim(one["name"].string_or(""))), op->second, std::string(base::trim(one["value"].string_or("")))};
    const bool bare = test.op == TestOperator::exists || test.op == TestOperator::missing;
    if (bare && test.name.empty()) return base::fail(ErrorCode::invalid_argument, "which variable is to be there is not said", {.pointer = at + "/name"}, "give its name");
    if (!bare && test.value.empty()) return base::fail(ErrorCode::invalid_argument, "the value to look for is empty", {.pointer = at + "/value"}, "give a value, or use exists");
    out.push_back(std::move(test));
  }
  return out;
}

bool passes(const VariableTest& test, const std::vector<std::pair<std::string, Json>>& variables, Match& match) {
  if (test.op == TestOperator::missing) {
    VariableTest there = test;
    there.op = TestOperator::exists;
    Match found;
    return !passes(there, variables, found);
  }
  for (const auto& [name, value] : variables) {
    if (test.name.empty()) {
      if (holds_inside(test, name, value, 0, match)) return true;
      continue;
    }
    // The variable may have a dot in its name: the whole name first.
    if (base::lower(name) == base::lower(test.name) && holds_at(test, {}, test.name, value, 0, match)) return true;
    const auto dot = test.name.find('.');
    if (dot == std::string::npos || base::lower(name) != base::lower(std::string_view(test.name).substr(0, dot))) continue;
    if (holds_at(test, std::string_view(test.name).substr(dot + 1), test.name, value, 0, match)) return true;
  }
  return false;
}

std::shared_ptr<Batch> make_find(BatchOrder order, engine::InstanceScan& scan, engine::InstanceScan::Filter filter, std::vector<VariableTest> tests,
                                 std::map<std::int64_t, DefinitionName> names) {
  return std::make_shared<Find>(std::move(order), scan, std::move(filter), std::move(tests), std::move(names));
}

}  // namespace api
