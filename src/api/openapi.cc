#include "api/openapi.h"

#include <algorithm>
#include <cstdlib>

#include "base/embed.h"
#include "base/json_schema.h"
#include "base/log.h"

EMBED_FILE(openapi, "src/api/openapi.json");

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> out;
  path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

Operation read_operation(const std::string& path, const std::string& method, const Json& node) {
  Operation op;
  for (const char c : method) op.method += static_cast<char>(c - 32);
  op.path = path;
  op.segments = segments_of(path);
  op.id = node["operationId"].string_or("");
  op.open = node.has("security") && node["security"].size() == 0;
  if (node["x-roles"].is_array())
    for (const Json& role : node["x-roles"].as_array()) op.roles.push_back(role.string_or(""));
  op.audit = node["x-audit"].string_or("");
  const Json& content = node["requestBody"]["content"];
  if (content.is_object() && content.size() > 0) {
    op.media = content.as_object().front().first;
    op.body = &content.as_object().front().second["schema"];
    op.body_required = node["requestBody"]["required"].bool_or(false);
  }
  op.relational = node["x-relational"].bool_or(false);
  op.node = &node;
  return op;
}

bool fits(const Operation& op, const std::vector<std::string>& segments) {
  if (op.segments.size() != segments.size()) return false;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool any = op.segments[i].starts_with('{');
    if (any ? segments[i].empty() : op.segments[i] != segments[i]) return false;
  }
  return true;
}

// The text of a parameter as the value its schema speaks of.
Json parameter_value(const Json& schema, const std::string& text) {
  const std::string type = schema["type"].string_or("string");
  if (type == "boolean") return text == "true" ? Json(true) : text == "false" ? Json(false) : Json(text);
  if (type == "integer" || type == "number") {
    auto number = base::parse_json(text);
    return number && number->is_number() ? std::move(*number) : Json(text);
  }
  return text;
}

}  // namespace

Contract::Contract(std::string_view text) : text_(text) {
  auto parsed = base::parse_json(text, "openapi.json");
  if (!parsed) {  // a defect of ours that the first test meets
    base::log::error("api", parsed.error().text());
    std::abort();
  }
  document_ = std::move(*parsed);
  for (const auto& [path, item] : document_["paths"].as_object())
    for (const auto& [method, node] : item.as_object()) operations_.push_back(read_operation(path, method, node));
  // Fixed segments before named ones: /a/b wins over /a/{x}.
  std::stable_sort(operations_.begin(), operations_.end(), [](const Operation& a, const Operation& b) {
    const auto named = [](const Operation& o) { return std::count(o.path.begin(), o.path.end(), '{'); };
    return named(a) < named(b);
  });
}

const Contract& Contract::instance() {
  static const Contract kContract(EMBEDDED(openapi));
  return kContract;
}

const Operation* Contract::operation(std::string_view id) const {
  for (const Operation& op : operations_)
    if (op.id == id) return &op;
  return nullptr;
}

const Operation* Contract::match(const std::string& method, const std::vector<std::string>& segments, std::string& allowed) const {
  const std::string& wanted = method == "HEAD" ? std::string("GET") : method;
  for (const Operation& op : operations_) {
    if (!fits(op, segments)) continue;
    if (op.method == wanted) return &op;
    if (allowed.find(op.method) == std::string::npos) allowed += (allowed.empty() ? "" : ", ") + op.method;
  }
  return nullptr;
}

base::Status Contract::check_parameters(const Operation& op, const Request& request) const {
  const Json& parameters = (*op.node)["parameters"];
  if (!parameters.is_array()) return {};
  for (const Json& one : parameters.as_array()) {
    const std::string name = one["name"].string_or("");
    const std::string where = one["in"].string_or("");
    const std::string* text = nullptr;
    if (where == "path") {
      for (std::size_t i = 0; i < op.segments.size(); ++i)
        if (op.segments[i] == "{" + name + "}") text = &request.segments[i];
    } else if (where == "query") {
      for (const auto& [key, value] : request.query)
        if (key == name) text = &value;
    }
    if (text == nullptr) continue;
    const auto faults = base::check_schema(document_, one["schema"], parameter_value(one["schema"], *text), 1);
    if (!faults.empty())
      return base::fail(ErrorCode::invalid_argument, "the " + where + " parameter '" + name + "' " + faults.front().message, {}, faults.front().remedy);
  }
  return {};
}

base::Status Contract::check_body(const Operation& op, const Json& body) const {
  const auto faults = base::check_schema(document_, *op.body, body, 1);
  if (faults.empty()) return {};
  const auto& f = faults.front();
  return base::fail(ErrorCode::invalid_argument, (f.pointer.empty() ? "the body" : f.pointer) + " " + f.message, {.pointer = f.pointer}, f.remedy);
}

}  // namespace api
