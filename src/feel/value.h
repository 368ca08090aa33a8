// A FEEL value: immutable, 24 bytes, cheap to copy: small values inline, large ones in a counted block (block.h).
// Failures are values: null with a reason.
#pragma once
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/packed.h"
#include "feel/block.h"
#include "feel/reason.h"
#include "feel/temporal.h"

namespace feel {

enum class Kind : std::uint8_t {
  null, boolean, number, string, date, time, date_time, years_months, days_time, list, context, range, function
};
std::string_view name(Kind);  // "date and time"

class Value;
// How large a value is, counted when it is built: an answer to "may I walk this?" without walking it. A list, context or
// range that would pass limits::kFeelValueDepth or kFeelValueWeight is null instead.
struct Measure {
  std::uint32_t depth = 1;
  std::uint32_t weight = 1;  // nodes, and one per 32 bytes of string
  bool include(const Measure& child) {  // as part of this one; false where this one passes the limits
    depth = depth > child.depth ? depth : child.depth + 1;
    weight += child.weight;
    return depth <= base::limits::kFeelValueDepth && weight <= base::limits::kFeelValueWeight;
  }
};
struct Context {  // what a context is built from; keeps order; find is linear
  std::vector<std::pair<std::string, Value>> entries;
  const Value* find(std::string_view key) const;
};
struct Range;     // below
struct Function;  // feel/function.h: closures, builtins, DMN business knowledge models and services
class ContextView;

// The keys of contexts, in their order, shared by all contexts that were built with them.
class Shape {
 public:
  Shape() = default;  // no keys
  explicit Shape(std::span<const std::string_view> keys);
  explicit Shape(const std::vector<std::string>& keys);
  Shape(const Shape& other) noexcept : block_(other.block_) { if (block_ != nullptr) block_->retain(); }
  Shape(Shape&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Shape& operator=(Shape other) noexcept { std::swap(block_, other.block_); return *this; }
  ~Shape();

  std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  std::string_view operator[](std::size_t i) const { return block_->keys()[i]; }
  std::size_t position(std::string_view key) const;  // npos: no such key; of equal keys the first

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  friend class Value;
  friend class ContextView;
  struct Keys : detail::Block {
    std::uint32_t size = 0, bytes = 0;
    const std::string_view* keys() const { return reinterpret_cast<const std::string_view*>(this + 1); }
    const std::uint32_t* sorted() const { return reinterpret_cast<const std::uint32_t*>(keys() + size); }  // where there are more than 8
    std::size_t position(std::string_view key) const;
  };
  static void drop(Keys*) noexcept;
  Keys* block_ = nullptr;
};

class Value {
 public:
  Value() noexcept = default;                     // null without reason
  Value(const Value& other) noexcept {
    copy_bits(other);
    if (tag_.shared) block()->retain();
  }
  Value(Value&& other) noexcept {
    copy_bits(other);
    other.tag_.kind = Kind::null;
    other.tag_.shared = false;
  }
  Value& operator=(const Value& other) noexcept {
    if (other.tag_.shared) other.block()->retain();
    if (tag_.shared) release();
    copy_bits(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    if (tag_.shared) release();
    copy_bits(other);
    other.tag_.kind = Kind::null;
    other.tag_.shared = false;
    return *this;
  }
  ~Value() {
    if (tag_.shared) release();
  }

  static Value null() { return {}; }
  static Value null(Reason);
  static Value null(std::string_view reason);     // words that have no code yet
  static Value boolean(bool value) {
    Value v(Kind::boolean);
    v.word_[0] = value ? 1 : 0;
    return v;
  }
  static Value number(const base::Decimal& value) {
    Value v(Kind::number);
    const base::Decimal::Words words = value.words();
    v.word_[0] = words.low;
    v.word_[1] = words.high;
    v.tag_.exponent = words.exponent;
    v.tag_.extra = words.wide ? 1 : 0;
    return v;
  }
  static Value string(std::string_view);          // UTF-8; null where it passes limits::kFeelStringBytes
  // A string of `size` bytes that `fill` writes; null where it passes the limit.
  template <class F>
  static Value string_of(std::size_t size, F&& fill) {
    if (size > 16) return long_string(size, [](char* out, void* with) { (*static_cast<std::remove_reference_t<F>*>(with))(out); }, &fill);
    Value v(Kind::string);
    v.tag_.extra = static_cast<std::uint32_t>(size);
    fill(reinterpret_cast<char*>(v.word_));
    return v;
  }
  static Value date(const Date& value) { return plain(Kind::date, value); }
  static Value time(Time);
  static Value date_time(DateTime);
  static Value years_months(YearsMonths value) { return plain(Kind::years_months, value); }
  static Value days_time(DaysTime value) { return plain(Kind::days_time, value); }
  static Value list(std::vector<Value>);
  static Value list_of(std::span<Value> items);   // takes the items over; they are null afterwards
  static Value context(const Context&);
  static Value context(const Shape&, std::span<Value> values);  // takes the values over: one for each key
  static Value range(Range);
  static Value function(std::shared_ptr<const Function>);

  Kind kind() const { return tag_.kind; }
  bool is_null() const { return tag_.kind == Kind::null; }
  bool is_true() const { return tag_.kind == Kind::boolean && word_[0] != 0; }  // boolean true, nothing else
  // Unchecked: the kind must fit. Views and references live as long as this value does.
  bool as_boolean() const { return word_[0] != 0; }
  base::Decimal as_number() const { return base::Decimal::from_words({word_[0], word_[1], tag_.exponent, tag_.extra != 0}); }
  std::string_view as_string() const {
    return tag_.shared ? static_cast<const Text*>(block())->view() : std::string_view(reinterpret_cast<const char*>(word_), tag_.extra);
  }
  Date as_date() const { return read<Date>(); }
  const Time& as_time() const;
  const DateTime& as_date_time() const;
  YearsMonths as_years_months() const { return {word_[0]}; }
  DaysTime as_days_time() const { return read<DaysTime>(); }
  std::span<const Value> as_list() const;
  ContextView as_context() const;
  const Range& as_range() const;
  const std::shared_ptr<const Function>& as_function() const;
  const Reason* why() const;                      // of a null; nullptr when none was given
  bool has_reason() const { return is_null() && tag_.shared; }
  std::string reason() const;                     // in English, with its position; "" when none was given
  Measure measure() const { return tag_.shared ? measure_of_block() : Measure{}; }
  // The fast form of a number (base::Decimal::Words), for operators that need no more: coefficient × 10^exponent.
  bool is_fast_number() const { return tag_.kind == Kind::number && tag_.extra == 0; }
  std::int64_t coefficient() const { return word_[0]; }
  std::int16_t exponent() const { return tag_.exponent; }
  static Value fast_number(std::int64_t coefficient, std::int16_t exponent) {  // coefficient 0 has exponent 0
    Value v(Kind::number);
    v.word_[0] = coefficient;
    v.word_[1] = 0;
    v.tag_.exponent = exponent;
    v.tag_.extra = 0;
    return v;
  }
  // A string of at most 16 bytes, as two words filled up with zeros: to hash and compare without looking at bytes.
  bool is_short_string() const { return tag_.kind == Kind::string && !tag_.shared; }
  std::uint64_t short_word(int i) const { return static_cast<std::uint64_t>(word_[i]); }
  bool same_short_string(const Value& other) const {
    return other.is_short_string() && word_[0] == other.word_[0] && word_[1] == other.word_[1] && tag_.extra == other.tag_.extra;
  }
  // The other's bits without a share in its block: for a place that forgets them before the other goes.
  void borrow(const Value& other) noexcept {
    if (tag_.shared) release();
    copy_bits(other);
  }
  void forget() noexcept { tag_ = {}; }
  // Makes this null; what was here ends.
  void clear() noexcept {
    if (tag_.shared) release();
    tag_ = {};
  }
  // For a place that shows `item` for a while without owning it: `item` lives longer, nobody moves from here, and the place
  // is given back with lend_nothing(). What was here before was null or lent.
  void lend(const Value& item) noexcept { copy_bits(item); }
  void lend_nothing() noexcept { tag_ = {}; }
  // Whether both are the same block: equal without looking, in the same order.
  bool same_block(const Value& other) const { return tag_.shared && other.tag_.shared && word_[0] == other.word_[0]; }

 private:
  friend class ListBuilder;
  friend class ContextView;
  struct Text : detail::Block {  // a long string
    std::uint32_t size = 0;
    char* data() { return reinterpret_cast<char*>(this + 1); }
    std::string_view view() const { return {reinterpret_cast<const char*>(this + 1), size}; }
  };
  struct Items : detail::Block {
    std::uint32_t size = 0, capacity = 0;
    Measure measure = {};
    Value* begin() { return reinterpret_cast<Value*>(this + 1); }
    const Value* begin() const { return reinterpret_cast<const Value*>(this + 1); }
  };
  struct Entries : detail::Block {
    Shape::Keys* shape = nullptr;
    Measure measure = {};
    Value* begin() { return reinterpret_cast<Value*>(this + 1); }
    const Value* begin() const { return reinterpret_cast<const Value*>(this + 1); }
  };
  template <class T>
  struct Boxed : detail::Block {
    explicit Boxed(T&& made) : value(std::move(made)) {}
    Measure measure = {};
    T value;
  };

  explicit Value(Kind kind) noexcept : tag_{kind} {}
  template <class T>
  static Value plain(Kind kind, const T& value) {
    static_assert(sizeof(T) <= 16);
    Value v(kind);
    std::memcpy(v.word_, &value, sizeof value);
    return v;
  }
  template <class T>
  T read() const {
    T value;
    std::memcpy(static_cast<void*>(&value), word_, sizeof value);
    return value;
  }
  static Value of_block(Kind kind, detail::Block* block) {
    Value v(kind);
    v.tag_.shared = true;
    std::memcpy(v.word_, &block, sizeof block);
    return v;
  }
  template <class T>
  static Value boxed(Kind kind, T&& value, Measure measure = {});
  static Value long_string(std::size_t size, void (*fill)(char*, void*), void* with);
  detail::Block* block() const {
    detail::Block* b;
    std::memcpy(&b, word_, sizeof b);
    return b;
  }
  void copy_bits(const Value& other) noexcept {
    word_[0] = other.word_[0];
    word_[1] = other.word_[1];
    tag_ = other.tag_;
  }
  void release() noexcept {
    if (block()->release()) destroy();
  }
  void destroy() noexcept;
  Measure measure_of_block() const;

  struct Tag {
    Kind kind = Kind::null;
    bool shared = false;            // word_ holds a Block*
    std::int16_t exponent = 0;      // of a number
    std::uint32_t extra = 0;        // bytes of an inline string; 1: a wide number
  };
  std::int64_t word_[2] = {0, 0};
  Tag tag_;
};
static_assert(sizeof(Value) == 24);

struct Range {
  bool low_closed = true, high_closed = true;
  bool low_open_ended = false, high_open_ended = false;  // unary forms: "< 5", ">= x"
  bool exactly = false;                                  // "(= x)": low and high are x
  bool excluded = false;                                 // "(!= x)": everything but x
  Value low, high;
};

// A context as it is read: in order, by position or by key. Lives as long as the value it was taken from.
class ContextView {
 public:
  std::size_t size() const { return entries_ == nullptr ? 0 : entries_->shape->size; }
  bool empty() const { return size() == 0; }
  std::string_view key(std::size_t i) const { return entries_->shape->keys()[i]; }
  const Value& value(std::size_t i) const { return entries_->begin()[i]; }
  const Value* find(std::string_view key) const {
    if (entries_ == nullptr) return nullptr;
    const std::size_t at = entries_->shape->position(key);
    return at == Shape::npos ? nullptr : entries_->begin() + at;
  }
  Context copy() const;  // to change and build from
  Shape shape() const;
  bool has(const Shape& shape) const { return entries_ != nullptr && entries_->shape == shape.block_; }  // the same, not only equal keys

  class Iterator {
   public:
    Iterator(const Value::Entries* entries, std::size_t at) : entries_(entries), at_(at) {}
    std::pair<std::string_view, const Value&> operator*() const { return {entries_->shape->keys()[at_], entries_->begin()[at_]}; }
    Iterator& operator++() { ++at_; return *this; }
    bool operator==(const Iterator&) const = default;
   private:
    const Value::Entries* entries_;
    std::size_t at_;
  };
  Iterator begin() const { return {entries_, 0}; }
  Iterator end() const { return {entries_, size()}; }

 private:
  friend class Value;
  explicit ContextView(const Value::Entries* entries) : entries_(entries) {}
  const Value::Entries* entries_;
};

inline std::span<const Value> Value::as_list() const {
  if (!tag_.shared) return {};
  const auto* items = static_cast<const Items*>(block());
  return {items->begin(), items->size};
}
inline ContextView Value::as_context() const { return ContextView(tag_.shared ? static_cast<const Entries*>(block()) : nullptr); }

// Builds a list in place, without a vector in between.
class ListBuilder {
 public:
  explicit ListBuilder(std::size_t expected = 0);
  ListBuilder(const ListBuilder&) = delete;
  ListBuilder& operator=(const ListBuilder&) = delete;
  ~ListBuilder();
  void push(Value item) {
    if (items_ == nullptr || items_->size == items_->capacity || items_->shared()) [[unlikely]] make_room();
    fits_ = items_->measure.include(item.measure()) && fits_;
    new (items_->begin() + items_->size++) Value(std::move(item));
  }
  std::size_t size() const { return items_ == nullptr ? 0 : items_->size; }
  std::span<const Value> so_far() const { return items_ == nullptr ? std::span<const Value>() : std::span<const Value>(items_->begin(), items_->size); }
  void reserve(std::size_t expected);   // before the first push; a hint
  bool fits() const { return fits_; }   // false: finish() will be null
  bool is_shared() const { return items_ != nullptr && items_->shared(); }  // somebody kept what share() gave
  Value share() const;                  // the list so far; what is pushed later does not change it
  Value finish();                       // null where it passes the limits

 private:
  void make_room();
  Value::Items* items_ = nullptr;
  bool fits_ = true;
};

// Section 10.3.2.13: equality; null when the kinds differ (except with null). Deep for lists, contexts and ranges.
Value equal(const Value&, const Value&);
// Function is(): the same kind and, for times, the same zone form; never null.
bool identical(const Value&, const Value&);
// Section 10.3.2.12 table 54: null where the kinds cannot be ordered or differ. -1, 0, 1 otherwise.
std::optional<int> compare(const Value&, const Value&);
// Whether the value lies in the range: true, false, or null where an endpoint cannot be compared.
Value contains(const Range&, const Value&);
// FEEL string(): numbers without trailing zeros, temporal ISO text, lists "[1, 2]", contexts "{a: 1}".
std::string text(const Value&);

// JSON at the edge. Temporal values become their text; functions and ranges their string(); numbers keep digits.
base::Json to_json(const Value&);
Value from_json(const base::Json&);
Value from_packed(const base::Packed&);  // reads in place, copies what it keeps

}  // namespace feel
