// JSON as a value (RFC 8259). Numbers keep their digits; objects keep their order and have unique keys.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/limits.h"

namespace base {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;
  // A number that is not a plain int64: its text as written ("1.50", "1e400").
  struct Number {
    std::string text;
    bool operator==(const Number&) const = default;
  };

  Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(std::int64_t{value}) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::uint64_t value);
  Json(double value);  // shortest text that reads back; not finite becomes null
  Json(Number value) : value_(std::move(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  static Json array() { return Json(Array{}); }
  static Json object() { return Json(Object{}); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_int() || std::holds_alternative<Number>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // Unchecked kinds abort: test first, or use the *_or forms.
  bool as_bool() const { return std::get<bool>(value_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(value_); }
  const std::string& as_string() const { return std::get<std::string>(value_); }
  const Array& as_array() const { return std::get<Array>(value_); }
  Array& as_array() { return std::get<Array>(value_); }
  const Object& as_object() const { return std::get<Object>(value_); }
  Object& as_object() { return std::get<Object>(value_); }
  std::string number_text() const;  // of any number
  double as_double() const;         // of any number, rounded

  bool bool_or(bool otherwise) const { return is_bool() ? as_bool() : otherwise; }
  std::int64_t int_or(std::int64_t otherwise) const { return is_int() ? as_int() : otherwise; }
  std::string string_or(std::string otherwise) const { return is_string() ? as_string() : std::move(otherwise); }

  // Object member; a shared null where the key is absent or this is no object.
  const Json& operator[](std::string_view key) const;
  const Json& operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  const Json* find(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
  // Sets (replaces or appends) a member; turns null into an object first.
  Json& set(std::string_view key, Json value);
  bool erase(std::string_view key);
  void push(Json value);  // turns null into an array first
  std::size_t size() const;  // of an array or object, else 0

  // RFC 6901; null where nothing is there.
  const Json& at_pointer(std::string_view pointer) const;

  // Numbers by text, objects in order-free comparison.
  bool operator==(const Json& other) const;

  std::string dump() const;               // compact
  std::string dump_pretty() const;        // two spaces, ends without newline
  void dump_to(std::string& out) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, Number, std::string, Array, Object> value_;
};

// Errors: invalid_json with line and column (and JSON pointer where known), limit_exceeded.
Result<Json> parse_json(std::string_view text, std::string_view file = {}, std::size_t max_bytes = limits::kJsonBytes);

void json_escape_to(std::string& out, std::string_view text);  // with the quotes

}  // namespace base
