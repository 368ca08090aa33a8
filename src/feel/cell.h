// What compiled texts say, where it is simple enough to be done without running them: cells that need nothing but the tested value (for
// whoever indexes tables), and paths of one step.
#pragma once
#include <optional>
#include <string>
#include <string_view>
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

// The tests of a cell as they are written, cut at the commas between them (grammar rule 15, DMN 1.5 section 10.3.1.2); views into `cell`.
// What is no FEEL stays one piece.
std::vector<std::string_view> alternatives(std::string_view cell);

// "name.member" over input `input` (a slot, where the expression is bound): what it gives for a context that has the member.
struct PathOfOne {
  std::size_t input = 0;
  std::string member;
};
std::optional<PathOfOne> path_of_one(const Expression&);

}  // namespace feel
