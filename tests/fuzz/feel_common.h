// The typed inputs that fuzzed FEEL may name, and what must hold of every value whatever the text was.
#pragma once
#include <string_view>

#include "feel/feel.h"

namespace fuzz {

struct Inputs {
  std::vector<feel::Name> names;
  std::vector<feel::Value> values;
};
const Inputs& inputs();
// Values for the inputs that an expression has, by name; an unknown one is null.
std::vector<feel::Value> values_for(const std::vector<std::string>& wanted);
feel::Environment environment(std::vector<feel::Reason>* reasons = nullptr);

// Aborts where the value breaks a law: it equals and is identical to itself, its JSON and its text can be made, its size is
// inside the limits, a deep part is not deeper than the whole.
void check_value(const feel::Value&);
// Two evaluations of the same thing: the same text and kind.
void check_same(const feel::Value&, const feel::Value&);

}  // namespace fuzz
