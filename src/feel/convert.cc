// Values to text and to JSON, and JSON to values.
#include "base/limits.h"
#include "base/text.h"
#include "feel/function.h"
#include "feel/print.h"
#include "feel/value.h"

namespace feel {
namespace {

bool plain_key(std::string_view key) {
  if (key.empty() || (key[0] >= '0' && key[0] <= '9')) return false;
  for (const char c : key) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ' || (c & 0x80) != 0;
    if (!word) return false;
  }
  return true;
}

void write(std::string& out, const Value& value, bool nested);

void write(std::string& out, const Range& range) {
  if (range.exactly || range.excluded) {
    out += range.exactly ? "(=" : "(!=";
    write(out, range.low, true);
    out += ')';
  } else if (range.low_open_ended || range.high_open_ended) {
    const bool closed = range.low_open_ended ? range.high_closed : range.low_closed;
    out += range.low_open_ended ? "(<" : "(>";
    if (closed) out += '=';
    write(out, range.low_open_ended ? range.high : range.low, true);
    out += ')';
  } else {
    out += range.low_closed ? '[' : '(';
    write(out, range.low, true);
    out += "..";
    write(out, range.high, true);
    out += range.high_closed ? ']' : ')';
  }
}

void write_function(std::string& out, const Function& function) {
  out += function.name.empty() ? "function" : function.name;
  out += '(' + base::join(function.parameters, ", ") + ')';
}

// Recursion is bounded by limits::kFeelValueDepth, length by kFeelStringBytes (Value::string refuses more).
void write(std::string& out, const Value& value, bool nested) {
  if (out.size() > base::limits::kFeelStringBytes) return;
  switch (value.kind()) {
    case Kind::null: out += "null"; break;
    case Kind::boolean: out += value.as_boolean() ? "true" : "false"; break;
    case Kind::number: out += value.as_number().text(); break;
    case Kind::string:
      if (nested) {
        out += quoted(value.as_string());
      } else {
        out += value.as_string();
      }
      break;
    case Kind::date: out += text(value.as_date()); break;
    case Kind::time: out += text(value.as_time()); break;
    case Kind::date_time: out += text(value.as_date_time()); break;
    case Kind::years_months: out += text(value.as_years_months()); break;
    case Kind::days_time: out += text(value.as_days_time()); break;
    case Kind::list: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!std::exchange(first, false)) out += ", ";
        write(out, item, true);
      }
      out += ']';
      break;
    }
    case Kind::context: {
      out += '{';
      bool first = true;
      for (const auto& [key, item] : value.as_context()) {
        if (!std::exchange(first, false)) out += ", ";
        if (plain_key(key)) {
          out += key;
        } else {
          out += quoted(key);
        }
        out += ": ";
        write(out, item, true);
      }
      out += '}';
      break;
    }
    case Kind::range: write(out, value.as_range()); break;
    case Kind::function: write_function(out, *value.as_function()); break;
  }
}

}  // namespace

std::string text(const Value& value) {
  std::string out;
  write(out, value, false);
  return out;
}

base::Json to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return nullptr;
    case Kind::boolean: return value.as_boolean();
    case Kind::number: {
      std::string digits = value.as_number().text();
      if (const auto whole = value.as_number().as_int64(); whole && std::to_string(*whole) == digits) return *whole;
      return base::Json::Number{std::move(digits)};
    }
    case Kind::list: {
      base::Json::Array items;
      items.reserve(value.as_list().size());
      for (const Value& item : value.as_list()) items.push_back(to_json(item));
      return items;
    }
    case Kind::context: {
      base::Json::Object members;
      members.reserve(value.as_context().size());
      for (const auto& [key, item] : value.as_context()) members.emplace_back(key, to_json(item));
      return members;
    }
    default: return text(value);
  }
}

Value from_json(const base::Json& json) {
  if (json.is_bool()) return Value::boolean(json.as_bool());
  if (json.is_int()) return Value::number(json.as_int());
  if (json.is_number()) {
    const auto number = base::Decimal::parse(json.number_text());
    return number ? Value::number(*number) : Value::null(Reason(ReasonCode::number_too_large));
  }
  if (json.is_string()) return Value::string(json.as_string());
  if (json.is_array()) {
    std::vector<Value> items;
    items.reserve(json.as_array().size());
    for (const base::Json& item : json.as_array()) items.push_back(from_json(item));
    return Value::list(std::move(items));
  }
  if (json.is_object()) {
    Context context;
    context.entries.reserve(json.as_object().size());
    for (const auto& [key, item] : json.as_object()) context.entries.emplace_back(key, from_json(item));
    return Value::context(std::move(context));
  }
  return {};
}

Value from_packed(const base::Packed& packed) {
  using Packed = base::Packed;
  switch (packed.kind()) {
    case Packed::Kind::null: return {};
    case Packed::Kind::boolean_false: return Value::boolean(false);
    case Packed::Kind::boolean_true: return Value::boolean(true);
    case Packed::Kind::integer: return Value::number(packed.as_int());
    case Packed::Kind::number: {
      const auto number = base::Decimal::parse(packed.text());
      return number ? Value::number(*number) : Value::null(Reason(ReasonCode::number_too_large));
    }
    case Packed::Kind::string: return Value::string(packed.text());
    case Packed::Kind::array: {
      std::vector<Value> items;
      items.reserve(packed.count());
      for (auto it = packed.items(); it.more(); it.next()) items.push_back(from_packed(it.value()));
      return Value::list(std::move(items));
    }
    case Packed::Kind::object: {
      Context context;
      context.entries.reserve(packed.count());
      for (auto it = packed.items(); it.more(); it.next()) context.entries.emplace_back(std::string(it.key()), from_packed(it.value()));
      return Value::context(std::move(context));
    }
  }
  return {};
}

}  // namespace feel
