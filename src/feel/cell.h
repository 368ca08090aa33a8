// What the cell of a decision table says, where it needs nothing but the tested value: for whoever indexes tables.
#pragma once
#include <optional>
#include <vector>

#include "feel/feel.h"

namespace feel {

struct ConstantTests {
  enum class Relation : std::uint8_t { in, equal, not_equal, less, less_equal, greater, greater_equal };
  struct Test {
    Relation relation = Relation::in;  // in: equal to the value, in its range, or any of its list
    Value value;
  };
  bool negated = false;  // not(…) around all of them
  std::vector<Test> tests;
};
// nullopt: something in it is worked out when it is asked. Not for a cell that is any().
std::optional<ConstantTests> constant_tests(const UnaryTests&);

}  // namespace feel
