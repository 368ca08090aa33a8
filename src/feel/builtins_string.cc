// Sections 10.3.4.2 and 10.3.4.3: boolean and string functions. Positions and lengths count code points.
#include "base/text.h"
#include "feel/builtins.h"
#include "feel/regex.h"

namespace feel::builtin {

Value not_(Call& c) {
  Value v = c[0];
  if (!coerce(v, bit(Kind::boolean))) return v.is_null() ? v : c.fail("argument 'negand' must be boolean, not " + std::string(name(v.kind())));
  return Value::boolean(!v.as_boolean());
}

Value substring(Call& c) {
  const std::u32string text = base::to_utf32(c[0].as_string());
  const auto size = static_cast<std::int64_t>(text.size());
  const auto whole = [](const Value& v) { return base::Decimal::round(v.as_number(), 0, base::Decimal::Round::down)->as_int64(); };
  const auto start = whole(c[1]);
  if (!start || *start == 0) return c.fail("the start position counts from 1, or from -1 at the end");
  const std::int64_t from = *start > 0 ? *start - 1 : size + *start;
  if (from < 0 || from > size || (*start > 0 && from >= size && size > 0)) return c.fail("the start position is outside the text");
  std::int64_t length = size - from;
  if (c.given(2)) {
    const auto wanted = whole(c[2]);
    if (!wanted || *wanted < 1) return c.fail("the length must be at least 1");
    length = std::min(length, *wanted);
  }
  return Value::string(base::to_utf8(std::u32string_view(text).substr(static_cast<std::size_t>(from), static_cast<std::size_t>(length))));
}

Value string_length(Call& c) { return Value::number(static_cast<std::int64_t>(base::code_points(c[0].as_string()))); }
Value upper_case(Call& c) { return Value::string(base::upper(c[0].as_string())); }
Value lower_case(Call& c) { return Value::string(base::lower(c[0].as_string())); }

Value substring_before(Call& c) {
  const auto at = c[0].as_string().find(c[1].as_string());
  return Value::string(at == std::string_view::npos ? "" : c[0].as_string().substr(0, at));
}
Value substring_after(Call& c) {
  const auto at = c[0].as_string().find(c[1].as_string());
  return Value::string(at == std::string_view::npos ? "" : c[0].as_string().substr(at + c[1].as_string().size()));
}

Value contains_(Call& c) { return Value::boolean(c[0].as_string().find(c[1].as_string()) != std::string_view::npos); }
Value starts_with(Call& c) { return Value::boolean(c[0].as_string().starts_with(c[1].as_string())); }
Value ends_with(Call& c) { return Value::boolean(c[0].as_string().ends_with(c[1].as_string())); }

Value matches(Call& c) {
  const auto regex = Regex::compile(c[1].as_string(), c.given(2) ? c[2].as_string() : "");
  if (!regex) return c.fail(regex.error().message);
  const auto found = regex->matches(c[0].as_string());
  return found ? Value::boolean(*found) : c.fail(found.error().message);
}

Value replace(Call& c) {
  const auto regex = Regex::compile(c[1].as_string(), c.given(3) ? c[3].as_string() : "");
  if (!regex) return c.fail(regex.error().message);
  auto replaced = regex->replace(c[0].as_string(), c[2].as_string());
  return replaced ? Value::string(std::move(*replaced)) : c.fail(replaced.error().message);
}

Value split(Call& c) {
  const auto regex = Regex::compile(c[1].as_string(), "");
  if (!regex) return c.fail(regex.error().message);
  const auto parts = regex->split(c[0].as_string());
  if (!parts) return c.fail(parts.error().message);
  std::vector<Value> items;
  for (const std::string_view part : *parts) items.push_back(Value::string(part));
  return Value::list(std::move(items));
}

Value string_join(Call& c) {
  const std::string_view delimiter = c.given(1) ? c[1].as_string() : "";
  std::string joined;
  bool first = true;
  for (const Value& item : c[0].as_list()) {
    if (item.is_null()) continue;
    if (item.kind() != Kind::string) return c.fail("the list has an item that is no string");
    if (!first) joined += delimiter;
    first = false;
    joined += item.as_string();
    if (joined.size() > base::limits::kFeelStringBytes) break;  // Value::string refuses it
  }
  return Value::string(std::move(joined));
}

}  // namespace feel::builtin
