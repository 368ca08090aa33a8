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

// "2 (b), 5 (e), 7 (g)"
template <class Matches>
std::string rule_names(const Matches& matches, const TableNode& table) {
  constexpr std::size_t kNamed = 10;
  std::string out;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (i == kNamed) return out + " … (" + std::to_string(matches.size()) + ")";
    if (i > 0) out += ", ";
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

void TableNode::finish(bool with_index) {
  has_default = std::any_of(outputs.begin(), outputs.end(), [](const Output& o) { return o.default_entry != nullptr; });
  no_match = Value::null(feel::Reason(feel::ReasonCode::no_rule_matches, std::string_view(name)));
  all_constant = std::none_of(constants.begin(), constants.end(), [](const Value& constant) { return constant.is_null(); });
  std::vector<TableIndex::Column> columns(inputs.size());
  for (std::size_t c = 0; c < inputs.size(); ++c) {
    for (const BoundTests& cell : inputs[c].cells) {
      columns[c].cells.push_back(cell.usable ? &cell.tests : nullptr);
      open_cells |= cell.has_names;
    }
    for (std::size_t r = 0; r < rules.size(); ++r) columns[c].of_rule.push_back(cells[r * inputs.size() + c]);
  }
  if (with_index) index_ = TableIndex::build(rules.size(), columns);
}

std::size_t TableNode::read_inputs(Frame& frame) const {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Input& input = inputs[i];
    Value& value = frame.slots[tested_slot + i];
    value = conformed(input.expression.evaluate(frame), input.type, frame.environment, [&] { return Place{feel::ReasonCode::table_input_type, feel::ReasonCode::table_input_not_allowed, input.label, name}; });
    if (input.has_allowed && !value.is_null() && !input.allowed.matches(value, frame.slots, frame.environment)) {
      fail_because(frame.environment, feel::Reason(feel::ReasonCode::input_value_not_listed, std::string_view(input.label), std::string_view(name), std::string_view(input.allowed.tests.text())));
      return i;
    }
  }
  return inputs.size();
}

// Calls keep(rule) for the rules that match, ascending, until it says false.
template <bool kAll, class Keep>
void TableNode::each_match(std::span<const Value> tested, std::span<const Value> slots, const feel::Environment& environment, bool with_index, Keep&& keep) const {
  if (index_ != nullptr && with_index) {
    const auto open = [&](std::uint32_t r, std::uint32_t c) { return cell(r, c).matches(tested[c], slots, environment); };
    return index_->find<kAll>(tested, Workspace::here(), open, keep);
  }
  for (std::size_t r = 0; r < rules.size(); ++r) {
    bool matches = true;
    for (std::size_t c = 0; c < inputs.size() && matches; ++c) matches = cell(r, c).matches(tested[c], slots, environment);
    if (matches && !keep(static_cast<std::uint32_t>(r))) return;
  }
}

void TableNode::matching(std::span<const Value> tested, std::span<const Value> slots, const feel::Environment& environment, bool with_index,
                         std::vector<std::size_t>& out) const {
  const auto keep = [&](std::uint32_t rule) {
    out.push_back(rule);
    return hit_policy != HitPolicy::first;
  };
  if (hit_policy == HitPolicy::first) each_match<false>(tested, slots, environment, with_index, keep);
  else each_match<true>(tested, slots, environment, with_index, keep);
}

Value TableNode::output(std::size_t r, std::size_t o, Frame& frame) const {
  const Value& constant = constants[r];
  if (!constant.is_null()) return outputs.size() == 1 ? constant : constant.as_context().value(o);
  const NodePtr& node = rules[r].outputs[o];
  return conformed(node ? node->evaluate(frame) : Value::null(), outputs[o].type, frame.environment,
                   [&] { return Place{feel::ReasonCode::output_type, feel::ReasonCode::output_not_allowed, "", name, o + 1, static_cast<std::size_t>(number(r))}; });
}

// One output is its value; several are a context.
Value TableNode::worked_out(std::size_t r, Frame& frame) const {
  if (outputs.size() == 1) return output(r, 0, frame);
  Taken<Value> values(Workspace::here(), outputs.size());
  for (std::size_t o = 0; o < outputs.size(); ++o) values[o] = output(r, o, frame);
  return Value::context(shape, values.span());
}

std::vector<TableNode::Match> TableNode::results(const std::vector<std::size_t>& matched, Frame& frame) const {
  std::vector<Match> out;
  out.reserve(matched.size());
  for (const std::size_t r : matched) {
    Match match{r, {}};
    for (std::size_t o = 0; o < outputs.size(); ++o) match.values.push_back(output(r, o, frame));
    out.push_back(std::move(match));
  }
  return out;
}

void TableNode::record(std::span<const Value> tested, std::span<const Value> slots, const std::vector<Match>& matches, const Value& output) const {
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
    if (output.is_null()) trace->reasons.push_back(output.why() != nullptr ? *output.why() : feel::Reason(feel::ReasonCode::logic_gives_null, name));
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
    trace->question = std::make_shared<const TableQuestion>(
        TableQuestion{this, {tested.begin(), tested.end()}, open_cells ? std::vector<Value>(slots.begin(), slots.end()) : std::vector<Value>{}});
}

Value TableNode::result(const Match& match) const {
  if (outputs.size() == 1) return match.values[0];
  std::vector<Value> values = match.values;
  return Value::context(shape, values);
}

// 8.2.10: the default output; else null. A collection of nothing is empty, its count 0.
Value TableNode::without_match(Frame& frame) const {
  if (has_default) {
    Match match;
    for (const Output& output : outputs)
      match.values.push_back(conformed(output.default_entry ? output.default_entry->evaluate(frame) : Value::null(), output.type, frame.environment,
                                       [&] { return Place{feel::ReasonCode::default_type, feel::ReasonCode::default_not_allowed, "", name}; }));
    const Value value = result(match);
    return is_single_hit(hit_policy) || aggregation != Aggregation::none || value.kind() == feel::Kind::list ? value : Value::list({value});
  }
  if (hit_policy == HitPolicy::collect && aggregation == Aggregation::none) return Value::list({});
  if (hit_policy == HitPolicy::collect && aggregation == Aggregation::count) return Value::number(0);
  if (frame.environment.reasons != nullptr) frame.environment.reasons->push_back(*no_match.why());
  return no_match;
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
    return fail_because(frame.environment, feel::Reason(feel::ReasonCode::several_rules_match, std::string_view(rule_names(matches, *this)), std::string_view(name)));
  if (hit_policy == HitPolicy::any) {
    const Value first = result(matches[0]);
    for (std::size_t i = 1; i < matches.size(); ++i)
      if (!feel::equal(first, result(matches[i])).is_true())
        return fail_because(frame.environment, feel::Reason(feel::ReasonCode::matches_differ, std::string_view(rule_names(matches, *this)), std::string_view(name)));
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
  feel::ListBuilder list(matches.size());
  for (const Match& match : matches) list.push(result(match));
  return aggregated(list.finish(), frame);
}

Value TableNode::aggregated(Value list, Frame& frame) const {
  if (aggregation == Aggregation::none) return list;
  frame.slots[aggregate_slot] = std::move(list);
  return aggregate.evaluate(frame);
}

// Where nobody asks for a trace, and the hit policy looks at each match once.
Value TableNode::quick(std::span<const Value> tested, Frame& frame, const feel::Environment& quiet) const {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  if (is_single_hit(hit_policy)) {
    std::size_t found = kNone;
    bool several = false;
    each_match<false>(tested, frame.slots, quiet, true, [&](std::uint32_t rule) {
      several = found != kNone;
      if (!several) found = rule;
      return !several && hit_policy != HitPolicy::first;
    });
    if (several) return complete(tested, frame, quiet);  // which names them all
    return found == kNone ? without_match(frame) : result(found, frame);
  }
  Workspace& workspace = Workspace::here();
  Taken<std::uint32_t> found(workspace, rules.size());
  std::size_t count = 0;
  each_match<true>(tested, frame.slots, quiet, true, [&](std::uint32_t rule) {
    found[count++] = rule;
    return true;
  });
  if (count == 0) return without_match(frame);
  if (aggregation == Aggregation::count && all_constant) return Value::number(static_cast<std::int64_t>(count));
  feel::ListBuilder list(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Value& constant = constants[found[i]];
    if (constant.is_null()) list.push(worked_out(found[i], frame));
    else list.push(constant);
  }
  if (aggregation == Aggregation::count) return Value::number(static_cast<std::int64_t>(count));
  return aggregated(list.finish(), frame);
}

Value TableNode::complete(std::span<const Value> tested, Frame& frame, const feel::Environment& quiet) const {
  std::vector<std::size_t> matched;
  matching(tested, frame.slots, quiet, true, matched);
  const std::vector<Match> matches = results(matched, frame);
  const Value output = matches.empty() ? without_match(frame) : is_single_hit(hit_policy) ? single(matches, frame) : several(matches, frame);
  record(tested, frame.slots, matches, output);
  return output;
}

Value TableNode::evaluate(Frame& frame) const {
  const std::size_t read = read_inputs(frame);
  const std::span<const Value> tested = frame.slots.subspan(tested_slot, read);
  if (read < inputs.size()) {
    const Value output = Value::null(feel::Reason(feel::ReasonCode::column_refuses));
    record(tested, {}, {}, output);
    return output;
  }
  const bool each_once = hit_policy == HitPolicy::unique || hit_policy == HitPolicy::first || hit_policy == HitPolicy::collect || hit_policy == HitPolicy::rule_order;
  const bool is_quick = each_once && frame.run.current == nullptr;
  if (frame.environment.reasons == nullptr) return is_quick ? quick(tested, frame, frame.environment) : complete(tested, frame, frame.environment);
  // What stops a rule is not why the result is null: the cells' own reasons stay out of the trace.
  feel::Environment quiet = frame.environment;
  quiet.reasons = nullptr;
  return is_quick ? quick(tested, frame, quiet) : complete(tested, frame, quiet);
}

bool TableNode::always_gives(const feel::TypePtr& type) const {
  if (has_default || !is_single_hit(hit_policy)) return false;
  return std::all_of(constants.begin(), constants.end(), [&](const Value& constant) { return !constant.is_null() && feel::conforms(constant, type); });
}

void TableNode::tell_stopped_rules(const TableQuestion& question, const feel::Environment& environment, DecisionTrace& trace) const {
  for (std::size_t r = 0; r < rules.size(); ++r) {
    std::size_t c = 0;
    while (c < inputs.size() && cell(r, c).matches(question.tested[c], question.slots, environment)) ++c;
    if (c == inputs.size()) continue;
    if (trace.stopped.size() == base::limits::kTraceStoppedRules) {
      ++trace.stopped_left_out;
      continue;
    }
    const RuleCell& source_cell = rule(r).inputs[c];
    trace.stopped.push_back({number(r), rule(r).id, static_cast<int>(c) + 1, source->inputs[c].id, source_cell.id, source_cell.text.text});
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
