#include "engine/projector/items.h"

#include <charconv>

#include "base/packed.h"
#include "base/text.h"
#include "base/time.h"
#include "bpmn/model.h"

namespace engine {
namespace {

using base::Json;

// A variable's key is its scope's key (below 2^53) with the variable's place in the scope above it: stable, since
// variables are never taken out of a scope, and no row of its own is needed.
constexpr int kKeyBits = 53;
constexpr std::size_t kVariablePlaces = 1'023;
std::int64_t variable_key(Key scope, std::size_t place) {
  return scope | static_cast<std::int64_t>(std::min(place, kVariablePlaces)) << kKeyBits;
}

std::string plain_of(store::Keys* keys, store::KeySlot slot, const std::string& sealed, std::string_view context, bool& forgotten) {
  if (sealed.empty() || slot == 0 || keys == nullptr) return sealed;
  auto opened = keys->open(slot, sealed, context);
  if (opened) return std::move(*opened);
  forgotten = true;
  return {};
}

std::int64_t key_of(const Json& value) {
  if (value.is_int()) return value.as_int();
  if (value["$eq"].is_string() || value["$eq"].is_int()) return key_of(value["$eq"]);
  if (!value.is_string()) return 0;
  std::int64_t out = 0;
  std::from_chars(value.as_string().data(), value.as_string().data() + value.as_string().size(), out);
  return out;
}

}  // namespace

std::string element_type(std::uint8_t type) {
  if (type == 255) return "PROCESS";
  std::string out;
  for (const char c : bpmn::xml_name(static_cast<bpmn::ElementType>(type))) {
    if (c >= 'A' && c <= 'Z') out += '_';
    out += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return out;
}

Key scope_of_variable(std::int64_t key) { return key & ((std::int64_t{1} << kKeyBits) - 1); }

base::Result<std::optional<Inside>> load_inside(store::Connection& connection, store::Keys* keys, Key instance, const std::string& authority) {
  Inside out;
  TRY(auto* row, connection.prepare("SELECT definition, state, started, ended, slot, history, live, data FROM instances WHERE key = ?1 AND authority = ?2"));
  TRY(const bool found, row->begin().bind(1, instance).bind_text(2, authority).step());
  if (!found) return std::optional<Inside>{};
  out.one.key = instance;
  out.one.authority = authority;
  out.one.definition = row->integer(0);
  out.one.state = row->text(1);
  out.one.started = row->integer(2);
  out.one.ended = row->integer(3);
  out.one.slot = static_cast<store::KeySlot>(row->integer(4));
  TRY(out.one.history, History::decode(row->text(5), instance, out.one.started));
  TRY_VOID(out.one.decode_live(row->text(6)));
  TRY_VOID(out.one.decode_data(plain_of(keys, out.one.slot, row->text(7), "instance", out.forgotten)));
  row->begin();
  TRY(auto* definition, connection.prepare("SELECT id, name, version, elements FROM definitions WHERE key = ?1"));
  TRY(const bool known, definition->begin().bind(1, out.one.definition).step());
  if (known) {
    out.definition.id = definition->text(0);
    out.definition.name = definition->text(1);
    out.definition.version = definition->integer(2);
    out.definition.elements = decode_elements(definition->text(3));
  }
  definition->begin();
  for (const auto& [place, key] : out.one.history.before) {
    TRY(const bool there, definition->begin().bind(1, key).step());
    if (there) out.earlier[key] = decode_elements(definition->text(3));
    definition->begin();
  }
  TRY(auto* incidents, connection.prepare("SELECT key, element_instance FROM incidents WHERE instance = ?1 AND state = 'ACTIVE'"));
  incidents->begin().bind(1, instance);
  while (true) {
    TRY(const bool more, incidents->step());
    if (!more) break;
    out.incidents[incidents->integer(1)] = {incidents->integer(0), "ACTIVE"};
  }
  TRY(auto* tasks, connection.prepare("SELECT element_instance, slot, data FROM user_tasks WHERE instance = ?1"));
  tasks->begin().bind(1, instance);
  while (true) {
    TRY(const bool more, tasks->step());
    if (!more) break;
    bool gone = false;
    out.task_locals[tasks->integer(0)].merge(plain_of(keys, static_cast<store::KeySlot>(tasks->integer(1)), tasks->text(2), "task", gone));
  }
  return std::optional<Inside>(std::move(out));
}

base::Result<Scope> scope_of(store::Connection& connection, const Json& filter, const std::string& authority) {
  Scope out;
  out.instance = key_of(filter["processInstanceKey"]);
  out.scope = key_of(filter["scopeKey"]);
  if (const Key task = key_of(filter["userTaskKey"]); task != 0) {
    TRY(auto* row, connection.prepare("SELECT instance, element_instance FROM user_tasks WHERE key = ?1 AND authority = ?2"));
    TRY(const bool found, row->begin().bind(1, task).bind_text(2, authority).step());
    if (found) {
      out.instance = row->integer(0);
      out.visible_from = row->integer(1);
    }
    row->begin();
    if (!found) return base::fail(base::ErrorCode::not_found, "no user task " + std::to_string(task));
  }
  if (out.instance == 0) out.instance = out.scope;
  if (out.instance == 0) {
    return base::fail(base::ErrorCode::invalid_argument, "the filter needs processInstanceKey", {},
                      "processInstanceKey, or for variables userTaskKey, or scopeKey of an instance");
  }
  return out;
}

std::vector<Json> element_items(const Inside& inside) {
  std::vector<Json> out;
  const auto add = [&](Key of, Key key, Key scope, Index element, const char* state, base::Millis start, base::Millis end) {
    const std::vector<ElementRow>& rows = inside.elements_of(of);
    const bool known = element < rows.size();
    Json item = Json::object();
    item.set("elementInstanceKey", std::to_string(key)).set("processInstanceKey", std::to_string(inside.one.key));
    item.set("flowScopeKey", std::to_string(scope)).set("processDefinitionKey", std::to_string(of));
    item.set("processDefinitionId", inside.definition.id).set("elementId", known ? rows[element].id : std::string());
    item.set("elementName", known ? rows[element].name : std::string());
    item.set("type", known ? element_type(rows[element].type) : std::string("UNKNOWN")).set("state", state);
    item.set("startDate", base::iso_utc(start)).set("endDate", end == 0 ? Json() : Json(base::iso_utc(end)));
    const auto incident = inside.incidents.find(key);
    item.set("hasIncident", incident != inside.incidents.end());
    item.set("incidentKey", incident == inside.incidents.end() ? Json() : Json(std::to_string(incident->second.first)));
    item.set("tenantId", inside.one.authority);
    out.push_back(std::move(item));
  };
  const bool active = inside.one.alive();
  const Key now = inside.one.definition;
  add(now, inside.one.key, 0, 0, active ? "ACTIVE" : inside.one.state.c_str(), inside.one.started, active ? 0 : inside.one.ended);
  for (std::size_t i = 0; i < inside.one.history.entries.size(); ++i) {
    const HistoryEntry& entry = inside.one.history.entries[i];
    add(inside.one.history.definition_of(i, now), entry.key, entry.scope, entry.element, entry.state == ElementState::completed ? "COMPLETED" : "TERMINATED", entry.start, entry.end);
  }
  for (const auto& [key, element] : inside.one.elements) add(now, key, element.scope, element.element, "ACTIVE", element.start, 0);
  return out;
}

std::vector<Json> variable_items(const Inside& inside, const Scope& scope) {
  std::vector<Json> out;
  const auto add = [&](Key of, const Variables& variables, bool replace) {
    std::size_t place = 0;
    for (const auto& [name, packed] : variables.items()) {
      auto value = base::unpack(packed);
      Json item = Json::object();
      item.set("variableKey", std::to_string(variable_key(of, place++))).set("name", name);
      item.set("value", value ? value->dump() : "null").set("isTruncated", false);
      item.set("scopeKey", std::to_string(of)).set("processInstanceKey", std::to_string(inside.one.key));
      item.set("tenantId", inside.one.authority);
      const auto same = std::find_if(out.begin(), out.end(), [&](const Json& one) { return replace && one["name"].as_string() == name; });
      if (same == out.end()) out.push_back(std::move(item));
    }
  };
  const auto locals_of = [&](Key key) -> const Variables* {
    if (const auto live = inside.one.elements.find(key); live != inside.one.elements.end()) return &live->second.locals;
    const auto task = inside.task_locals.find(key);
    return task == inside.task_locals.end() ? nullptr : &task->second;
  };
  if (scope.visible_from != 0) {
    // Nearest scope first: what a person or worker there sees.
    if (const Variables* own = locals_of(scope.visible_from)) add(scope.visible_from, *own, true);
    auto at = inside.one.elements.find(scope.visible_from);
    while (at != inside.one.elements.end()) {
      at = inside.one.elements.find(at->second.scope);
      if (at != inside.one.elements.end()) add(at->first, at->second.locals, true);
    }
    add(inside.one.key, inside.one.variables, true);
    return out;
  }
  if (scope.scope == 0 || scope.scope == inside.one.key) add(inside.one.key, inside.one.variables, false);
  for (const auto& [key, element] : inside.one.elements) {
    if (scope.scope == 0 || scope.scope == key) add(key, element.locals, false);
  }
  for (const auto& [key, locals] : inside.task_locals) {
    if (!inside.one.elements.contains(key) && (scope.scope == 0 || scope.scope == key)) add(key, locals, false);
  }
  return out;
}

}  // namespace engine
