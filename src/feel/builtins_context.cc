// Section 10.3.4.10: context functions.
#include "feel/builtins.h"
#include "feel/scratch.h"

namespace feel::builtin {
namespace {

// A context in the making: keys in their order, each once.
class Entries {
 public:
  explicit Entries(const ContextView& from) {
    for (const auto& [key, value] : from) add(key, value);
  }
  Entries() = default;
  std::size_t size() const { return values_->size(); }
  bool has(std::string_view key) { return place(key) != nullptr; }
  void add(std::string_view key, Value value) {
    keys_->push_back(key);
    values_->push_back(std::move(value));
  }
  void put(std::string_view key, Value value) {
    if (Value* found = place(key)) {
      *found = std::move(value);
    } else {
      add(key, std::move(value));
    }
  }
  Value finish() { return Value::context(Shape(std::span<const std::string_view>(*keys_)), *values_); }

 private:
  Value* place(std::string_view key) {
    for (std::size_t i = 0; i < keys_->size(); ++i) {
      if ((*keys_)[i] == key) return &(*values_)[i];
    }
    return nullptr;
  }
  Scratch<std::string_view> keys_;  // of contexts that live longer than this
  Scratch<Value> values_;
};

// The context with one entry set; it keeps its keys where it has this one.
Value with_entry(const ContextView& context, std::string_view key, Value value) {
  const Shape shape = context.shape();
  const std::size_t at = shape.position(key);
  if (at == Shape::npos) {
    Entries entries(context);
    entries.add(key, std::move(value));
    return entries.finish();
  }
  Scratch<Value> values;
  for (const auto& [unused, kept] : context) values->push_back(kept);
  (*values)[at] = std::move(value);
  return Value::context(shape, *values);
}

Value put_path(Call& c, const Value& into, std::span<const Value> keys, std::size_t at) {  // keys are at most as many as kFeelValueDepth
  if (keys[at].kind() != Kind::string) return c.fail(ReasonCode::key_not_string);
  if (into.kind() != Kind::context) return c.fail(ReasonCode::path_no_context);
  const std::string_view key = keys[at].as_string();
  if (at + 1 == keys.size()) return with_entry(into.as_context(), key, c[2]);
  const Value* inner = into.as_context().find(key);
  Value changed = put_path(c, inner != nullptr ? *inner : Value(), keys, at + 1);
  return changed.is_null() ? changed : with_entry(into.as_context(), key, std::move(changed));
}

}  // namespace

Value get_value(Call& c) {
  const Value* found = c[0].as_context().find(c[1].as_string());
  return found != nullptr ? *found : c.fail(ReasonCode::no_such_entry);
}

Value get_entries(Call& c) {
  static constexpr std::string_view kKeys[] = {"key", "value"};
  static const Shape kEntry{std::span<const std::string_view>(kKeys)};
  ListBuilder entries(c[0].as_context().size());
  for (const auto& [key, value] : c[0].as_context()) {
    Value entry[] = {Value::string(key), value};
    entries.push(Value::context(kEntry, entry));
  }
  return entries.finish();
}

Value context(Call& c) {
  Entries made;
  for (const Value& entry : c[0].as_list()) {
    if (entry.kind() != Kind::context) return c.fail(ReasonCode::entry_form);
    const Value* key = entry.as_context().find("key");
    const Value* value = entry.as_context().find("value");
    if (key == nullptr || value == nullptr || key->kind() != Kind::string) return c.fail(ReasonCode::entry_form);
    if (made.has(key->as_string())) return c.fail(ReasonCode::key_repeated);
    if (!c.run.spend(made.size())) return c.fail(ReasonCode::limit_entries);
    made.add(key->as_string(), *value);
  }
  return made.finish();
}

Value context_put(Call& c) {
  if (c.form == 1) {
    const auto keys = c[1].as_list();
    if (keys.empty()) return c.fail(ReasonCode::path_empty);
    if (keys.size() > base::limits::kFeelValueDepth) return c.fail(ReasonCode::path_too_long);
    return put_path(c, c[0], keys, 0);
  }
  return with_entry(c[0].as_context(), c[1].as_string(), c[2]);
}

Value context_merge(Call& c) {
  Entries merged;
  for (const Value& item : c[0].as_list()) {
    if (item.kind() != Kind::context) return c.fail(ReasonCode::item_no_context);
    for (const auto& [key, value] : item.as_context()) {
      if (!c.run.spend(1 + merged.size() / 8)) return c.fail(ReasonCode::limit_entries);
      merged.put(key, value);
    }
  }
  return merged.finish();
}

}  // namespace feel::builtin
