#include "api/replay.h"

#include <algorithm>
#include <map>
#include <set>

#include "api/masking.h"
#include "base/decimal.h"
#include "base/limits_sheets.h"
#include "base/packed.h"
#include "base/time.h"
#include "dmn/model.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;
using base::Packed;

constexpr std::size_t kSlice = 500;  // rows of one read of history: about ten milliseconds

// Equal by value: numbers by amount (1.0 is 1), contexts whatever their order.
bool same_value(const Packed& before, const Json& after) {
  switch (before.kind()) {
    case Packed::Kind::null: return after.is_null();
    case Packed::Kind::boolean_false: return after.is_bool() && !after.as_bool();
    case Packed::Kind::boolean_true: return after.is_bool() && after.as_bool();
    case Packed::Kind::integer:
      if (after.is_int()) return after.as_int() == before.as_int();
      [[fallthrough]];
    case Packed::Kind::number: {
      if (!after.is_number()) return false;
      const std::string text = before.kind() == Packed::Kind::integer ? std::to_string(before.as_int()) : std::string(before.text());
      const auto a = base::Decimal::parse(text), b = base::Decimal::parse(after.number_text());
      return a && b && *a == *b;
    }
    case Packed::Kind::string: return after.is_string() && after.as_string() == before.text();
    case Packed::Kind::array: {
      if (!after.is_array() || after.size() != before.count()) return false;
      std::size_t i = 0;
      for (auto it = before.items(); it.more(); it.next())
        if (!same_value(it.value(), after.as_array()[i++])) return false;
      return true;
    }
    case Packed::Kind::object: {
      if (!after.is_object() || after.size() != before.count()) return false;
      for (auto it = before.items(); it.more(); it.next()) {
        const Json* other = after.find(it.key());
        if (other == nullptr || !same_value(it.value(), *other)) return false;
      }
      return true;
    }
  }
  return false;
}

bool member(const Packed& object, std::string_view name, Packed& out) { return object.kind() == Packed::Kind::object && object.find(name, out); }
std::string_view text_member(const Packed& object, std::string_view name) {
  Packed value{std::string_view("\0", 1)};
  return member(object, name, value) && value.kind() == Packed::Kind::string ? value.text() : std::string_view();
}

// The output of a decision in a trace; false where it was not asked on the way.
bool output_in(const Packed& trace, std::string_view decision, bool asked_itself, Packed& out) {
  if (asked_itself) return member(trace, "decisionOutput", out);
  Packed all{std::string_view("\0", 1)};
  if (!member(trace, "evaluatedDecisions", all) || all.kind() != Packed::Kind::array) return false;
  for (auto it = all.items(); it.more(); it.next())
    if (text_member(it.value(), "decisionDefinitionId") == decision) return member(it.value(), "output", out);
  return false;
}

// Decisions of the model that need `decision`, however far away; by id.
void add_askers(const dmn::Model& model, const std::string& decision, std::vector<std::string>& out) {
  std::vector<std::string> open{decision};
  while (!open.empty()) {
    const std::string top = std::move(open.back());
    open.pop_back();
    for (const auto& d : model.decisions) {
      const bool needs = std::any_of(d.required_decisions.begin(), d.required_decisions.end(), [&](const auto& r) { return r.id == top; });
      if (!needs || d.id.empty() || std::find(out.begin(), out.end(), d.id) != out.end()) continue;
      out.push_back(d.id);
      open.push_back(d.id);
    }
  }
}

// ---- one outcome, as the page shows it
struct Tables {
  Json all = Json::array(), own_rules = Json::array(), own_ids = Json::array();
  void add(const std::string& id, const std::string& name, Json rules, Json ids, bool own) {
    if (own) {
      own_rules = rules;
      own_ids = ids;
    }
    if (rules.size() > 0) all.push(Json::Object{{"decisionDefinitionId", id}, {"decisionDefinitionName", name}, {"matchedRules", std::move(rules)}, {"matchedRuleIds", std::move(ids)}});
  }
  Json outcome(const Json& output, Json failure) && {
    return Json::Object{{"output", masked_json(output)}, {"failureMessage", std::move(failure)}, {"matchedRules", std::move(own_rules)}, {"matchedRuleIds", std::move(own_ids)}, {"tables", std::move(all)}};
  }
};
constexpr int kParts = 32;  // tables inside tables

void collect(const Json& decisions, const std::string& own, Tables& out, int depth) {
  if (!decisions.is_array() || depth > kParts) return;
  for (const Json& d : decisions.as_array()) {
    Json rules = Json::array(), ids = Json::array();
    if (d["matchedRules"].is_array())
      for (const Json& r : d["matchedRules"].as_array()) {
        rules.push(r["ruleIndex"]);
        ids.push(r["ruleId"]);
      }
    const std::string id = d["decisionDefinitionId"].string_or("");
    out.add(id, d["decisionDefinitionName"].string_or(""), std::move(rules), std::move(ids), depth == 0 && id == own);
    collect(d["parts"], own, out, depth + 1);
  }
}
void collect(const std::vector<dmn::DecisionTrace>& decisions, const std::string& own, Tables& out, int depth) {
  if (depth > kParts) return;
  for (const auto& d : decisions) {
    Json rules = Json::array(), ids = Json::array();
    for (const auto& r : d.rules) {
      rules.push(r.index);
      ids.push(r.rule_id);
    }
    out.add(d.id, d.name, std::move(rules), std::move(ids), depth == 0 && d.id == own);
    collect(d.parts, own, out, depth + 1);
  }
}

}  // namespace

std::string danish_number(std::int64_t value) {
  std::string digits = std::to_string(value), out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0 && digits[i - 1] != '-') out += '.';
    out += digits[i];
  }
  return out;
}

base::Result<std::shared_ptr<Replay>> Replay::make(ReplayRequest request, engine::DecisionHistory& history) {
  std::shared_ptr<Replay> out(new Replay(std::move(request), history));
  TRY_VOID(out->prepare());
  return out;
}

base::Status Replay::prepare() {
  if (request_.from >= request_.to) return base::fail(ErrorCode::invalid_argument, "the period is empty", {.pointer = "/to"}, "a day on or after 'from'");
  TRY(const auto model, dmn::read(request_.xml, "beslutninger.dmn"));
  TRY(program_, dmn::compile({model}));
  for (const char* by : {"id", "name"})
    for (const auto& info : program_->decisions())
      if (decision_name_.empty() && (by[0] == 'i' ? info.id : info.name) == request_.decision) {
        decision_id_ = info.id;
        decision_name_ = info.name;
      }
  if (decision_id_.empty()) return base::fail(ErrorCode::not_found, "the draft has no decision '" + request_.decision.substr(0, 200) + "'", {}, "id or name of a decision with an id");
  TRY(evaluator_, program_->prepare(decision_id_));
  values_.resize(evaluator_->inputs().size());
  asked_.push_back(decision_id_);
  add_askers(*model, decision_id_, asked_);
  if (!request_.stored_xml.empty())
    if (const auto stored = dmn::read(request_.stored_xml, "beslutninger.dmn")) add_askers(**stored, decision_id_, asked_);
  for (const auto& id : asked_) {
    TRY(const std::int64_t rows, history_.count({request_.authority, id, request_.from, request_.to}));
    of_ += rows;
  }
  if (of_ > base::limits::kReplayRows)
    return base::fail(ErrorCode::limit_exceeded, std::to_string(of_) + " decisions in the period are more than base::limits::kReplayRows", {}, "a shorter period");
  return {};
}

void Replay::run() {
  while (step()) {
  }
}

void Replay::end(State state, std::string message) {
  {
    const std::lock_guard lock(mutex_);
    message_ = std::move(message);
  }
  values_.clear();
  evaluator_.reset();
  state_ = state;
}

bool Replay::step() {
  if (state_ != State::running) return false;
  if (cancel_) {
    end(State::canceled);
    return false;
  }
  if (part_ == asked_.size()) {
    end(State::completed);
    return false;
  }
  const auto seen = history_.next({request_.authority, asked_[part_], request_.from, request_.to}, place_, kSlice, [this](const engine::PastDecision& past) {
    ask(past);
    place_ = {past.at, past.key};
    ++done_;
  });
  if (!seen) {
    end(State::failed, seen.error().message);
    return false;
  }
  if (*seen < kSlice) {
    ++part_;
    place_ = {};
  }
  return true;
}

void Replay::ask(const engine::PastDecision& past) {
  const auto count = [this](std::int64_t ReplayCounts::*field) {
    const std::lock_guard lock(mutex_);
    ++(counts_.*field);
  };
  if (past.forgotten) return count(&ReplayCounts::forgotten);
  const Packed trace(past.trace);
  Packed before{std::string_view("\0", 1)}, inputs{std::string_view("\0", 1)};
  // Another version may have come to its answer without asking this decision: then nobody asked, and there is nothing to compare.
  if (!output_in(trace, decision_id_, part_ == 0, before)) return;
  if (!member(trace, "inputData", inputs)) return count(&ReplayCounts::without_inputs);
  const auto& names = evaluator_->inputs();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Packed value{std::string_view("\0", 1)};
    values_[i] = member(inputs, names[i], value) ? evaluator_->read_text(i, feel::from_packed(value)) : feel::Value::null();
  }
  feel::Environment environment;
  environment.now = past.at;
  const feel::Value& after = evaluator_->evaluate(values_, environment);
  const bool failed = evaluator_->failed();
  if (!failed && same_value(before, feel::to_json(after))) return count(&ReplayCounts::same);
  const std::lock_guard lock(mutex_);
  ++(failed ? counts_.failed : counts_.different);
  if (differences_.size() < base::limits::kReplayDifferences) differences_.push_back({past.key, failed});
}

ReplayCounts Replay::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}
std::string Replay::message() const {
  const std::lock_guard lock(mutex_);
  return message_;
}
std::size_t Replay::kept() const {
  const std::lock_guard lock(mutex_);
  return differences_.size();
}

std::string Replay::text() const {
  const ReplayCounts c = counts();
  std::string out = danish_number(c.different) + " af " + danish_number(c.compared()) + (c.compared() == 1 ? " sag" : " sager") + " får andet udfald";
  if (c.failed > 0) out += ", og " + danish_number(c.failed) + " kan ikke afgøres af udkastet";
  if (const auto not_asked = c.without_inputs + c.forgotten; not_asked > 0) out += ". " + danish_number(not_asked) + " kunne ikke spørges igen";
  return out + ".";
}

base::Result<Json> Replay::differences(std::size_t from, std::size_t max) const {
  std::vector<Difference> page;
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = from; i < differences_.size() && page.size() < max; ++i) page.push_back(differences_[i]);
  }
  Json out = Json::array();
  for (const Difference& d : page) {
    Json one;
    const auto read = history_.one(d.key, request_.authority, [&](const engine::PastDecision& past) { one = row(past, d.failed); });
    if (!read && read.error().code != ErrorCode::not_found) return std::unexpected(read.error());
    if (!read) one = Json::Object{{"decisionEvaluationKey", std::to_string(d.key)}, {"outcome", "forgotten"}};
    out.push(std::move(one));
  }
  return out;
}

Json Replay::row(const engine::PastDecision& past, bool failed) const {
  Json out = Json::object();
  out.set("decisionEvaluationKey", std::to_string(past.key)).set("processInstanceKey", past.instance == 0 ? Json() : Json(std::to_string(past.instance)));
  out.set("elementId", std::string(past.element_id)).set("evaluationDate", base::iso_utc(past.at)).set("decisionDefinitionVersion", past.version);
  if (past.forgotten) return out.set("outcome", "forgotten"), out;
  out.set("outcome", failed ? "failed" : "different");
  const auto trace = base::unpack(past.trace);
  if (!trace) return out;
  // Before.
  Tables before;
  collect((*trace)["evaluatedDecisions"], decision_id_, before, 0);
  Json output = (*trace)["decisionOutput"];
  if ((*trace)["evaluatedDecisions"].is_array())
    for (const Json& d : (*trace)["evaluatedDecisions"].as_array())
      if (d["decisionDefinitionId"].string_or("") == decision_id_) output = d["output"];
  out.set("before", std::move(before).outcome(output, (*trace)["failureMessage"]));
  // After: asked once more, with its trace.
  feel::Context inputs;
  if ((*trace)["inputData"].is_object())
    for (const auto& [name, value] : (*trace)["inputData"].as_object()) inputs.entries.emplace_back(name, feel::from_json(value));
  feel::Environment environment;
  environment.now = past.at;
  program_->read_texts(decision_id_, inputs);
  const auto asked = program_->evaluate(decision_id_, inputs, environment);
  if (!asked) return out;
  Tables after;
  collect(asked->decisions, decision_id_, after, 0);
  out.set("after", std::move(after).outcome(feel::to_json(asked->value), asked->failed ? Json(masked(asked->failure)) : Json()));
  return out;
}

}  // namespace api
