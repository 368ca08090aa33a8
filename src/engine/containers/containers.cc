// Embedded sub-processes and call activities (BPMN 2.0.2 sections 13.3.4, 13.3.5).
#include <algorithm>
#include <optional>

#include "engine/behaviour/handlers.h"
#include "engine/containers/pending.h"

namespace engine::handlers {

// Its own data objects and properties (section 10.4.1) are variables that nothing outside can be reached by.
std::string with_declared(const ElementProgram& scope, const std::string& locals) {
  if (scope.declared.empty()) return locals;
  base::Json own = base::Json::object();
  for (const std::string& name : scope.declared) own.set(name, base::Json());
  return merge_objects(base::pack(own), locals);
}

static std::expected<Key, Trouble> begin_scope(Decider& d, const Entering& e, std::vector<Index> enter, const std::string& variables, bool asks = false) {
  const Key outer = e.key != 0 ? e.key : e.scope;
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  *locals = with_declared(e.element, *locals);
  if (!variables.empty()) *locals = merge_objects(*locals, variables);
  ev::element_activated made;
  made.key = e.key != 0 ? e.key : d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  made.enter = std::move(enter);
  auto attached = attachments(d, e, made.key, *locals);
  if (!attached) return std::unexpected(attached.error());
  auto inside = d.waits(e.program, d.scope_triggers(e.program, e.element), made.key, outer, {*locals});
  if (!inside) return std::unexpected(inside.error());
  std::optional<ev::job_created> asked;
  if (asks) {
    auto job = job_for(d, e, *locals);
    if (!job) return std::unexpected(job.error());
    asked = std::move(*job);
    asked->key = made.key;
  }
  made.locals = d.sealed(e.scope, std::move(*locals));
  d.emit(made);
  d.open(*inside, e.program.process_id);  // first: they win over boundary events of the same scope
  d.open(*attached, e.program.process_id);
  if (asked) d.emit(*asked);
  return made.key;
}

static Done open_scope(Decider& d, const Entering& e, std::vector<Index> enter, bool asks = false) {
  const bool empty = enter.empty();
  const auto made = begin_scope(d, e, std::move(enter), {}, asks);
  if (!made) return std::unexpected(made.error());
  if (empty && !asks) d.emit(ev::element_triggered{*made, e.element.index, {}});  // nothing begins in it: done at once, or open
  return {};
}

std::expected<Key, Trouble> make_scope(Decider& d, const Entering& e, const std::string& variables) { return begin_scope(d, e, {}, variables); }

Done sub_process(Decider& d, const Entering& e) { return open_scope(d, e, e.element.starts); }
Done event_sub_process(Decider& d, const Entering& e) { return sub_process(d, e); }
Done transaction(Decider& d, const Entering& e) { return sub_process(d, e); }

// Section 13.3.5: what is in it begins in any order. Which elements do is said by a list of their ids, or by the worker of
// its job; without either all begin that nothing leads to, and more on request (ActivateElements) while it is open.
Done ad_hoc_sub_process(Decider& d, const Entering& e) {
  const AdHocProgram& how = *e.element.ad_hoc;
  if (e.element.job_type) return open_scope(d, e, {}, true);
  if (!how.elements) return open_scope(d, e, e.element.starts);
  auto ids = d.texts_of(how.elements, e.key != 0 ? e.key : e.scope, "active elements");
  if (!ids) return std::unexpected(ids.error());
  std::vector<Index> enter;
  for (const std::string& id : *ids) {
    const Index index = e.program.find(id);
    if (index == kNoIndex || std::find(e.element.starts.begin(), e.element.starts.end(), index) == e.element.starts.end())
      return trouble("EXTRACT_VALUE_ERROR", "'" + id + "' is no element of '" + e.element.id + "' that can begin");
    enter.push_back(index);
  }
  return open_scope(d, e, std::move(enter));
}

}  // namespace engine::handlers

namespace engine {

// bindingType versionTag: the latest version that carries the tag.
static const Definition* tagged(const State& s, const std::string& authority, const std::string& id, const std::string& tag) {
  const auto versions = s.versions.find(State::definition_key(DefinitionKind::process, authority, id));
  if (versions == s.versions.end()) return nullptr;
  for (auto one = versions->second.rbegin(); one != versions->second.rend(); ++one)
    if (const Definition* definition = s.definitions.find(one->second); definition && definition->version_tag == tag) return definition;
  return nullptr;
}

const Definition* Decider::bound(DefinitionKind kind, const Instance& instance, const Binding& binding, const std::string& id) const {
  if (binding.to == Bound::latest) return s.latest(kind, instance.authority, id);
  if (binding.to == Bound::version_tag) return tagged(s, instance.authority, id, binding.tag);
  const Definition* own = s.definitions.find(instance.definition);
  for (const Key key : own != nullptr ? own->bound : std::vector<Key>())
    if (const Definition* one = s.definitions.find(key); one != nullptr && one->kind == kind && one->id == id) return one;
  return nullptr;
}

}  // namespace engine

namespace engine::handlers {

static std::string where_bound(const Binding& binding) {
  return binding.to == Bound::deployment ? " with the process that calls it" : binding.to == Bound::version_tag ? " with the version tag '" + binding.tag + "'" : "";
}

Done call_activity(Decider& d, const Entering& e) {
  if (e.element.global != kProcessType) return handlers::of(e.element.global)(d, e);  // section 10.3.6: a global task is done here
  const Key outer = e.key != 0 ? e.key : e.scope;
  auto locals = d.inputs(e);
  if (!locals) return std::unexpected(locals.error());
  auto id = d.text_of(e.element.called, outer, "called process", {*locals});
  if (!id) return std::unexpected(id.error());
  const Instance& caller = *d.s.instances.find(d.s.element(e.scope)->instance);
  const Definition* definition = d.bound(DefinitionKind::process, caller, e.element.called_binding, *id);
  const Program* program = definition ? d.programs.process(d.s, definition->key) : nullptr;
  if (program == nullptr) return trouble("CALLED_ELEMENT_ERROR", "no process '" + *id + "' is deployed" + where_bound(e.element.called_binding));
  if (program->at(0).starts.empty()) return trouble("CALLED_ELEMENT_ERROR", "process '" + *id + "' has no none start event");
  if (caller.depth + 1 > base::limits::kCallDepth) return trouble("LIMIT_EXCEEDED", "more than kCallDepth calls inside calls");
  std::string business_key;
  if (e.element.called_business_key) {
    auto said = d.text_of(e.element.called_business_key, outer, "business id", {*locals});
    if (!said) return std::unexpected(said.error());
    business_key = std::move(*said);
  }
  ev::element_activated made;
  made.key = e.key != 0 ? e.key : d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  auto attached = attachments(d, e, made.key, *locals);
  if (!attached) return std::unexpected(attached.error());
  const std::string variables = e.element.all_to_child ? merge_objects(d.s.visible(outer), *locals) : *locals;
  made.locals = d.sealed(e.scope, std::move(*locals));
  d.emit(made);
  d.open(*attached, e.program.process_id);
  return d.call(*definition, *program, *d.s.element(made.key), variables, business_key);
}

}  // namespace engine::handlers

namespace engine {

bool is_inner(const State& s, const ElementInstance& at) {
  const ElementInstance* scope = at.scope == 0 || at.body ? nullptr : s.element(at.scope);
  return scope != nullptr && scope->element == at.element && !scope->body;
}

// Its start listeners come first: one is at work, or the step behind the last has not been taken.
static bool not_begun(const State& s, const ElementInstance& at) {
  return (at.extra && at.extra->listener != 0) || pending(s, at, StepKind::begin);
}

// Whoever works for the ad-hoc sub-process says what is done next, with what is known now: a job that waits is replaced.
// What fails has an incident of its own: what led here is done.
Done Decider::ask_next(const Program& program, const ElementInstance& at) {
  if ((at.extra && at.extra->then == Then::complete_scope) || not_begun(s, at)) return {};
  auto asked = handlers::job_for(*this, {program, program.at(at.element), at.scope, at.key}, {});
  if (asked) {
    std::vector<Key> gone;  // of a job that is no more
    if (at.work != 0 && at.extra)
      for (const Key key : at.extra->incidents)
        if (s.incidents.find(key)->job == at.work) gone.push_back(key);
    for (const Key key : gone) emit(ev::incident_resolved{key, ""});
    emit(*asked);
  } else {
    incident({StepKind::ask, at.instance, at.key}, asked.error());
  }
  return {};
}

// Section 13.3.5: the completion condition is asked whenever something inside was done.
Done Decider::after_inner(Key key) {
  const ElementInstance* scope = s.element(key);
  if (scope == nullptr || scope->body || scope->life == Life::terminating || is_inner(s, *scope)) return {};
  const Program& program = *program_of(*scope);
  const ElementProgram& element = program.at(scope->element);
  if (scope->extra && scope->extra->compensation.replica) return {};
  if (element.job_type) return ask_next(program, *scope);
  if (!element.ad_hoc || !element.ad_hoc->completion || !element.ad_hoc->cancel_remaining || s.idle(*scope)) return {};
  auto over = condition(element.ad_hoc->completion, key);
  // It cannot be answered now (the event that consumed the step is written): asked again when nothing is left in it.
  if (over && *over) emit(ev::element_terminating{key, Then::complete_scope, 0, {}});
  return {};
}

}  // namespace engine
