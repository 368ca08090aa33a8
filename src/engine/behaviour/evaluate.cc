// FEEL in scopes: free names are variables, nearest scope first.
#include "engine/behaviour/decider.h"

namespace engine {

std::expected<feel::Value, Trouble> Decider::evaluate(const Expr& expr, Key scope, const Overlays& overlays) {
  if (!expr.is_feel) return feel::Value::string(expr.text);
  const auto& names = expr.feel.inputs();
  std::vector<feel::Value> values(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    bool found = false;
    base::Packed value("");
    for (const std::string_view overlay : overlays)
      if (!overlay.empty() && base::Packed(overlay).kind() == base::Packed::Kind::object && base::Packed(overlay).find(names[i], value)) {
        values[i] = feel::from_packed(value);
        found = true;
        break;
      }
    std::string_view packed;
    if (!found && s.variable(scope, names[i], packed)) values[i] = feel::from_packed(base::Packed(packed));
  }
  feel::Environment environment;
  environment.now = now;
  environment.zone = options.zone;
  return expr.feel.evaluate(values, environment);
}

std::expected<std::span<const feel::Value>, Trouble> Decider::collection(const Expr& expr, Key body, Key scope) {
  const ElementInstance* at = s.element(scope);
  const Instance* owner = at != nullptr ? s.instances.find(at->instance) : nullptr;
  const std::uint64_t writes = owner != nullptr ? owner->writes : 0;
  // Only these two of FEEL's functions ask anything but their arguments.
  const bool timed = expr.text.find("now") != std::string::npos || expr.text.find("today") != std::string::npos;
  const base::Millis asked = timed ? now : 0;
  const auto inputs = [&] {
    std::vector<std::string> values;
    if (expr.is_feel)
      for (const auto& name : expr.feel.inputs()) {
        std::string_view packed;
        values.emplace_back(s.variable(scope, name, packed) ? packed : std::string_view());
      }
    return values;
  };
  const feel::Value* list = programs.collections.find(body, writes, asked, inputs);
  if (list == nullptr) {
    auto value = evaluate(expr, scope);
    if (!value) return std::unexpected(value.error());
    if (value->kind() != feel::Kind::list) return trouble("EXTRACT_VALUE_ERROR", "input collection '" + expr.text + "' is no list");
    list = &programs.collections.keep(body, {writes, inputs(), asked}, std::move(*value));
  }
  return list->as_list();
}

std::expected<std::string, Trouble> Decider::text_of(const Expr& expr, Key scope, const char* what, const Overlays& overlays) {
  auto value = evaluate(expr, scope, overlays);
  if (!value) return std::unexpected(value.error());
  if (value->kind() == feel::Kind::string) return std::string(value->as_string());
  if (value->is_null()) return trouble("EXTRACT_VALUE_ERROR", std::string(what) + " '" + expr.text + "' is null" + (value->reason().empty() ? "" : ": " + std::string(value->reason())));
  return feel::text(*value);
}

std::expected<std::vector<std::string>, Trouble> Decider::texts_of(const Expr& expr, Key scope, const char* what) {
  std::vector<std::string> all;
  if (!expr) return all;
  auto value = evaluate(expr, scope);
  if (!value) return std::unexpected(value.error());
  if (value->kind() == feel::Kind::list) {
    for (const feel::Value& item : value->as_list()) all.push_back(item.kind() == feel::Kind::string ? std::string(item.as_string()) : feel::text(item));
  } else if (value->kind() == feel::Kind::string) {
    std::string_view rest = value->as_string();
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view part = rest.substr(0, comma);
      while (part.starts_with(' ')) part.remove_prefix(1);
      while (part.ends_with(' ')) part.remove_suffix(1);
      if (!part.empty()) all.emplace_back(part);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  } else if (!value->is_null()) {
    return trouble("EXTRACT_VALUE_ERROR", std::string(what) + " '" + expr.text + "' is no text and no list of texts");
  }
  return all;
}

std::expected<bool, Trouble> Decider::condition(const Expr& expr, Key scope, const Overlays& overlays) {
  auto value = evaluate(expr, scope, overlays);
  if (!value) return std::unexpected(value.error());
  if (value->kind() == feel::Kind::boolean) return value->as_boolean();
  const std::string is = value->is_null() ? "null" + (value->reason().empty() ? "" : ": " + std::string(value->reason())) : feel::text(*value);
  return trouble("CONDITION_ERROR", "condition '" + expr.text + "' is " + is + ", not true or false");
}

static void set_path(base::Json& object, std::span<const std::string> path, base::Json value) {
  if (path.size() == 1) {
    object.set(path[0], std::move(value));
    return;
  }
  if (!object[path[0]].is_object()) object.set(path[0], base::Json::object());
  for (auto& [key, member] : object.as_object())
    if (key == path[0]) return set_path(member, path.subspan(1), std::move(value));
}

std::expected<std::string, Trouble> Decider::mapped(const std::vector<MappingProgram>& mappings, Key scope, const Overlays& overlays) {
  if (mappings.empty()) return std::string();
  base::Json out = base::Json::object();
  std::string so_far;  // a later mapping sees the earlier ones
  for (const MappingProgram& one : mappings) {
    Overlays seen{so_far};
    seen.insert(seen.end(), overlays.begin(), overlays.end());
    auto value = evaluate(one.source, scope, seen);
    if (!value) return std::unexpected(value.error());
    set_path(out, one.target, feel::to_json(*value));
    so_far = base::pack(out);
  }
  return so_far;
}

std::expected<std::string, Trouble> Decider::data_results(const ElementProgram& element, Key scope, const Overlays& overlays) {
  auto all = mapped(element.data_outputs, scope, overlays);
  if (!all) return all;
  base::Json produced = base::Json::object();
  for (auto it = base::Packed(*all).items(); it.more(); it.next())
    if (it.value().kind() != base::Packed::Kind::null)
      if (auto value = base::unpack(it.value().bytes())) produced.set(std::string(it.key()), std::move(*value));
  return base::pack(produced);
}

Payload Decider::sealed(Key scope, std::string bytes) const {
  const ElementInstance* at = s.element(scope);
  const Instance* owner = at ? s.instances.find(at->instance) : nullptr;
  return {owner ? owner->slot : 0, std::move(bytes), false};
}

Payload Decider::sealed_text(Key scope, std::string_view text) const {
  return sealed(scope, text.empty() ? std::string() : base::pack(base::Json(text)));
}

}  // namespace engine
