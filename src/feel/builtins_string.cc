// Sections 10.3.4.2 and 10.3.4.3: boolean and string functions. Positions and lengths count code points.
#include "base/text.h"
#include "feel/builtins.h"
#include "feel/regex.h"

namespace feel::builtin {

Value not_(Call& c) { return c[0].is_null() ? c.fail(ReasonCode::negand_null) : Value::boolean(!c[0].as_boolean()); }

namespace {

// Code points from `from`, as bytes of the text: valid UTF-8 only.
std::string_view points(std::string_view text, std::int64_t from, std::int64_t count) {
  const auto skip = [](std::string_view rest, std::int64_t n) {
    std::size_t at = 0;
    while (n > 0 && at < rest.size()) {
      ++at;
      while (at < rest.size() && (static_cast<unsigned char>(rest[at]) & 0xc0) == 0x80) ++at;
      --n;
    }
    return at;
  };
  text.remove_prefix(skip(text, from));
  return text.substr(0, skip(text, count));
}

// Letters of ASCII and Latin-1 that have one of the other case in the same block: by one bit. False for any other letter.
template <class Other>
bool change_case(std::string_view text, Value& out, Other&& other) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) continue;
    if (c != 0xc3 || i + 1 == text.size()) return false;
    const auto d = static_cast<unsigned char>(text[++i]);
    if (d < 0x80 || d > 0xbe || d == 0x9f) return false;  // ß and ÿ have their other case elsewhere
  }
  out = Value::string_of(text.size(), [&](char* to) {
    bool second = false;
    for (const char c : text) {
      *to++ = other(static_cast<unsigned char>(c), second);
      second = static_cast<unsigned char>(c) == 0xc3;
    }
  });
  return true;
}

}  // namespace

Value substring(Call& c) {
  const std::string_view text = c[0].as_string();
  const bool valid = base::valid_utf8(text);
  const std::u32string broken = valid ? std::u32string() : base::to_utf32(text);
  const auto size = static_cast<std::int64_t>(valid ? base::code_points(text) : broken.size());
  const auto whole = [](const Value& v) { return base::Decimal::round(v.as_number(), 0, base::Decimal::Round::down)->as_int64(); };
  const auto start = whole(c[1]);
  if (!start || *start == 0) return c.fail(ReasonCode::start_from_one);
  const std::int64_t from = *start > 0 ? *start - 1 : size + *start;
  if (from < 0 || from > size || (*start > 0 && from >= size && size > 0)) return c.fail(ReasonCode::start_outside_text);
  std::int64_t length = size - from;
  if (c.given(2)) {
    const auto wanted = whole(c[2]);
    if (!wanted || *wanted < 1) return c.fail(ReasonCode::length_at_least_one);
    length = std::min(length, *wanted);
  }
  if (valid) return Value::string(points(text, from, length));
  return Value::string(base::to_utf8(std::u32string_view(broken).substr(static_cast<std::size_t>(from), static_cast<std::size_t>(length))));
}

Value string_length(Call& c) { return Value::number(static_cast<std::int64_t>(base::code_points(c[0].as_string()))); }
Value upper_case(Call& c) {
  Value out;
  const auto upper = [](unsigned char x, bool second) {
    const bool letter = second ? x >= 0xa0 && x != 0xb7 : x >= 'a' && x <= 'z';
    return static_cast<char>(letter ? x - 0x20 : x);
  };
  return change_case(c[0].as_string(), out, upper) ? out : Value::string(base::upper(c[0].as_string()));
}
Value lower_case(Call& c) {
  Value out;
  const auto lower = [](unsigned char x, bool second) {
    const bool letter = second ? x < 0x9f && x != 0x97 : x >= 'A' && x <= 'Z';
    return static_cast<char>(letter ? x + 0x20 : x);
  };
  return change_case(c[0].as_string(), out, lower) ? out : Value::string(base::lower(c[0].as_string()));
}

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
  if (!regex) return c.fail(regex.error());
  const auto found = regex->matches(c[0].as_string());
  return found ? Value::boolean(*found) : c.fail(found.error());
}

Value replace(Call& c) {
  const auto regex = Regex::compile(c[1].as_string(), c.given(3) ? c[3].as_string() : "");
  if (!regex) return c.fail(regex.error());
  auto replaced = regex->replace(c[0].as_string(), c[2].as_string());
  return replaced ? Value::string(std::move(*replaced)) : c.fail(replaced.error());
}

Value split(Call& c) {
  const auto regex = Regex::compile(c[1].as_string(), "");
  if (!regex) return c.fail(regex.error());
  const auto parts = regex->split(c[0].as_string());
  if (!parts) return c.fail(parts.error());
  ListBuilder items(parts->size());
  for (const std::string_view part : *parts) items.push(Value::string(part));
  return items.finish();
}

Value string_join(Call& c) {
  const std::string_view delimiter = c.given(1) ? c[1].as_string() : "";
  std::size_t size = 0, texts = 0;
  for (const Value& item : c[0].as_list()) {
    if (item.is_null()) continue;
    if (item.kind() != Kind::string) return c.fail(ReasonCode::items_not_strings);
    size += item.as_string().size();
    ++texts;
  }
  if (texts > 1) size += (texts - 1) * delimiter.size();
  return Value::string_of(size, [&](char* out) {
    bool first = true;
    for (const Value& item : c[0].as_list()) {
      if (item.is_null()) continue;
      if (!std::exchange(first, false)) out += delimiter.copy(out, delimiter.size());
      out += item.as_string().copy(out, item.as_string().size());
    }
  });
}

}  // namespace feel::builtin
