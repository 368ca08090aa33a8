#include "base/json_schema.h"
#include "base/json_pointer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <regex>

#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t kPatternText = 1'000;  // std::regex recurses per character: longer text never meets it
constexpr int kRefDepth = 64;                // $ref to $ref without progress in the value

bool matches(const std::string& pattern, const std::string& text) {
  static std::mutex mutex;
  static std::map<std::string, std::regex> compiled;
  if (text.size() > kPatternText) return false;
  const std::lock_guard lock(mutex);
  auto found = compiled.find(pattern);
  if (found == compiled.end()) found = compiled.emplace(pattern, std::regex(pattern, std::regex::ECMAScript | std::regex::optimize)).first;
  return std::regex_search(text, found->second);
}

std::string_view type_of(const Json& v) {
  if (v.is_null()) return "null";
  if (v.is_bool()) return "boolean";
  if (v.is_int()) return "integer";
  if (v.is_number()) return "number";
  if (v.is_string()) return "string";
  return v.is_array() ? "array" : "object";
}
bool has_type(const Json& v, const std::string& type) {
  const auto actual = type_of(v);
  return actual == type || (type == "number" && actual == "integer");
}

class Checker {
 public:
  Checker(const Json& root, std::size_t max) : root_(root), max_(max) {}
  void check(const Json& schema, const Json& value, const std::string& at, int depth) {
    if (faults.size() >= max_) return;
    if (schema.is_bool()) {
      if (!schema.as_bool()) add(at, "nothing is allowed here", {});
      return;
    }
    if (depth > limits::kJsonDepth + kRefDepth) return add(at, "nested deeper than base::limits::kJsonDepth", {});
    if (const Json* ref = schema.find("$ref")) check(resolve(*ref), value, at, depth + 1);
    if (!check_type(schema, value, at)) return;
    check_choice(schema, value, at, depth);
    if (value.is_string()) check_string(schema, value.as_string(), at);
    if (value.is_number()) check_number(schema, value, at);
    if (value.is_array()) check_array(schema, value, at, depth);
    if (value.is_object()) check_object(schema, value, at, depth);
  }
  std::vector<SchemaFault> faults;

 private:
  void add(const std::string& at, std::string message, std::string remedy) {
    if (faults.size() < max_) faults.push_back({at, std::move(message), std::move(remedy)});
  }
  const Json& resolve(const Json& ref) const {
    const std::string text = ref.string_or("");
    return text == "#" ? root_ : root_.at_pointer(std::string_view(text).substr(std::min<std::size_t>(1, text.size())));
  }
  bool check_type(const Json& schema, const Json& value, const std::string& at) {
    const Json* type = schema.find("type");
    if (type == nullptr) return true;
    std::string wanted;
    if (type->is_string()) {
      if (has_type(value, type->as_string())) return true;
      wanted = type->as_string();
    } else {
      for (const Json& t : type->as_array()) {
        if (has_type(value, t.string_or(""))) return true;
        wanted += (wanted.empty() ? "" : " or ") + t.string_or("");
      }
    }
    add(at, "has type " + std::string(type_of(value)), "write a value of type " + wanted);
    return false;
  }
  void check_choice(const Json& schema, const Json& value, const std::string& at, int depth) {
    if (const Json* only = schema.find("const"); only != nullptr && !(*only == value)) add(at, "is not the one value allowed here", only->dump());
    if (const Json* list = schema.find("enum")) {
      const auto& values = list->as_array();
      if (std::none_of(values.begin(), values.end(), [&](const Json& v) { return v == value; })) add(at, "is none of the values allowed here", "one of " + list->dump());
    }
    if (const Json* any = schema.find("anyOf")) {
      std::vector<SchemaFault> best;
      for (const Json& option : any->as_array()) {
        Checker one(root_, max_);
        one.check(option, value, at, depth + 1);
        if (one.faults.empty()) return;
        // The option that gets furthest into the value is the one that was meant.
        if (best.empty() || one.faults.front().pointer.size() > best.front().pointer.size()) best = std::move(one.faults);
      }
      for (auto& fault : best) add(fault.pointer, std::move(fault.message), std::move(fault.remedy));
    }
  }
  void check_string(const Json& schema, const std::string& text, const std::string& at) {
    const auto length = static_cast<std::int64_t>(code_points(text));
    if (const Json* n = schema.find("minLength"); n != nullptr && length < n->as_int()) add(at, "is shorter than " + n->number_text() + " characters", {});
    if (const Json* n = schema.find("maxLength"); n != nullptr && length > n->as_int()) add(at, "is longer than " + n->number_text() + " characters", {});
    if (const Json* p = schema.find("pattern"); p != nullptr && !matches(p->as_string(), text))
      add(at, "does not have the form asked for", "text that matches " + p->as_string());
  }
  void check_number(const Json& schema, const Json& value, const std::string& at) {
    if (const Json* n = schema.find("minimum"); n != nullptr && value.as_double() < n->as_double()) add(at, "is less than " + n->number_text(), {});
    if (const Json* n = schema.find("maximum"); n != nullptr && value.as_double() > n->as_double()) add(at, "is more than " + n->number_text(), {});
  }
  void check_array(const Json& schema, const Json& value, const std::string& at, int depth) {
    const auto& items = value.as_array();
    const auto count = static_cast<std::int64_t>(items.size());
    if (const Json* n = schema.find("minItems"); n != nullptr && count < n->as_int()) add(at, "has fewer than " + n->number_text() + " items", {});
    if (const Json* n = schema.find("maxItems"); n != nullptr && count > n->as_int()) add(at, "has more than " + n->number_text() + " items", {});
    if (const Json* each = schema.find("items"))
      for (std::size_t i = 0; i < items.size() && faults.size() < max_; ++i) check(*each, items[i], at + "/" + std::to_string(i), depth + 1);
  }
  void check_object(const Json& schema, const Json& value, const std::string& at, int depth) {
    const auto count = static_cast<std::int64_t>(value.size());
    if (const Json* n = schema.find("minProperties"); n != nullptr && count < n->as_int()) add(at, "has fewer than " + n->number_text() + " members", {});
    if (const Json* n = schema.find("maxProperties"); n != nullptr && count > n->as_int()) add(at, "has more than " + n->number_text() + " members", {});
    if (const Json* required = schema.find("required"))
      for (const Json& key : required->as_array())
        if (!value.has(key.as_string())) add(at, "'" + key.as_string() + "' is missing", "add it");
    const Json& known = schema["properties"];
    const Json* more = schema.find("additionalProperties");
    for (const auto& [key, member] : value.as_object()) {
      const std::string here = at + "/" + escape_pointer(key);
      if (const Json* own = known.find(key)) {
        check(*own, member, here, depth + 1);
      } else if (more != nullptr && more->is_bool() && !more->as_bool()) {
        std::vector<std::string> names;
        if (known.is_object())
          for (const auto& [name, unused] : known.as_object()) names.push_back(name);
        const std::string near = nearest(key, names);
        add(here, "'" + key.substr(0, 60) + "' is not a known key", near.empty() ? "known: " + join(names, ", ") : "did you mean '" + near + "'?");
      } else if (more != nullptr && more->is_object()) {
        check(*more, member, here, depth + 1);
      }
    }
  }
  const Json& root_;
  std::size_t max_;
};

constexpr std::string_view kKnown[] = {"type", "const", "enum", "required", "properties", "additionalProperties", "items", "anyOf", "$ref",
  "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "pattern",
  // annotations
  "$schema", "$id", "$defs", "$comment", "title", "description", "format", "example", "examples", "default"};

void walk(const Json& schema, const std::string& at, int depth, std::vector<std::string>& out) {
  if (!schema.is_object() || depth > limits::kJsonDepth) return;
  for (const auto& [key, value] : schema.as_object()) {
    const std::string here = at + "/" + escape_pointer(key);
    if (std::find(std::begin(kKnown), std::end(kKnown), key) == std::end(kKnown)) out.push_back(here);
    if (key == "properties" || key == "$defs") {
      for (const auto& [name, sub] : value.as_object()) walk(sub, here + "/" + escape_pointer(name), depth + 1, out);
    } else if (key == "items" || key == "additionalProperties") {
      walk(value, here, depth + 1, out);
    } else if (key == "anyOf") {
      for (std::size_t i = 0; i < value.size(); ++i) walk(value.as_array()[i], here + "/" + std::to_string(i), depth + 1, out);
    }
  }
}

}  // namespace

std::vector<SchemaFault> check_schema(const Json& root, const Json& schema, const Json& value, std::size_t max_faults) {
  Checker checker(root, max_faults);
  checker.check(schema, value, "", 0);
  return std::move(checker.faults);
}

std::vector<std::string> unknown_keywords(const Json& schema) {
  std::vector<std::string> out;
  walk(schema, "", 0, out);
  return out;
}

}  // namespace base
