#include "connectors/schema.h"

#include <set>

#include "base/decimal.h"
#include "base/text.h"

namespace connectors {
namespace {

using base::Json;
using base::Status;

constexpr int kDepth = 64;  // schemas are ours, values are not: both nest less than this

std::string kind(const Json& v) {
  if (v.is_null()) return "null";
  if (v.is_bool()) return "boolean";
  if (v.is_number()) return "number";
  if (v.is_string()) return "string";
  return v.is_array() ? "array" : "object";
}

bool is_type(const Json& v, std::string_view type) {
  if (type == "integer") return v.is_number() && base::Decimal::parse(v.number_text()).value_or(base::Decimal::from_double(0.5)).is_integer();
  return kind(v) == type;
}

class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  Status check(const Json& schema, const Json& value, const std::string& pointer, int depth) const {
    if (depth > kDepth) return base::fail(base::ErrorCode::limit_exceeded, "schema or value nests too deep", {.pointer = pointer});
    if (schema.is_bool()) return schema.as_bool() ? Status{} : wrong(pointer, "nothing is allowed here", "leave it out");
    for (const auto& [keyword, rule] : schema.as_object()) TRY_VOID(one(schema, keyword, rule, value, pointer, depth));
    return {};
  }

 private:
  static std::unexpected<base::Error> wrong(const std::string& pointer, std::string what, std::string right) {
    return base::fail(base::ErrorCode::invalid_argument, std::move(what), {.pointer = pointer}, std::move(right));
  }

  Status one(const Json& schema, std::string_view keyword, const Json& rule, const Json& v, const std::string& at, int depth) const {
    static const std::set<std::string_view> kSilent = {"$schema", "$id", "$defs", "title", "description", "pattern", "format", "default"};
    if (kSilent.contains(keyword)) return {};
    if (keyword == "$ref") return check(root_.at_pointer(rule.as_string().substr(1)), v, at, depth + 1);
    if (keyword == "type") return type(rule, v, at);
    if (keyword == "enum") return enumeration(rule, v, at);
    if (keyword == "const") return v == rule ? Status{} : wrong(at, "wrong value", rule.dump());
    if (keyword == "anyOf") return any(rule, v, at, depth);
    if (keyword == "minLength")
      return !v.is_string() || base::code_points(v.as_string()) >= static_cast<std::size_t>(rule.as_int()) ? Status{} : wrong(at, "text is too short", "a text");
    if (keyword == "minimum") return !v.is_number() || number(v) >= number(rule) ? Status{} : wrong(at, "number is too small", "at least " + rule.number_text());
    if (keyword == "maximum") return !v.is_number() || number(v) <= number(rule) ? Status{} : wrong(at, "number is too large", "at most " + rule.number_text());
    if (keyword == "items" || keyword == "minItems") return array(keyword, rule, v, at, depth);
    return object(schema, keyword, rule, v, at, depth);
  }

  static base::Decimal number(const Json& n) { return base::Decimal::parse(n.number_text()).value_or(base::Decimal()); }

  Status type(const Json& rule, const Json& v, const std::string& at) const {
    if (rule.is_string()) return is_type(v, rule.as_string()) ? Status{} : wrong(at, "is a " + kind(v), "a " + rule.as_string());
    std::string names;
    for (const Json& t : rule.as_array()) {
      if (is_type(v, t.as_string())) return {};
      names += (names.empty() ? "" : " or ") + t.as_string();
    }
    return wrong(at, "is a " + kind(v), names);
  }

  Status enumeration(const Json& rule, const Json& v, const std::string& at) const {
    std::string names;
    for (const Json& allowed : rule.as_array()) {
      if (allowed == v) return {};
      names += (names.empty() ? "" : ", ") + allowed.dump();
    }
    return wrong(at, "unknown value", "one of " + names);
  }

  Status any(const Json& rule, const Json& v, const std::string& at, int depth) const {
    Status last;
    for (const Json& schema : rule.as_array()) {
      last = check(schema, v, at, depth + 1);
      if (last) return last;
    }
    return last;
  }

  Status array(std::string_view keyword, const Json& rule, const Json& v, const std::string& at, int depth) const {
    if (!v.is_array()) return {};
    if (keyword == "minItems")
      return v.size() >= static_cast<std::size_t>(rule.as_int()) ? Status{} : wrong(at, "list is too short", "at least " + rule.number_text() + " items");
    std::size_t index = 0;
    for (const Json& item : v.as_array()) TRY_VOID(check(rule, item, at + "/" + std::to_string(index++), depth + 1));
    return {};
  }

  Status object(const Json& schema, std::string_view keyword, const Json& rule, const Json& v, const std::string& at, int depth) const {
    if (keyword != "required" && keyword != "properties" && keyword != "additionalProperties" && keyword != "minProperties" && keyword != "maxProperties")
      return base::fail(base::ErrorCode::internal, "schema keyword '" + std::string(keyword) + "' is not supported");
    if (!v.is_object()) return {};
    if (keyword == "required") {
      for (const Json& name : rule.as_array())
        if (!v.has(name.as_string())) return wrong(at, "'" + name.as_string() + "' is missing", "the member '" + name.as_string() + "'");
      return {};
    }
    if (keyword == "minProperties") return v.size() >= static_cast<std::size_t>(rule.as_int()) ? Status{} : wrong(at, "object is empty", "at least one member");
    if (keyword == "maxProperties") return v.size() <= static_cast<std::size_t>(rule.as_int()) ? Status{} : wrong(at, "too many members", "at most " + rule.number_text());
    for (const auto& [name, value] : v.as_object()) {
      const Json* known = schema["properties"].find(name);
      if (keyword == "properties" && known != nullptr) TRY_VOID(check(*known, value, at + "/" + name, depth + 1));
      if (keyword == "additionalProperties" && known == nullptr) TRY_VOID(unknown(schema, rule, name, value, at, depth));
    }
    return {};
  }

  Status unknown(const Json& schema, const Json& rule, const std::string& name, const Json& value, const std::string& at, int depth) const {
    if (!rule.is_bool() || rule.as_bool()) return check(rule, value, at + "/" + name, depth + 1);
    std::vector<std::string> names;
    if (schema["properties"].is_object())
      for (const auto& [n, s] : schema["properties"].as_object()) names.push_back(n);
    const std::string near = base::nearest(name, names);
    return wrong(at + "/" + name, "unknown key '" + name + "'", near.empty() ? "one of " + base::join(names, ", ") : "did you mean '" + near + "'?");
  }

  const Json& root_;
};

}  // namespace

Status check_schema(const Json& schema, const Json& value) { return Checker(schema).check(schema, value, "", 0); }

}  // namespace connectors
