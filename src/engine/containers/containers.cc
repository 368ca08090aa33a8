// Embedded sub-processes and call activities (BPMN 2.0.2 sections 13.3.4, 13.3.5).
#include "engine/behaviour/handlers.h"

namespace engine::handlers {

Done sub_process(Decider& d, const Entering& e) {
  const Key outer = e.key != 0 ? e.key : e.scope;
  auto locals = d.mapped(e.element.inputs, outer);
  if (!locals) return std::unexpected(locals.error());
  ev::element_activated made;
  made.key = e.key != 0 ? e.key : d.new_key();
  made.scope = e.scope;
  made.element = e.element.index;
  made.enter = e.element.starts;
  auto attached = attachments(d, e, made.key, *locals);
  if (!attached) return std::unexpected(attached.error());
  auto inside = d.waits(e.program, d.scope_triggers(e.program, e.element), made.key, outer, {*locals});
  if (!inside) return std::unexpected(inside.error());
  made.locals = d.sealed(e.scope, std::move(*locals));
  d.emit(made);
  d.open(*inside, e.program.process_id);  // first: they win over boundary events of the same scope
  d.open(*attached, e.program.process_id);
  if (made.enter.empty()) d.emit(ev::element_triggered{made.key, e.element.index, {}});  // nothing in it: done at once
  return {};
}

Done event_sub_process(Decider& d, const Entering& e) { return sub_process(d, e); }
Done transaction(Decider& d, const Entering& e) { return sub_process(d, e); }
Done ad_hoc_sub_process(Decider&, const Entering& e) { return trouble("UNSUPPORTED_ELEMENT", "ad-hoc sub-process '" + e.element.id + "'"); }

Done call_activity(Decider& d, const Entering& e) {
  const Key outer = e.key != 0 ? e.key : e.scope;
  auto locals = d.mapped(e.element.inputs, outer);
  if (!locals) return std::unexpected(locals.error());
  auto id = d.text_of(e.element.called, outer, "called process", {*locals});
  if (!id) return std::unexpected(id.error());
  const Instance& caller = *d.s.instances.find(d.s.element(e.scope)->instance);
  const Definition* definition = d.s.latest(DefinitionKind::process, caller.authority, *id);
  const Program* program = definition ? d.programs.process(d.s, definition->key) : nullptr;
  if (program == nullptr) return trouble("CALLED_ELEMENT_ERROR", "no process '" + *id + "' is deployed");
  if (program->at(0).starts.empty()) return trouble("CALLED_ELEMENT_ERROR", "process '" + *id + "' has no none start event");
  if (caller.depth + 1 > static_cast<std::uint32_t>(base::limits::kCallDepth)) return trouble("LIMIT_EXCEEDED", "more than kCallDepth calls inside calls");
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
  return d.call(*definition, *program, *d.s.element(made.key), variables);
}

}  // namespace engine::handlers
