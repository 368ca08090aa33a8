#include "feel/value.h"

#include <algorithm>
#include <numeric>

#include "base/limits.h"
#include "feel/function.h"

namespace feel {
namespace {

// Adds a child's measure; false where the parent would pass the limits.
bool include(Measure& parent, const Measure& child) {
  parent.depth = std::max(parent.depth, child.depth + 1);
  parent.weight += child.weight;
  return parent.depth <= base::limits::kFeelValueDepth && parent.weight <= base::limits::kFeelValueWeight;
}

}  // namespace

Value Value::null(Reason reason) {
  Value v;
  v.reason_ = std::make_shared<const Reason>(std::move(reason));
  return v;
}
Value Value::null(std::string reason) { return reason.empty() ? Value() : null(Reason(ReasonCode::text, std::string_view(reason))); }
Value Value::boolean(bool value) {
  Value v;
  v.data_ = value;
  return v;
}
Value Value::number(base::Decimal value) {
  Value v;
  v.data_ = value;
  return v;
}
Value Value::string(std::string value) {
  if (value.size() > base::limits::kFeelStringBytes) return null("a string would pass the limit of 10 MB");
  Value v;
  v.data_ = std::make_shared<const std::string>(std::move(value));
  return v;
}
Value Value::date(Date value) {
  Value v;
  v.data_ = value;
  return v;
}
Value Value::time(Time value) {
  Value v;
  v.data_ = std::make_shared<const Time>(std::move(value));
  return v;
}
Value Value::date_time(DateTime value) {
  Value v;
  v.data_ = std::make_shared<const DateTime>(std::move(value));
  return v;
}
Value Value::years_months(YearsMonths value) {
  Value v;
  v.data_ = value;
  return v;
}
Value Value::days_time(DaysTime value) {
  Value v;
  v.data_ = value;
  return v;
}

Value Value::list(std::vector<Value> items) {
  Measure measure;
  if (items.size() > base::limits::kFeelListItems) return null("a list would pass the limit of 1,000,000 items");
  for (const Value& item : items) {
    if (!include(measure, item.measure())) return null("a list would pass the limits of nesting or size");
  }
  Value v;
  v.data_ = std::make_shared<const List>(List{std::move(items), measure});
  return v;
}

Value Value::shared_list(std::shared_ptr<const List> list) {
  Value v;
  v.data_ = std::move(list);
  return v;
}

Value Value::context(Context context) {
  context.measure = {};
  for (const auto& [key, value] : context.entries) {
    if (!include(context.measure, value.measure())) return null("a context would pass the limits of nesting or size");
  }
  context.index.clear();
  if (context.entries.size() > 8) {
    context.index.resize(context.entries.size());
    std::iota(context.index.begin(), context.index.end(), 0u);
    std::stable_sort(context.index.begin(), context.index.end(),
                     [&](auto a, auto b) { return context.entries[a].first < context.entries[b].first; });
  }
  Value v;
  v.data_ = std::make_shared<const Context>(std::move(context));
  return v;
}

Value Value::range(Range range) {
  Value v;
  v.data_ = std::make_shared<const Range>(std::move(range));
  return v;
}
Value Value::function(std::shared_ptr<const Function> function) {
  Value v;
  if (function) v.data_ = std::move(function);
  return v;
}

const Value* Context::find(std::string_view key) const {
  if (index.size() == entries.size() && !index.empty()) {
    const auto at = std::lower_bound(index.begin(), index.end(), key, [&](auto i, auto k) { return entries[i].first < k; });
    return at != index.end() && entries[*at].first == key ? &entries[*at].second : nullptr;
  }
  for (const auto& entry : entries) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

Kind Value::kind() const { return static_cast<Kind>(data_.index()); }
bool Value::is_true() const {
  const bool* b = std::get_if<bool>(&data_);
  return b != nullptr && *b;
}
bool Value::as_boolean() const { return *std::get_if<bool>(&data_); }
const base::Decimal& Value::as_number() const { return *std::get_if<base::Decimal>(&data_); }
const std::string& Value::as_string() const { return **std::get_if<std::shared_ptr<const std::string>>(&data_); }
const Date& Value::as_date() const { return *std::get_if<Date>(&data_); }
const Time& Value::as_time() const { return **std::get_if<std::shared_ptr<const Time>>(&data_); }
const DateTime& Value::as_date_time() const { return **std::get_if<std::shared_ptr<const DateTime>>(&data_); }
const YearsMonths& Value::as_years_months() const { return *std::get_if<YearsMonths>(&data_); }
const DaysTime& Value::as_days_time() const { return *std::get_if<DaysTime>(&data_); }
const std::vector<Value>& Value::as_list() const { return (*std::get_if<std::shared_ptr<const List>>(&data_))->items; }
const Context& Value::as_context() const { return **std::get_if<std::shared_ptr<const Context>>(&data_); }
const Range& Value::as_range() const { return **std::get_if<std::shared_ptr<const Range>>(&data_); }
const std::shared_ptr<const Function>& Value::as_function() const {
  return *std::get_if<std::shared_ptr<const Function>>(&data_);
}
std::string Value::reason() const { return reason_ ? reason_->text() : std::string(); }

Measure Value::measure() const {
  switch (kind()) {
    case Kind::string: return {1, static_cast<std::uint32_t>(1 + as_string().size() / 32)};
    case Kind::list: return (*std::get_if<std::shared_ptr<const List>>(&data_))->measure;
    case Kind::context: return as_context().measure;
    case Kind::function: return as_function()->measure;
    default: return {};
  }
}

}  // namespace feel
