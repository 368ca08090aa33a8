// A compiled decision table (DMN 1.5 section 8): columns, rules, and what the hit policy makes of the rules that match.
#pragma once
#include "dmn/model.h"
#include "dmn/node.h"
#include "dmn/table_index.h"

namespace dmn {

struct TableNode;

// What explains the rules that did not match, kept until the evaluation is over (TraceLevel::full).
struct TableQuestion {
  const TableNode* table;  // of the program, which lives as long as the evaluation
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
    std::vector<BoundTests> cells;  // each text once
  };
  struct Output {
    std::string name;
    feel::TypePtr type;
    NodePtr default_entry;             // may be null
    std::vector<feel::Value> priority;  // best first
  };
  struct Rule {
    int index = 0;                 // in the model's table, which may hold rules that are not usable
    std::vector<NodePtr> outputs;  // where they are not constant
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
  std::vector<feel::Value> constants;  // the result of each rule, the one output or a context of several; null: it is worked out
  std::vector<std::uint32_t> cells;  // of rule r, column c at r × columns + c: into Input::cells
  int tested_slot = -1;              // the inputs' values lie in slots from here
  bool has_default = false;
  feel::Shape shape;                 // of a result with several outputs
  feel::Value no_match;              // null with its reason
  BoundExpression aggregate;         // sum, min or max of slot aggregate_slot
  int aggregate_slot = -1;
  bool all_constant = false;         // no rule's result is worked out
  bool open_cells = false;           // some cell needs more than the tested value

  void finish(bool with_index = true);  // after all is filled in
  feel::Value evaluate(Frame&) const override;
  bool always_gives(const feel::TypePtr&) const override;
  const DecisionRule& rule(std::size_t r) const { return source->rules[rules[r].index]; }
  int number(std::size_t r) const { return rules[r].index + 1; }  // as people see it
  // The first cell of each rule that does not match.
  void tell_stopped_rules(const TableQuestion&, const feel::Environment&, DecisionTrace&) const;
  // The rules that match, ascending, in `out`; cell by cell where `with_index` is false.
  void matching(std::span<const feel::Value> tested, std::span<const feel::Value> slots, const feel::Environment&, bool with_index,
                std::vector<std::size_t>& out) const;

 private:
  struct Match {
    std::size_t rule = 0;
    std::vector<feel::Value> values;  // one for each output
  };
  const BoundTests& cell(std::size_t r, std::size_t c) const { return inputs[c].cells[cells[r * inputs.size() + c]]; }
  template <bool kAll, class Keep>
  void each_match(std::span<const feel::Value> tested, std::span<const feel::Value> slots, const feel::Environment&, bool with_index, Keep&&) const;
  std::size_t read_inputs(Frame&) const;  // how many were read; fewer than all where the next has a value that its column does not allow
  feel::Value quick(std::span<const feel::Value> tested, Frame&, const feel::Environment& quiet) const;
  feel::Value complete(std::span<const feel::Value> tested, Frame&, const feel::Environment& quiet) const;
  feel::Value output(std::size_t rule, std::size_t output, Frame&) const;
  feel::Value result(std::size_t rule, Frame& frame) const { return constants[rule].is_null() ? worked_out(rule, frame) : constants[rule]; }
  feel::Value worked_out(std::size_t rule, Frame&) const;
  std::vector<Match> results(const std::vector<std::size_t>& rules, Frame&) const;
  void record(std::span<const feel::Value> tested, std::span<const feel::Value> slots, const std::vector<Match>&, const feel::Value& output) const;
  feel::Value without_match(Frame&) const;
  feel::Value single(const std::vector<Match>&, Frame&) const;    // U, A, P, F
  feel::Value several(std::vector<Match>, Frame&) const;          // C, R, O and aggregations
  feel::Value aggregated(feel::Value list, Frame&) const;
  feel::Value result(const Match&) const;
  void sort_by_priority(std::vector<Match>&) const;

  std::unique_ptr<const TableIndex> index_;  // may be null
};

}  // namespace dmn
