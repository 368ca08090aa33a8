// Multi-instance and standard loops (BPMN 2.0.2 sections 13.3.6, 13.3.7): a body holds the counters, items begin in
// bounded steps, each with its own element of the collection; no event carries the collection.
#include "engine/behaviour/handlers.h"
#include "engine/containers/pending.h"
#include "engine/planted.h"

namespace engine {

static constexpr std::uint32_t kItemsPerStep = 64;

static std::string item_locals(const LoopProgram& loop, std::span<const feel::Value> items, std::uint32_t index) {
  base::Json locals = base::Json::object();
  locals.set("loopCounter", static_cast<std::int64_t>(index + 1));
  if (index < items.size() && !loop.input_element.empty()) locals.set(loop.input_element, feel::to_json(items[index]));
  return base::pack(locals);
}

// Standard loop: does another round begin? Section 13.3.6.
static std::expected<bool, Trouble> another_round(Decider& d, const LoopProgram& loop, const ElementInstance& body) {
  const std::uint32_t started = body.extra->started;
  if (loop.maximum) {
    auto maximum = d.evaluate(loop.maximum, body.scope);
    if (!maximum) return std::unexpected(maximum.error());
    const auto number = maximum->kind() == feel::Kind::number ? maximum->as_number().as_int64() : std::nullopt;
    if (!number) return trouble("EXTRACT_VALUE_ERROR", "loop maximum '" + loop.maximum.text + "' is no whole number");
    if (started >= static_cast<std::uint64_t>(std::max<std::int64_t>(0, *number))) return false;
  }
  if (started == 0 && !loop.test_before) return true;
  if (!loop.condition) return loop.maximum ? true : started == 0;
  return d.condition(loop.condition, body.scope);
}

Done Decider::loop(const ElementInstance& body, const Step&) {
  const Program& program = *program_of(body);
  const ElementProgram& element = program.at(body.element);
  const LoopProgram& loop = *element.loop;
  const Extra& counters = *body.extra;
  const std::uint32_t active = counters.started - counters.done, total = counters.total;
  const Key key = body.key, instance = body.instance;
  std::uint32_t begin = 0;
  if (loop.standard) {
    if (active > 0) return {};
    auto more = another_round(*this, loop, body);
    if (!more) return std::unexpected(more.error());
    if (!*more) return complete(body);
    begin = 1;
  } else {
    if (counters.done >= counters.total && active == 0) {
      if (!pending(s, body, StepKind::trigger)) return complete(body);
      emit(ev::step_repeated{instance, 0});  // what the last items threw is caught before the body ends, and its boundary events with it
      return {};
    }
    const std::uint32_t left = counters.total - counters.started;
    if (loop.sequential) begin = active == 0 ? std::min(1u, left) : 0;
    else begin = planted("7") ? left : std::min(kItemsPerStep, left);
  }
  if (begin == 0) return {};
  std::span<const feel::Value> items;
  if (loop.collection) {
    auto list = collection(loop.collection, key, body.scope);
    if (!list) return std::unexpected(list.error());
    items = *list;
  }
  const std::uint32_t first = counters.started;
  const bool more = !loop.sequential && first + begin < total;
  if (more) emit(ev::step_repeated{instance, 0});
  for (std::uint32_t i = first; i < first + begin; ++i) {
    ev::element_activated e;
    e.key = new_key();
    e.scope = key;
    e.element = element.index;
    e.begin = true;
    e.loop = i + 1;
    e.locals = sealed(key, item_locals(loop, items, i));
    emit(e);
  }
  if (first + begin >= total) programs.collections.drop(key);
  return {};
}

// Section 13.3.7, behavior: None throws for every item, One for the first, Complex where a condition holds, All never.
std::expected<std::vector<Decider::ItemEvent>, Trouble> Decider::item_events(const ElementInstance& item, const ElementProgram& element, const std::string& outputs) {
  std::vector<ItemEvent> all;
  const LoopProgram& loop = *element.loop;
  const ElementInstance* body = s.element(item.scope);
  const std::uint32_t done = body != nullptr && body->extra ? body->extra->done : 0;
  if (loop.thrown.empty() || (loop.behavior == Behavior::one && done > 0)) return all;
  base::Json numbers = base::Json::object();
  numbers.set("numberOfCompletedInstances", static_cast<std::int64_t>(done + 1));
  const std::string counters = base::pack(numbers);
  for (const LoopProgram::Thrown& one : loop.thrown) {
    if (one.condition) {
      auto holds = condition(one.condition, item.key, {outputs, counters});
      if (!holds) return std::unexpected(holds.error());
      if (!*holds) continue;
    }
    ItemEvent event{one.event.kind, one.event.code, {}};
    if (event.kind != bpmn::EventKind::escalation) {
      auto name = text_of(one.event.name, item.key, "message or signal name", {outputs});
      if (!name) return std::unexpected(name.error());
      event.name = std::move(*name);
      if (one.event.correlation) {
        auto key = text_of(one.event.correlation, item.key, "correlation key", {outputs});
        if (!key) return std::unexpected(key.error());
        event.correlation = std::move(*key);
      }
    }
    all.push_back(std::move(event));
  }
  return all;
}

void Decider::throw_item_event(Key body, const std::string& authority, const ItemEvent& event) {
  if (event.kind == bpmn::EventKind::signal) return void(signal(authority, event.name, ""));
  if (event.kind == bpmn::EventKind::message) return void(publish(authority, event.name, event.correlation, "", handlers::kInternalMessageTtlMs, "", ""));
  if (const Catcher catcher = find_catcher(event.kind, body, event.name); catcher.element_instance != 0) emit(ev::element_triggered{catcher.element_instance, catcher.event, {}});
}

}  // namespace engine
