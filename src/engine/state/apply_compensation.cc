// apply: what was completed and can be compensated, and who compensates it.
#include <algorithm>
#include <iterator>
#include <limits>
#include <set>

#include "engine/state/mark.h"
#include "engine/state/state.h"

namespace engine {

// The element is about to complete: its own data, and what was completed inside it, go into its scope's list. The body of
// a multi-instance is only its items.
void State::apply(const ev::handler_completed& e, base::Millis) {
  ElementInstance* scope = elements.find(e.scope);
  if (scope == nullptr) return;
  auto& completed = extra(touch(*scope)).completed;
  ElementInstance* element = elements.find(e.key);
  const bool body = element != nullptr && element->body;
  if (element != nullptr && element->extra)
    for (Handler& one : std::exchange(touch(*element).extra->completed, {})) {
      if (one.under == 0 && !body) one.under = e.key;
      one.position = meta.position;
      completed.push_back(std::move(one));
    }
  if (!body) completed.push_back({e.element, e.handler, e.key, meta.position, 0, element ? std::string(variables(*element)) : std::string()});
}

void State::apply(const ev::compensation_thrown& e, base::Millis) {
  ElementInstance* element = elements.find(e.key);
  if (element == nullptr) return;
  Extra& more = extra(touch(*element));
  more.compensation = {true, false, e.cancels, e.leaves, e.scope, e.outer, e.activity, e.event, 0, meta.position};
  more.then = Then::nothing;
  more.then_payload.clear();
  element->life = Life::completing;
  push({StepKind::complete, element->instance, e.key});
}

// What goes with an activity: itself and what completed inside it. Inner ones stand before it in the list.
static std::vector<Handler> take_out(std::vector<Handler>& completed, Key key) {
  std::vector<Handler> inside, left;
  std::set<Key> within{key};
  for (auto one = completed.rbegin(); one != completed.rend(); ++one) {
    if (one->key == key) continue;
    if (!within.contains(one->under)) {
      left.push_back(std::move(*one));
      continue;
    }
    within.insert(one->key);
    if (one->under == key) one->under = 0;
    inside.push_back(std::move(*one));
  }
  completed.assign(std::make_move_iterator(left.rbegin()), std::make_move_iterator(left.rend()));
  return {std::make_move_iterator(inside.rbegin()), std::make_move_iterator(inside.rend())};
}

void State::apply(const ev::compensation_started& e, base::Millis) {
  std::string variables;
  std::vector<Handler> inside;
  if (ElementInstance* scope = elements.find(e.scope); scope && scope->extra) {
    auto& completed = touch(*scope).extra->completed;
    const auto at = std::find_if(completed.begin(), completed.end(), [&](const Handler& one) { return one.key == e.key; });
    if (at != completed.end()) {
      variables = std::move(at->variables);
      inside = take_out(completed, e.key);
    }
  }
  ElementInstance* by = elements.find(e.by);
  if (by == nullptr) return;
  if (e.key == e.by && by->extra) touch(*by).extra->compensation.after = 0;
  Key where = e.by;
  if (e.replica != 0) {
    where = e.replica;
    ElementInstance& made = make_element(e.replica, e.by, e.element);
    set_variables(made, variables);
    Extra& more = extra(made);
    more.completed = std::move(inside);
    more.compensation.replica = true;
    more.compensation.active = e.all;
    more.compensation.scope = e.replica;
    more.compensation.after = e.after;
    more.compensation.until = std::numeric_limits<std::uint64_t>::max();
  }
  ElementInstance* place = elements.find(where);
  if (e.enter != 0) {
    push({StepKind::enter, place->instance, where, e.enter});
  } else {
    touch(*place).life = Life::completing;
    push({StepKind::complete, place->instance, where});
  }
}

}  // namespace engine
