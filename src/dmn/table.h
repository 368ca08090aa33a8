// A compiled decision table (DMN 1.5 section 8): columns, rules, and what the hit policy makes of the rules that match.
#pragma once
#include "dmn/node.h"

namespace dmn {

struct TableNode final : Node {
  struct Input {
    std::string label;
    BoundExpression expression;
    feel::TypePtr type;
    BoundTests allowed;
    bool has_allowed = false;
  };
  struct Output {
    std::string name;
    feel::TypePtr type;
    NodePtr default_entry;             // may be null
    std::vector<feel::Value> priority;  // best first
  };
  struct Rule {
    std::string id;
    std::vector<BoundTests> cells;
    std::vector<NodePtr> outputs;
  };

  std::string name;  // for reasons: the decision or knowledge model it belongs to
  std::string id;
  bool is_root = false;  // it is a decision's whole logic: its inputs and rules are the decision's own
  HitPolicy hit_policy = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
  BoundExpression aggregate;  // sum, min or max of slot aggregate_slot
  int aggregate_slot = -1;

  feel::Value evaluate(Frame&) const override;

 private:
  struct Match {
    std::size_t rule = 0;
    std::vector<feel::Value> values;  // one for each output
  };
  bool read_inputs(Frame&, std::vector<feel::Value>& out) const;  // false: a value that the column does not allow
  std::vector<std::size_t> matching(const std::vector<feel::Value>& tested, const std::vector<feel::Value>& slots, const feel::Environment&) const;
  std::vector<Match> results(const std::vector<std::size_t>& rules, Frame&) const;
  void record(const std::vector<feel::Value>& tested, const std::vector<Match>&, const feel::Value& output) const;
  feel::Value without_match(Frame&) const;
  feel::Value single(const std::vector<Match>&, Frame&) const;    // U, A, P, F
  feel::Value several(std::vector<Match>, Frame&) const;          // C, R, O and aggregations
  feel::Value result(const Match&) const;
  void sort_by_priority(std::vector<Match>&) const;
};

}  // namespace dmn
