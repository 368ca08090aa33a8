// A compiled decision table (DMN 1.5 section 8): columns, rules, and what the hit policy makes of the rules that match.
#pragma once
#include "dmn/model.h"
#include "dmn/node.h"

namespace dmn {

struct TableNode;

// What explains the rules that did not match, kept until the evaluation is over (TraceLevel::full).
struct TableQuestion {
  const TableNode* table;  // of the program, which lives as long as the evaluation; or of a function value that `slots` holds
  std::vector<feel::Value> tested, slots;
};
// Works out what stopped the rules of every table in the traces: the questions become `stopped`.
void tell_stopped_rules(std::vector<DecisionTrace>&, const feel::Environment&);

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
    int index = 0;  // in the model's table, which may hold rules that are not usable
    std::vector<BoundTests> cells;
    std::vector<NodePtr> outputs;
  };

  std::string name;  // for reasons: the decision or knowledge model it belongs to
  std::string id;
  std::shared_ptr<const Model> model;      // keeps `source` alive: ids and texts of clauses, rules and cells
  const DecisionTable* source = nullptr;
  bool is_root = false;  // it is a decision's whole logic: its inputs and rules are the decision's own
  HitPolicy hit_policy = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
  BoundExpression aggregate;  // sum, min or max of slot aggregate_slot
  int aggregate_slot = -1;

  feel::Value evaluate(Frame&) const override;
  const DecisionRule& rule(std::size_t r) const { return source->rules[rules[r].index]; }
  int number(std::size_t r) const { return rules[r].index + 1; }  // as people see it
  // The first cell of each rule that does not match.
  void tell_stopped_rules(const TableQuestion&, const feel::Environment&, DecisionTrace&) const;

 private:
  struct Match {
    std::size_t rule = 0;
    std::vector<feel::Value> values;  // one for each output
  };
  bool read_inputs(Frame&, std::vector<feel::Value>& out) const;  // false: a value that the column does not allow
  std::vector<std::size_t> matching(const std::vector<feel::Value>& tested, const std::vector<feel::Value>& slots, const feel::Environment&) const;
  std::vector<Match> results(const std::vector<std::size_t>& rules, Frame&) const;
  void record(const std::vector<feel::Value>& tested, const std::vector<feel::Value>& slots, const std::vector<Match>&, const feel::Value& output) const;
  feel::Value without_match(Frame&) const;
  feel::Value single(const std::vector<Match>&, Frame&) const;    // U, A, P, F
  feel::Value several(std::vector<Match>, Frame&) const;          // C, R, O and aggregations
  feel::Value result(const Match&) const;
  void sort_by_priority(std::vector<Match>&) const;
};

}  // namespace dmn
