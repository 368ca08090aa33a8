// Extensions of the BPMN dialect: on in Dialect::zeebe only.
#include "base/text.h"
#include "feel/builtins.h"
#include "feel/regex.h"
#include "feel/temporal_math.h"

namespace feel::builtin {

Value is_defined(Call& c) { return Value::boolean(!c[0].is_null()); }
Value get_or_else(Call& c) { return c[0].is_null() ? c[1] : c[0]; }

Value assert_(Call& c) {
  if (c[1].is_true()) return c[0];
  if (c.given(2)) return c.fail(ReasonCode::assertion_cause, c[2].as_string());  // the author's words
  return c.fail(ReasonCode::assertion);
}

Value from_json_(Call& c) {
  const auto json = base::parse_json(c[0].as_string());
  return json ? from_json(*json) : c.fail(ReasonCode::no_json);
}
Value to_json_(Call& c) { return Value::string(to_json(c[0]).dump()); }
Value is_blank(Call& c) { return Value::boolean(base::trim(c[0].as_string()).empty()); }
Value is_empty(Call& c) { return Value::boolean(c[0].as_list().empty()); }
Value trim_(Call& c) { return Value::string(base::trim(c[0].as_string())); }

Value duplicate_values(Call& c) {
  std::vector<Value> found;
  const auto items = c[0].as_list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::size_t times = 0, first = items.size();
    for (std::size_t j = 0; j < items.size(); ++j) {
      if (!c.run.spend(1 + std::min(items[i].measure().weight, items[j].measure().weight) / 8)) return c.fail(ReasonCode::limit_items);
      if (!equal(items[i], items[j]).is_true()) continue;
      ++times;
      first = std::min(first, j);
    }
    if (times > 1 && first == i) found.push_back(items[i]);
  }
  return Value::list(std::move(found));
}

Value last_day_of_month(Call& c) {
  Date day = c[0].kind() == Kind::date ? c[0].as_date() : c[0].as_date_time().date;
  day.day = days_in_month(day.year, day.month);
  return Value::date(day);
}

Value partition(Call& c) {
  const auto size = c[1].as_number().as_int64();
  if (!size || *size < 1) return c.fail(ReasonCode::size_at_least_one);
  std::vector<Value> pieces, piece;
  for (const Value& item : c[0].as_list()) {
    piece.push_back(item);
    if (static_cast<std::int64_t>(piece.size()) == *size) pieces.push_back(Value::list(std::exchange(piece, {})));
  }
  if (!piece.empty()) pieces.push_back(Value::list(std::move(piece)));
  return Value::list(std::move(pieces));
}

Value extract(Call& c) {
  const auto regex = Regex::compile(c[1].as_string(), "");
  if (!regex) return c.fail(regex.error());
  const auto found = regex->extract(c[0].as_string());
  if (!found) return c.fail(found.error());
  std::vector<Value> items;
  for (const std::string_view match : *found) items.push_back(Value::string(match));
  return Value::list(std::move(items));
}

Value to_base64(Call& c) { return Value::string(base::base64(c[0].as_string())); }

}  // namespace feel::builtin
