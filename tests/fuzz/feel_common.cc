#include "fuzz/feel_common.h"

#include "base/text.h"
#include "fuzz/target.h"

namespace fuzz {

using feel::Value;

const Inputs& inputs() {
  static const Inputs kInputs = [] {
    Inputs made;
    const std::pair<const char*, const char*> given[] = {
        {"n", "12.5"}, {"s", "\"abc æ🐎\""}, {"b", "true"}, {"d", "@\"2026-03-29\""}, {"t", "@\"10:11:12+01:00\""},
        {"dt", "@\"2026-10-25T02:30:00@Europe/Copenhagen\""}, {"ym", "@\"P1Y2M\""}, {"dd", "@\"P1DT2H\""}, {"l", "[3, 1, 2, null, \"x\", [1]]"},
        {"c", "{x: 1, y: {z: [1, 2]}, \"a b\": null}"}, {"r", "[1..10)"}, {"f", "function(x, y) x < y"}, {"two words", "-7"}};
    for (const auto& [name, text] : given) {
      const auto expression = feel::compile(text);
      CHECK(expression, "input %s", name);
      made.names.push_back({name, nullptr});
      made.values.push_back(expression->evaluate({}, environment()));
    }
    return made;
  }();
  return kInputs;
}

std::vector<Value> values_for(const std::vector<std::string>& wanted) {
  std::vector<Value> values(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    for (std::size_t n = 0; n < inputs().names.size(); ++n)
      if (inputs().names[n].name == wanted[i]) values[i] = inputs().values[n];
  return values;
}

feel::Environment environment(std::vector<feel::Reason>* reasons) {
  feel::Environment environment;
  environment.now = 1'774'180'800'000;
  environment.max_steps = kSteps;
  environment.reasons = reasons;
  return environment;
}

void check_value(const Value& value) {
  const feel::Measure measure = value.measure();
  CHECK(measure.depth <= base::limits::kFeelValueDepth && measure.weight <= base::limits::kFeelValueWeight, "depth %u weight %u", measure.depth, measure.weight);
  const std::string text = feel::text(value);
  CHECK(base::valid_utf8(text), "string() is not UTF-8");
  if (measure.weight > 100'000) return;  // walking it several times more would only be slow
  const Value copy = value;
  CHECK(feel::identical(value, copy), "not identical to itself: %s", text.c_str());
  // A list may hold functions or ranges over what has no order: then "=" has no answer. It never says false of itself.
  const Value same = feel::equal(value, copy);
  const bool plain = value.kind() != feel::Kind::list && value.kind() != feel::Kind::context && value.kind() != feel::Kind::range;
  CHECK(!plain || same.is_null() || same.is_true(), "not equal to itself: %s", text.c_str());
  if (const auto order = feel::compare(value, copy)) CHECK(*order == 0, "ordered before itself: %s", text.c_str());
  const base::Json json = feel::to_json(value);
  const std::string written = json.dump();
  const auto read = base::parse_json(written);
  CHECK(read || measure.depth > static_cast<std::uint32_t>(base::limits::kJsonDepth) - 2, "its JSON does not read back: %s", written.c_str());
  if (read) CHECK(*read == json, "its JSON reads back as another: %s", written.c_str());
}

void check_same(const Value& a, const Value& b) {
  CHECK(a.kind() == b.kind(), "two evaluations: %s and %s", std::string(feel::name(a.kind())).c_str(), std::string(feel::name(b.kind())).c_str());
  CHECK(feel::text(a) == feel::text(b), "two evaluations: %s and %s", feel::text(a).c_str(), feel::text(b).c_str());
}

}  // namespace fuzz
