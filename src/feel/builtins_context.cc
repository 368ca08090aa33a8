// Section 10.3.4.10: context functions.
#include "feel/builtins.h"

namespace feel::builtin {
namespace {

void put(Context& context, std::string_view key, Value value) {
  for (auto& entry : context.entries) {
    if (entry.first == key) {
      entry.second = std::move(value);
      return;
    }
  }
  context.entries.emplace_back(key, std::move(value));
}

Value put_path(Call& c, const Value& into, std::span<const Value> keys, std::size_t at) {  // keys are at most as many as kFeelValueDepth
  if (keys[at].kind() != Kind::string) return c.fail("every key must be a string");
  Context context;
  if (into.kind() == Kind::context) {
    context = into.as_context().copy();
  } else {
    return c.fail("the path leads through a value that is no context");
  }
  if (at + 1 == keys.size()) {
    put(context, keys[at].as_string(), c[2]);
  } else {
    const Value* inner = context.find(keys[at].as_string());
    Value changed = put_path(c, inner != nullptr ? *inner : Value(), keys, at + 1);
    if (changed.is_null()) return changed;
    put(context, keys[at].as_string(), std::move(changed));
  }
  return Value::context(std::move(context));
}

}  // namespace

Value get_value(Call& c) {
  const Value* found = c[0].as_context().find(c[1].as_string());
  return found != nullptr ? *found : c.fail("the context has no entry '" + std::string(c[1].as_string()) + "'");
}

Value get_entries(Call& c) {
  std::vector<Value> entries;
  for (const auto& [key, value] : c[0].as_context()) {
    Context entry;
    entry.entries = {{"key", Value::string(key)}, {"value", value}};
    entries.push_back(Value::context(std::move(entry)));
  }
  return Value::list(std::move(entries));
}

Value context(Call& c) {
  Context made;
  for (const Value& entry : c[0].as_list()) {
    if (entry.kind() != Kind::context) return c.fail("every entry must be a context with key and value");
    const Value* key = entry.as_context().find("key");
    const Value* value = entry.as_context().find("value");
    if (key == nullptr || value == nullptr || key->kind() != Kind::string) return c.fail("every entry must be a context with key and value");
    if (made.find(key->as_string()) != nullptr) return c.fail("the key '" + std::string(key->as_string()) + "' comes twice");
    if (!c.run.spend(made.entries.size())) return c.fail("too many entries");
    made.entries.emplace_back(key->as_string(), *value);
  }
  return Value::context(std::move(made));
}

Value context_put(Call& c) {
  if (c.form == 1) {
    const auto keys = c[1].as_list();
    if (keys.empty()) return c.fail("the path of keys is empty");
    if (keys.size() > base::limits::kFeelValueDepth) return c.fail("the path of keys is too long");
    return put_path(c, c[0], keys, 0);
  }
  Context changed = c[0].as_context().copy();
  put(changed, c[1].as_string(), c[2]);
  return Value::context(std::move(changed));
}

Value context_merge(Call& c) {
  Context merged;
  for (const Value& item : c[0].as_list()) {
    if (item.kind() != Kind::context) return c.fail("every item must be a context");
    for (const auto& [key, value] : item.as_context()) {
      if (!c.run.spend(1 + merged.entries.size() / 8)) return c.fail("too many entries");
      put(merged, key, value);
    }
  }
  return Value::context(std::move(merged));
}

}  // namespace feel::builtin
