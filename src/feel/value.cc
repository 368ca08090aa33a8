#include "feel/value.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/limits.h"
#include "feel/function.h"

namespace feel {
namespace {

constexpr std::size_t kLinearKeys = 8;  // more are looked up in a sorted index

template <class B>
B* make_block(std::size_t bytes_behind) {
  std::uint8_t size_class;
  B* block = new (detail::take(sizeof(B) + bytes_behind, size_class)) B;
  block->size_class = size_class;
  return block;
}
template <class B>
void give_block(B* block, std::size_t bytes_behind) noexcept {
  const std::uint8_t size_class = block->size_class;
  block->~B();
  detail::give(block, sizeof(B) + bytes_behind, size_class);
}

}  // namespace

const Value* Context::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

// Shapes.

Shape::Shape(std::span<const std::string_view> keys) {
  if (keys.empty()) return;
  std::size_t text = 0;
  for (const std::string_view key : keys) text += key.size();
  const std::size_t index = keys.size() > kLinearKeys ? keys.size() * sizeof(std::uint32_t) : 0;
  const std::size_t bytes = keys.size() * sizeof(std::string_view) + index + text;
  block_ = make_block<Keys>(bytes);
  block_->size = static_cast<std::uint32_t>(keys.size());
  block_->bytes = static_cast<std::uint32_t>(bytes);
  auto* const views = reinterpret_cast<std::string_view*>(block_ + 1);
  auto* const sorted = reinterpret_cast<std::uint32_t*>(views + keys.size());
  char* at = reinterpret_cast<char*>(sorted) + index;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].empty()) std::memcpy(at, keys[i].data(), keys[i].size());
    new (views + i) std::string_view(at, keys[i].size());
    at += keys[i].size();
  }
  if (index == 0) return;
  std::iota(sorted, sorted + keys.size(), 0u);
  std::sort(sorted, sorted + keys.size(), [&](auto a, auto b) { return views[a] != views[b] ? views[a] < views[b] : a < b; });
}

namespace {
std::vector<std::string_view> views_of(const std::vector<std::string>& keys) { return {keys.begin(), keys.end()}; }
}  // namespace

Shape::Shape(const std::vector<std::string>& keys) : Shape(std::span<const std::string_view>(views_of(keys))) {}
Shape::~Shape() {
  if (block_ != nullptr) drop(block_);
}
void Shape::drop(Keys* keys) noexcept {
  if (keys->release()) give_block(keys, keys->bytes);
}

namespace {

// Keys are short: compared in two pieces that may overlap, without a call.
bool same_key(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto equal_ends = [&]<class Piece>(Piece) {
    const std::size_t last = a.size() - sizeof(Piece);
    Piece a0, a1, b0, b1;
    std::memcpy(&a0, a.data(), sizeof a0);
    std::memcpy(&b0, b.data(), sizeof b0);
    std::memcpy(&a1, a.data() + last, sizeof a1);
    std::memcpy(&b1, b.data() + last, sizeof b1);
    return ((a0 ^ b0) | (a1 ^ b1)) == 0;
  };
  if (a.size() > 16) return std::memcmp(a.data(), b.data(), a.size()) == 0;
  if (a.size() >= 8) return equal_ends(std::uint64_t{});
  if (a.size() >= 4) return equal_ends(std::uint32_t{});
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) return false;
  return true;
}

}  // namespace

std::size_t Shape::position(std::string_view key) const { return block_ == nullptr ? npos : block_->position(key); }

std::size_t Shape::Keys::position(std::string_view key) const {
  const std::string_view* const all = keys();
  if (size > kLinearKeys) {
    const std::uint32_t* const end = sorted() + size;
    const std::uint32_t* const at = std::lower_bound(sorted(), end, key, [&](auto i, auto k) { return all[i] < k; });
    return at != end && all[*at] == key ? *at : npos;
  }
  for (std::size_t i = 0; i < size; ++i) {
    if (same_key(all[i], key)) return i;
  }
  return npos;
}

// Values.

Value Value::long_string(std::size_t size, void (*fill)(char*, void*), void* with) {
  if (size > base::limits::kFeelStringBytes) return null(Reason(ReasonCode::limit_string, base::limits::kFeelStringBytes));
  Text* const made = make_block<Text>(size);
  made->size = static_cast<std::uint32_t>(size);
  fill(made->data(), with);
  return of_block(Kind::string, made);
}

template <class T>
Value Value::boxed(Kind kind, T&& value, Measure measure) {
  std::uint8_t size_class;
  auto* const made = new (detail::take(sizeof(Boxed<T>), size_class)) Boxed<T>(std::move(value));
  made->size_class = size_class;
  made->measure = measure;
  return of_block(kind, made);
}

Value Value::null(Reason reason) { return boxed(Kind::null, std::move(reason)); }
Value Value::null(std::string_view reason) { return reason.empty() ? Value() : null(Reason(ReasonCode::text, reason)); }

Value Value::string(std::string_view value) {
  return string_of(value.size(), [&](char* out) {
    if (!value.empty()) std::memcpy(out, value.data(), value.size());
  });
}

Value Value::time(Time value) { return boxed(Kind::time, std::move(value)); }
Value Value::date_time(DateTime value) { return boxed(Kind::date_time, std::move(value)); }

Value Value::range(Range range) {
  Measure measure;
  measure.include(range.low.measure());
  if (!measure.include(range.high.measure())) return null(Reason(ReasonCode::limit_range));
  return boxed(Kind::range, std::move(range), measure);
}

Value Value::function(std::shared_ptr<const Function> function) {
  if (!function) return {};
  return boxed(Kind::function, std::move(function));
}

Value Value::list(std::vector<Value> items) { return list_of(items); }

Value Value::list_of(std::span<Value> items) {
  if (items.size() > base::limits::kFeelListItems) return null(Reason(ReasonCode::limit_list_items, base::limits::kFeelListItems));
  if (items.empty()) return Value(Kind::list);
  Measure measure;
  for (const Value& item : items) {
    if (!measure.include(item.measure())) return null(Reason(ReasonCode::limit_list));
  }
  Items* const made = make_block<Items>(items.size_bytes());
  made->size = made->capacity = static_cast<std::uint32_t>(items.size());
  made->measure = measure;
  std::uninitialized_move(items.begin(), items.end(), made->begin());
  return of_block(Kind::list, made);
}

Value Value::context(const Context& context) {
  constexpr std::size_t kFew = 16;
  std::string_view few_keys[kFew];
  std::vector<std::string_view> many_keys(context.entries.size() > kFew ? context.entries.size() : 0);
  std::string_view* const keys = many_keys.empty() ? few_keys : many_keys.data();
  std::vector<Value> values;
  values.reserve(context.entries.size());
  for (std::size_t i = 0; i < context.entries.size(); ++i) {
    keys[i] = context.entries[i].first;
    values.push_back(context.entries[i].second);
  }
  return Value::context(Shape(std::span<const std::string_view>(keys, values.size())), values);
}

Value Value::context(const Shape& shape, std::span<Value> values) {
  if (shape.size() == 0) return Value(Kind::context);
  Measure measure;
  for (const Value& value : values) {
    if (!measure.include(value.measure())) return null(Reason(ReasonCode::limit_context));
  }
  Entries* const made = make_block<Entries>(values.size_bytes());
  made->shape = shape.block_;
  made->shape->retain();
  made->measure = measure;
  std::uninitialized_move(values.begin(), values.end(), made->begin());
  return of_block(Kind::context, made);
}

const Reason* Value::why() const { return has_reason() ? &static_cast<const Boxed<Reason>*>(block())->value : nullptr; }
std::string Value::reason() const { return has_reason() ? why()->text() : std::string(); }
const Time& Value::as_time() const { return static_cast<const Boxed<Time>*>(block())->value; }
const DateTime& Value::as_date_time() const { return static_cast<const Boxed<DateTime>*>(block())->value; }
const Range& Value::as_range() const { return static_cast<const Boxed<Range>*>(block())->value; }
const std::shared_ptr<const Function>& Value::as_function() const {
  return static_cast<const Boxed<std::shared_ptr<const Function>>*>(block())->value;
}

Measure Value::measure_of_block() const {
  switch (tag_.kind) {
    case Kind::string: return {1, static_cast<std::uint32_t>(1 + as_string().size() / 32)};
    case Kind::list: return static_cast<const Items*>(block())->measure;
    case Kind::context: return static_cast<const Entries*>(block())->measure;
    case Kind::range: return static_cast<const Boxed<Range>*>(block())->measure;
    case Kind::function: return as_function()->measure;
    default: return {};
  }
}

// As deep as the value is, which limits::kFeelValueDepth bounds.
void Value::destroy() noexcept {
  detail::Block* const b = block();
  switch (tag_.kind) {
    case Kind::null: return give_block(static_cast<Boxed<Reason>*>(b), 0);
    case Kind::time: return give_block(static_cast<Boxed<Time>*>(b), 0);
    case Kind::date_time: return give_block(static_cast<Boxed<DateTime>*>(b), 0);
    case Kind::range: return give_block(static_cast<Boxed<Range>*>(b), 0);
    case Kind::function: return give_block(static_cast<Boxed<std::shared_ptr<const Function>>*>(b), 0);
    case Kind::list: {
      auto* const items = static_cast<Items*>(b);
      std::destroy_n(items->begin(), items->size);
      return give_block(items, items->capacity * sizeof(Value));
    }
    case Kind::context: {
      auto* const entries = static_cast<Entries*>(b);
      const std::size_t size = entries->shape->size;
      std::destroy_n(entries->begin(), size);
      Shape::drop(entries->shape);
      return give_block(entries, size * sizeof(Value));
    }
    default: {
      auto* const text = static_cast<Text*>(b);
      return give_block(text, text->size);
    }
  }
}

Context ContextView::copy() const {
  Context out;
  out.entries.reserve(size());
  for (const auto& [key, value] : *this) out.entries.emplace_back(key, value);
  return out;
}

Shape ContextView::shape() const {
  Shape out;
  if (entries_ != nullptr) {
    out.block_ = entries_->shape;
    out.block_->retain();
  }
  return out;
}

// Lists under construction.

ListBuilder::ListBuilder(std::size_t expected) { reserve(expected); }

void ListBuilder::reserve(std::size_t expected) {
  if (expected == 0 || items_ != nullptr) return;
  items_ = make_block<Value::Items>(expected * sizeof(Value));
  items_->capacity = static_cast<std::uint32_t>(expected);
}

ListBuilder::~ListBuilder() {
  if (items_ != nullptr) Value::of_block(Kind::list, items_);  // a value owns it, and ends here
}

void ListBuilder::make_room() {
  const std::size_t size = this->size();
  auto* const larger = make_block<Value::Items>(std::max<std::size_t>(4, size * 2) * sizeof(Value));
  larger->capacity = static_cast<std::uint32_t>(std::max<std::size_t>(4, size * 2));
  if (items_ != nullptr) {
    larger->size = items_->size;
    larger->measure = items_->measure;
    if (items_->shared()) {
      std::uninitialized_copy_n(items_->begin(), size, larger->begin());
    } else {
      std::uninitialized_move_n(items_->begin(), size, larger->begin());
    }
    Value::of_block(Kind::list, items_);  // drops the old block
  }
  items_ = larger;
}

Value ListBuilder::share() const {
  if (items_ == nullptr) return Value(Kind::list);
  items_->retain();
  return Value::of_block(Kind::list, items_);
}

Value ListBuilder::finish() {
  const std::size_t size = this->size();
  Value made = items_ == nullptr ? Value(Kind::list) : Value::of_block(Kind::list, std::exchange(items_, nullptr));
  if (size > base::limits::kFeelListItems) return Value::null(Reason(ReasonCode::limit_list_items, base::limits::kFeelListItems));
  if (!fits_) return Value::null(Reason(ReasonCode::limit_list));
  return made;
}

}  // namespace feel
