// What each event changes in the model: definitions, instances and elements. Mirrors what state/apply_*.cc says of variables and
// element instances.
#include "engine/projector/apply.h"

#include "engine/packing.h"

namespace engine {

base::Status Model::apply(const RecordView& record) {
  ++changed_;
  return visit_event(record, keys_, [&](const auto& event) { return on(event, record); });
}

// ---- definitions -------------------------------------------------------------------------------------------------------

ON(resource_deployed) {
  resources_.push_back({e.key, e.authority, e.name, e.content, static_cast<int>(e.kind)});
  resource_names_[e.key] = e.name;
  return {};
}

ON(process_deployed) {
  DefinitionInfo info{e.key, e.resource, e.authority, e.process_id, e.name, resource_names_[e.resource], e.version_tag, e.version, e.elements};
  definition_rows_.push_back({info, "process", {}, {}, at.time});
  definitions_[e.key] = std::move(info);
  note(e.authority, "definition", e.key, 0, "DEPLOYED");
  return {};
}

ON(decision_deployed) {
  DefinitionInfo info{e.key, e.resource, e.authority, e.decision_id, e.name, resource_names_[e.resource], {}, e.version, {}};
  definition_rows_.push_back({info, "decision", e.drg_id, e.drg_name, at.time});
  definitions_[e.key] = std::move(info);
  return {};
}

ON(form_deployed) {
  DefinitionInfo info{e.key, e.resource, e.authority, e.form_id, {}, resource_names_[e.resource], {}, e.version, {}};
  definition_rows_.push_back({info, "form", {}, {}, at.time});
  definitions_[e.key] = std::move(info);
  return {};
}

// ---- instances and elements --------------------------------------------------------------------------------------------

ON(instance_created) {
  LiveInstance made;
  made.key = e.instance;
  made.definition = e.definition;
  made.parent_element = e.parent_element;
  if (e.parent_element != 0) {
    if (const auto caller = owners_.find(e.parent_element)) made.parent = *caller;
  }
  made.root = e.root != 0 ? e.root : e.instance;
  made.slot = e.slot;
  made.authority = e.authority;
  made.business_key = e.business_key;
  made.actor = e.actor;
  made.started = at.time;
  made.variables.merge(e.variables.bytes);
  LiveInstance& placed = touch(instances_.insert_or_assign(e.instance, std::move(made)).first->second);
  day(placed, at.time, &DayCounts::started);
  count(placed, 0, 1, 0, 0);
  note(placed.authority, "instance", placed.key, placed.key, placed.state);
  return {};
}

base::Status Model::end_instance(Key key, const char* state, base::Millis at) {
  TRY(LiveInstance* const found, instance(key));
  if (found == nullptr) return {};
  touch(*found);
  const bool completed = std::string_view(state) == "COMPLETED";
  while (!found->elements.empty()) TRY_VOID(end_element(*found, found->elements.begin()->first, ElementState::terminated, at));
  TRY_VOID(drop_attached(*found, 0, at));
  found->state = state;
  found->ended = at;
  count(*found, 0, -1, completed ? 1 : 0, completed ? 0 : 1);
  day(*found, at, completed ? &DayCounts::completed : &DayCounts::canceled);
  if (completed) day(*found, at, found->user_tasks > 0 ? &DayCounts::with_task : &DayCounts::without_task);
  note(found->authority, "instance", key, key, state);
  return {};
}

ON(instance_completed) {
  TRY(LiveInstance* const found, instance(e.instance));
  if (found == nullptr) return {};
  if (e.to_parent && found->parent != 0) {
    TRY(LiveInstance* const caller, instance(found->parent));
    if (caller != nullptr) {
      const auto at_caller = caller->elements.find(found->parent_element);
      if (at_caller != caller->elements.end()) touch(*caller).elements.at(found->parent_element).pending = found->variables.pack();
    }
  }
  return end_instance(e.instance, "COMPLETED", at.time);
}

ON(instance_terminated) { return end_instance(e.instance, "TERMINATED", at.time); }

ON(instance_forgotten) {
  // Asked for while it still runs: it is stopped first, and the event comes again when it is.
  TRY(LiveInstance* const found, instance(e.instance));
  if (found != nullptr && found->alive()) return {};
  forgotten_.push_back(e.instance);
  forgotten_now_.push_back({e.authority, e.instance});
  note(e.authority, "instance", e.instance, e.instance, "FORGOTTEN");
  return {};
}

ON(element_activated) {
  LiveInstance* found = nullptr;
  TRY_VOID(begin_element(e.key, e.scope, e.element, e.loop, e.body, 0, e.locals, at.time, found));
  if (found != nullptr && e.body) found->elements.at(e.key).total = e.total;
  return {};
}

ON(element_passed) {
  TRY(LiveInstance* const found, owner(e.scope));
  if (found == nullptr) return {};
  touch(*found).history.add({e.key, e.scope, e.element, ElementState::completed, at.time, at.time});
  count(*found, e.element, 0, 1, 0);
  return {};
}

ON(element_completed) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  const auto live = found->elements.find(e.key);
  if (live == found->elements.end()) return {};
  touch(*found);
  LiveElement& element = live->second;
  if (element.loop != 0) {
    const auto body = found->elements.find(element.scope);
    if (body != found->elements.end() && !e.outputs.empty()) body->second.outputs[element.loop] = e.outputs.bytes;
  } else if (e.merge == ev::Merge::outputs) {
    propagate(*found, element.scope, e.outputs.bytes);
  }
  if (e.merge == ev::Merge::pending) propagate(*found, element.scope, std::string(element.pending));
  if (e.merge == ev::Merge::collection) {
    const std::uint32_t total = element.outputs.empty() ? 0 : element.outputs.rbegin()->first;
    const auto output = [&](std::size_t i) -> std::string_view {
      const auto at_item = element.outputs.find(static_cast<std::uint32_t>(i + 1));
      return at_item == element.outputs.end() ? std::string_view() : at_item->second;
    };
    propagate(*found, element.scope, packed_collection(e.collection, total, output));
  }
  return end_element(*found, e.key, ElementState::completed, at.time);
}

ON(element_terminating) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  const auto live = found->elements.find(e.key);
  if (live == found->elements.end()) return {};
  // A task whose canceling listeners are asked is there until they are through.
  const auto change = tasks_.find(live->second.work);
  const bool asked = change != tasks_.end() && change->second.state == "CANCELING";
  if (!asked) TRY_VOID(drop_work(touch(*found), live->second, at.time));
  return drop_attached(*found, e.key, at.time);
}

ON(element_terminated) {
  TRY(LiveInstance* const found, owner(e.key));
  if (found == nullptr) return {};
  const auto live = found->elements.find(e.key);
  const Key scope = live == found->elements.end() ? found->key : live->second.scope;
  TRY_VOID(end_element(*found, e.key, ElementState::terminated, at.time));
  if (e.event_key != 0) {  // the boundary event that takes over is passed with it
    touch(*found).history.add({e.event_key, scope, e.event, ElementState::completed, at.time, at.time});
    count(*found, e.event, 0, 1, 0);
  }
  return {};
}

IGNORE(token_parked)
IGNORE(gateway_activated)
IGNORE(tokens_joined)
IGNORE(tokens_placed)
IGNORE(start_gathered)
IGNORE(start_settled)
IGNORE(deployment_bound)
IGNORE(compensation_thrown)
IGNORE(conditions_continued)

// A completed activity lives again while it is compensated.
ON(compensation_started) {
  if (e.replica == 0) return {};
  LiveInstance* found = nullptr;
  return begin_element(e.replica, e.by, e.element, 0, false, 0, {}, at.time, found);
}

IGNORE(step_dropped)
IGNORE(step_repeated)

ON(variables_set) {
  TRY(LiveInstance* const found, owner(e.scope));
  if (found == nullptr || e.variables.forgotten) return {};
  if (!e.actor.empty()) {
    const auto scope = found->elements.find(e.scope);
    touch(*found).history.mark(MarkKind::variables, at.time, scope == found->elements.end() ? 0 : scope->second.element, e.actor);
  }
  if (!e.local) {
    propagate(*found, e.scope, e.variables.bytes);
    return {};
  }
  touch(*found);
  const auto element = found->elements.find(e.scope);
  (element == found->elements.end() ? found->variables : element->second.locals).merge(e.variables.bytes);
  return {};
}

}  // namespace engine
