// Tasks (BPMN 2.0.2 section 13.3.3): with a job for a worker, for a person, decided or computed here, or done at once.
#include "base/time.h"
#include "dmn/trace.h"
#include "engine/behaviour/handlers.h"
#include "feel/temporal.h"

namespace engine::handlers {

Handler of(std::uint8_t type) {
  static constexpr Handler kHandlers[] = {
#define ELEMENT(name, xml, section, family, executes) name,
#include "bpmn/elements.def"
#undef ELEMENT
  };
  return kHandlers[type];
}

std::expected<std::vector<Wait>, Trouble> attachments(Decider& d, const Entering& e, Key key, const std::string& locals) {
  const ElementInstance* own = e.key != 0 ? d.s.element(e.key) : nullptr;
  if ((own != nullptr && own->loop != 0) || e.element.boundary.empty()) return std::vector<Wait>{};
  return d.waits(e.program, e.element.boundary, key, own != nullptr ? e.key : e.scope, {locals});  // what a start listener mapped or brought is its own already
}

// Where input mappings and expressions of the element are evaluated: its own instance where it exists already.
static Key inner(const Entering& e) { return e.key != 0 ? e.key : e.scope; }

// The event that begins a task of a worker or a person, then its boundary events.
template <class Event> static Done begin(Decider& d, const Entering& e, Event& made, std::string locals) {
  auto attached = attachments(d, e, made.key, locals);
  if (!attached) return std::unexpected(attached.error());
  made.locals = d.sealed(e.scope, std::move(locals));
  d.emit(made);
  d.open(*attached, e.program.process_id);
  return {};
}

std::expected<ev::job_created, Trouble> job_for(Decider& d, const Entering& e, const std::string& locals) {
  auto type = d.text_of(e.element.job_type, inner(e), "job type", {locals});
  if (!type) return std::unexpected(type.error());
  ev::job_created made;
  made.key = e.key != 0 ? e.key : d.new_key();
  made.job = d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  made.type = std::move(*type);
  auto retries = d.whole_number(e.element.retries, inner(e), "retries", 0, {locals}, 3);
  if (!retries) return std::unexpected(retries.error());
  made.retries = *retries;
  auto priority = d.whole_number(e.element.job_priority, inner(e), "job priority", -1'000'000, {locals}, 0);
  if (!priority) return std::unexpected(priority.error());
  made.priority = *priority;
  return made;
}

Done job(Decider& d, const Entering& e) {
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  auto made = job_for(d, e, *locals);
  if (!made) return std::unexpected(made.error());
  return begin(d, e, *made, std::move(*locals));
}

Done at_once(Decider& d, const Entering& e, std::string results) {
  const bool bare = e.key == 0 && results.empty() && e.element.inputs.empty() && e.element.outputs.empty() && e.element.data_outputs.empty() && e.element.handler == kNoIndex;
  if (bare) return d.pass(e);
  Key key = e.key;
  if (key == 0 || (!e.element.inputs.empty() && !e.mapped)) {
    auto locals = d.inputs(e);
    if (!locals) return std::unexpected(locals.error());
    ev::element_activated made;
    made.key = key = key != 0 ? key : d.new_key();
    made.scope = e.scope;
    made.element = e.element.index;
    made.locals = d.sealed(e.scope, std::move(*locals));
    d.emit(made);
  }
  d.emit(ev::element_triggered{key, e.element.index, d.sealed(e.scope, std::move(results))});
  return {};
}

Done wait_for_event(Decider& d, const Entering& e) {
  ev::element_activated made;
  made.key = e.key != 0 ? e.key : d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  auto own = d.waits(e.program, {e.element.index}, made.key, inner(e), {*locals});
  if (!own) return std::unexpected(own.error());
  auto attached = attachments(d, e, made.key, *locals);
  if (!attached) return std::unexpected(attached.error());
  made.locals = d.sealed(e.scope, std::move(*locals));
  d.emit(made);
  d.open(*attached, e.program.process_id);
  d.open(*own, e.program.process_id);
  return {};
}

Done task(Decider& d, const Entering& e) { return at_once(d, e, {}); }
Done manual_task(Decider& d, const Entering& e) { return at_once(d, e, {}); }
Done service_task(Decider& d, const Entering& e) { return job(d, e); }
Done receive_task(Decider& d, const Entering& e) { return wait_for_event(d, e); }

// Section 13.3.3: sends and completes. Without a job its message goes to subscriptions of this engine.
Done send_task(Decider& d, const Entering& e) {
  if (e.element.job_type) return job(d, e);
  if (e.element.event.kind == bpmn::EventKind::message) {
    auto name = d.text_of(e.element.event.name, inner(e), "message name");
    if (!name) return std::unexpected(name.error());
    std::string correlation;
    if (e.element.event.correlation) {
      auto key = d.text_of(e.element.event.correlation, inner(e), "correlation key");
      if (!key) return std::unexpected(key.error());
      correlation = std::move(*key);
    }
    const std::string authority = d.authority_of(d.s.element(e.scope)->instance);
    auto done = at_once(d, e, {});
    if (done) d.publish(authority, *name, correlation, "", kInternalMessageTtlMs, "", "");
    return done;
  }
  return at_once(d, e, {});
}

static std::string packed_result(const std::string& variable, const feel::Value& value) {
  base::Json result = base::Json::object();
  result.set(variable, feel::to_json(value));
  return base::pack(result);
}

Done script_task(Decider& d, const Entering& e) {
  if (!e.element.script) return e.element.job_type ? job(d, e) : at_once(d, e, {});
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  auto value = d.evaluate(e.element.script, inner(e), {*locals});
  if (!value) return std::unexpected(value.error());
  return at_once(d, e, e.element.result.empty() ? std::string() : packed_result(e.element.result, *value));
}

Done business_rule_task(Decider& d, const Entering& e) {
  if (!e.element.decision) return job(d, e);
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  auto id = d.text_of(e.element.decision, inner(e), "decision id", {*locals});
  if (!id) return std::unexpected(id.error());
  const Definition* definition = d.bound(DefinitionKind::decision, *d.s.instances.find(d.s.element(e.scope)->instance), e.element.decision_binding, *id);
  const dmn::Program* program = definition ? d.programs.decision(d.s, definition->resource) : nullptr;
  if (program == nullptr) return trouble("CALLED_DECISION_ERROR", "no decision '" + *id + "' is deployed");
  const std::string visible = merge_objects(d.s.visible(inner(e)), *locals);
  feel::Context inputs;
  if (!visible.empty())
    for (auto it = base::Packed(visible).items(); it.more(); it.next()) inputs.entries.emplace_back(std::string(it.key()), feel::from_packed(it.value()));
  feel::Environment environment;
  environment.now = d.now;
  environment.zone = d.options.zone;
  program->read_texts(*id, inputs);
  auto evaluation = program->evaluate(*id, inputs, environment);
  if (!evaluation) return trouble("DECISION_EVALUATION_ERROR", evaluation.error().message);
  ev::decision_evaluated record;
  record.key = d.new_key();
  record.element_instance = e.key;
  record.scope = e.scope;
  record.element = e.element.index;
  record.definition = definition->key;
  record.decision_id = *id;
  record.version = definition->version;
  record.failed = evaluation->failed;
  base::Json trace = dmn::trace_json(*evaluation);
  trace.set("inputData", dmn::input_data_json(*evaluation));  // so that the decision can be asked again under other rules
  record.trace = d.sealed(e.scope, base::pack(trace));
  if (evaluation->failed) return trouble("DECISION_EVALUATION_ERROR", "decision '" + *id + "': " + evaluation->failure);
  const auto done = at_once(d, e, e.element.result.empty() ? base::pack(base::Json::object()) : packed_result(e.element.result, evaluation->value));
  if (done) d.emit(record);
  return done;
}

// Its creation, and the assignment that the model says, wait for their listeners.
static Done begin_listened(Decider& d, const Entering& e, ev::user_task_created& made, std::string locals) {
  ev::task_change_begun change;
  change.task = made.task;
  const bool asks = !e.element.listening(ListenerPhase::assigning).empty() && !made.assignee.empty();
  if (!e.element.listening(ListenerPhase::creating).empty()) change.phase = ListenerPhase::creating;
  else if (asks) change.phase = ListenerPhase::assigning;
  if (asks) change.assignee = std::exchange(made.assignee, {});
  auto done = begin(d, e, made, std::move(locals));
  if (done && change.phase != ListenerPhase::none) d.emit(change);
  return done;
}

// An engine-managed task of a person, with or without the zeebe:userTask marker.
Done user_task(Decider& d, const Entering& e) {
  ev::user_task_created made;
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  // Expressions of the task see its input mappings.
  const auto text = [&](const Expr& expr, std::string& into) -> Done {
    if (!expr) return {};
    auto value = d.evaluate(expr, inner(e), {*locals});
    if (!value) return std::unexpected(value.error());
    if (value->is_null()) return {};
    into = value->kind() == feel::Kind::string ? value->as_string() : feel::text(*value);
    if (value->kind() == feel::Kind::date_time)  // readers of the row want an instant, not FEEL text with a zone id
      if (const auto at = feel::to_millis(value->as_date_time(), d.options.zone)) into = base::iso_utc(*at);
    return {};
  };
  std::string priority;
  for (auto done : {text(e.element.assignee, made.assignee), text(e.element.due_date, made.due_date),
                    text(e.element.follow_up_date, made.follow_up_date), text(e.element.priority, priority)})
    if (!done) return done;
  auto groups = d.texts_of(e.element.candidate_groups, inner(e), "candidate groups");
  if (!groups) return std::unexpected(groups.error());
  auto users = d.texts_of(e.element.candidate_users, inner(e), "candidate users");
  if (!users) return std::unexpected(users.error());
  if (!priority.empty()) {
    const auto number = base::Decimal::parse(priority);
    const auto whole = number ? number->as_int64() : std::nullopt;
    if (!whole || *whole < 0 || *whole > 100) return trouble("EXTRACT_VALUE_ERROR", "priority '" + priority + "' is no whole number from 0 to 100");
    made.priority = static_cast<std::int32_t>(*whole);
  }
  made.key = e.key != 0 ? e.key : d.new_key();
  made.task = d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  made.candidate_groups = std::move(*groups);
  made.candidate_users = std::move(*users);
  made.form_key = e.element.form_key;
  made.form_id = e.element.form_id;
  if (!e.element.listeners) return begin(d, e, made, std::move(*locals));
  return begin_listened(d, e, made, std::move(*locals));
}

}  // namespace engine::handlers
