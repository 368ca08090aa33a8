#include "dmn/table.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace dmn {

using feel::Value;

namespace {

bool is_single_hit(HitPolicy policy) {
  return policy == HitPolicy::unique || policy == HitPolicy::any || policy == HitPolicy::priority || policy == HitPolicy::first;
}

// "rules 2, 5 and 7"
template <class Matches>
std::string rule_names(const Matches& matches, const TableNode& table) {
  constexpr std::size_t kNamed = 10;
  std::string out = matches.size() == 1 ? "rule " : "rules ";
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (i == kNamed) return out + " and " + std::to_string(matches.size() - kNamed) + " more";
    if (i > 0) out += i + 1 == matches.size() ? " and " : ", ";
    out += std::to_string(table.number(matches[i].rule));
    if (const std::string& id = table.rule(matches[i].rule).id; !id.empty()) out += " (" + id + ")";
  }
  return out;
}

std::size_t rank(const Value& value, const std::vector<Value>& priority) {
  for (std::size_t i = 0; i < priority.size(); ++i)
    if (feel::equal(value, priority[i]).is_true()) return i;
  return priority.size();  // a value outside the list comes last
}

}  // namespace

bool TableNode::read_inputs(Frame& frame, std::vector<Value>& out) const {
  out.reserve(inputs.size());
  for (const Input& input : inputs) {
    Value value = conformed(input.expression.evaluate(frame), input.type, "input '" + input.label + "' of '" + name + "'", frame.environment);
    if (input.has_allowed && !value.is_null() && !input.allowed.test(value, frame.slots, frame.environment).is_true()) {
      fail_because(frame.environment, "input '" + input.label + "' of '" + name + "' has a value that is none of its input values " + input.allowed.tests.text());
      return false;
    }
    out.push_back(std::move(value));
  }
  return true;
}

std::vector<std::size_t> TableNode::matching(const std::vector<Value>& tested, const std::vector<Value>& slots, const feel::Environment& environment) const {
  std::vector<std::size_t> out;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const std::vector<BoundTests>& cells = rules[r].cells;
    bool matches = true;
    for (std::size_t c = 0; c < cells.size() && matches; ++c)
      matches = cells[c].matches(tested[c], slots, environment);
    if (!matches) continue;
    out.push_back(r);
    if (hit_policy == HitPolicy::first) break;
  }
  return out;
}

std::vector<TableNode::Match> TableNode::results(const std::vector<std::size_t>& matched, Frame& frame) const {
  std::vector<Match> out;
  out.reserve(matched.size());
  for (const std::size_t r : matched) {
    Match match{r, {}};
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      const NodePtr& cell = rules[r].outputs[o];
      Value value = cell ? cell->evaluate(frame) : Value::null();
      match.values.push_back(conformed(value, outputs[o].type,
          "output " + std::to_string(o + 1) + " of rule " + std::to_string(number(r)) + " of '" + name + "'", frame.environment));
    }
    out.push_back(std::move(match));
  }
  return out;
}

void TableNode::record(const std::vector<Value>& tested, const std::vector<Value>& slots, const std::vector<Match>& matches, const Value& output) const {
  constexpr std::size_t kParts = 1'000;  // a table called in a loop must not make a trace without end
  Run* run = Run::here();
  if (run == nullptr || run->current == nullptr) return;
  DecisionTrace* trace = run->current;
  if (!is_root) {
    if (trace->parts.size() >= kParts) return;
    trace = &trace->parts.emplace_back();
    trace->id = id;
    trace->name = name;
    trace->kind = "DECISION_TABLE";
    trace->output = output;
  }
  for (std::size_t i = 0; i < tested.size(); ++i) {
    trace->inputs.emplace_back(inputs[i].label, tested[i]);
    trace->input_ids.push_back(source->inputs[i].id);
  }
  for (const OutputClause& clause : source->outputs) trace->output_ids.push_back(clause.id);
  for (const Match& match : matches) {
    MatchedRule matched{number(match.rule), rule(match.rule).id, {}};
    for (std::size_t o = 0; o < outputs.size(); ++o) matched.outputs.emplace_back(outputs[o].name, match.values[o]);
    trace->rules.push_back(std::move(matched));
  }
  if (run->level == TraceLevel::full && tested.size() == inputs.size())
    trace->question = std::make_shared<const TableQuestion>(TableQuestion{this, tested, slots});
}

// One output is its value; several are a context.
Value TableNode::result(const Match& match) const {
  if (outputs.size() == 1) return match.values[0];
  feel::Context context;
  for (std::size_t o = 0; o < outputs.size(); ++o) context.entries.emplace_back(outputs[o].name, match.values[o]);
  return Value::context(std::move(context));
}

// 8.2.10: the default output; else null. A collection of nothing is empty, its count 0.
Value TableNode::without_match(Frame& frame) const {
  const bool has_default = std::any_of(outputs.begin(), outputs.end(), [](const Output& o) { return o.default_entry != nullptr; });
  if (has_default) {
    Match match;
    for (const Output& output : outputs)
      match.values.push_back(output.default_entry ? conformed(output.default_entry->evaluate(frame), output.type,
          "default output of '" + name + "'", frame.environment) : Value::null());
    const Value value = result(match);
    return is_single_hit(hit_policy) || aggregation != Aggregation::none || value.kind() == feel::Kind::list ? value : Value::list({value});
  }
  if (hit_policy == HitPolicy::collect && aggregation == Aggregation::none) return Value::list({});
  if (hit_policy == HitPolicy::collect && aggregation == Aggregation::count) return Value::number(0);
  return null_because(frame.environment, "no rule of '" + name + "' matches and it has no default output");
}

void TableNode::sort_by_priority(std::vector<Match>& matches) const {
  const auto better = [&](const Match& a, const Match& b) {
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      if (outputs[o].priority.empty()) continue;
      const std::size_t left = rank(a.values[o], outputs[o].priority), right = rank(b.values[o], outputs[o].priority);
      if (left != right) return left < right;
    }
    return false;
  };
  std::stable_sort(matches.begin(), matches.end(), better);
}

// 8.2.10, single hit policies.
Value TableNode::single(const std::vector<Match>& matches, Frame& frame) const {
  if (hit_policy == HitPolicy::unique && matches.size() > 1)
    return fail_because(frame.environment, rule_names(matches, *this) + " of '" + name + "' match, but its hit policy UNIQUE allows one");
  if (hit_policy == HitPolicy::any) {
    const Value first = result(matches[0]);
    for (std::size_t i = 1; i < matches.size(); ++i)
      if (!feel::equal(first, result(matches[i])).is_true())
        return fail_because(frame.environment, rule_names(matches, *this) + " of '" + name + "' match with different outputs, which its hit policy ANY forbids");
    return first;
  }
  if (hit_policy == HitPolicy::priority) {
    std::vector<Match> sorted = matches;
    sort_by_priority(sorted);
    return result(sorted[0]);
  }
  return result(matches[0]);
}

// 8.2.10, multiple hit policies and aggregation.
Value TableNode::several(std::vector<Match> matches, Frame& frame) const {
  if (hit_policy == HitPolicy::output_order) sort_by_priority(matches);
  if (aggregation == Aggregation::count) return Value::number(static_cast<std::int64_t>(matches.size()));
  std::vector<Value> list;
  list.reserve(matches.size());
  for (const Match& match : matches) list.push_back(result(match));
  Value value = Value::list(std::move(list));
  if (aggregation == Aggregation::none) return value;
  frame.slots[aggregate_slot] = std::move(value);
  return aggregate.evaluate(frame);
}

Value TableNode::evaluate(Frame& frame) const {
  std::vector<Value> tested;
  if (!read_inputs(frame, tested)) {
    const Value output = Value::null("an input has a value that its column does not allow");
    record(tested, {}, {}, output);
    return output;
  }
  // What stops a rule is not why the result is null: the cells' own reasons stay out of the trace.
  feel::Environment quiet = frame.environment;
  quiet.reasons = nullptr;
  const std::vector<Match> matches = results(matching(tested, frame.slots, quiet), frame);
  const Value output = matches.empty() ? without_match(frame) : is_single_hit(hit_policy) ? single(matches, frame) : several(matches, frame);
  record(tested, frame.slots, matches, output);
  return output;
}

void TableNode::tell_stopped_rules(const TableQuestion& question, const feel::Environment& environment, DecisionTrace& trace) const {
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const std::vector<BoundTests>& cells = rules[r].cells;
    std::size_t c = 0;
    while (c < cells.size() && cells[c].matches(question.tested[c], question.slots, environment)) ++c;
    if (c == cells.size()) continue;
    if (trace.stopped.size() == base::limits::kTraceStoppedRules) {
      ++trace.stopped_left_out;
      continue;
    }
    const RuleCell& cell = rule(r).inputs[c];
    trace.stopped.push_back({number(r), rule(r).id, static_cast<int>(c) + 1, source->inputs[c].id, cell.id, cell.text.text});
  }
}

// Parts are nested as deep as calls were: limits::kFeelCallDepth at most.
void tell_stopped_rules(std::vector<DecisionTrace>& traces, const feel::Environment& environment) {
  feel::Environment quiet = environment;
  quiet.reasons = nullptr;
  for (DecisionTrace& trace : traces) {
    if (trace.question) trace.question->table->tell_stopped_rules(*trace.question, quiet, trace);
    trace.question.reset();
    tell_stopped_rules(trace.parts, environment);
  }
}

}  // namespace dmn
