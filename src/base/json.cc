#include "base/json.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/bytes.h"
#include "base/json_pointer.h"

namespace base {
namespace {
const Json kNull;
}

Json::Json(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(INT64_MAX)) value_ = static_cast<std::int64_t>(value);
  else value_ = Number{std::to_string(value)};
}

Json::Json(double value) {
  if (!std::isfinite(value)) return;
  if (value == std::floor(value) && std::fabs(value) < 9e15) {
    value_ = static_cast<std::int64_t>(value);
    return;
  }
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  value_ = Number{std::string(buffer, end)};
}

std::string Json::number_text() const {
  return is_int() ? std::to_string(as_int()) : std::get<Number>(value_).text;
}

double Json::as_double() const {
  if (is_int()) return static_cast<double>(as_int());
  const std::string& text = std::get<Number>(value_).text;
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

const Json* Json::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&value_);
  if (!object) return nullptr;
  for (const Member& member : *object)
    if (member.first == key) return &member.second;
  return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* found = find(key);
  return found ? *found : kNull;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object{};
  Object& object = as_object();
  for (Member& member : object)
    if (member.first == key) {
      member.second = std::move(value);
      return *this;
    }
  object.emplace_back(std::string(key), std::move(value));
  return *this;  // so that calls can be chained
}

bool Json::erase(std::string_view key) {
  auto* object = std::get_if<Object>(&value_);
  if (!object) return false;
  return std::erase_if(*object, [&](const Member& m) { return m.first == key; }) > 0;
}

void Json::push(Json value) {
  if (is_null()) value_ = Array{};
  as_array().push_back(std::move(value));
}

std::size_t Json::size() const {
  if (is_array()) return as_array().size();
  return is_object() ? as_object().size() : 0;
}

// RFC 6901 section 3.
std::string escape_pointer(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') out += "~0";
    else if (c == '/') out += "~1";
    else out += c;
  }
  return out;
}

// RFC 6901 section 4.
const Json& Json::at_pointer(std::string_view pointer) const {
  const Json* at = this;
  while (!pointer.empty()) {
    if (pointer[0] != '/') return kNull;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string token;
    for (std::size_t i = 0; i < end; ++i) {
      if (pointer[i] == '~' && i + 1 < end) token += pointer[++i] == '1' ? '/' : '~';
      else token += pointer[i];
    }
    pointer.remove_prefix(end);
    if (at->is_array()) {
      std::size_t index = 0;
      const auto [rest, error] = std::from_chars(token.data(), token.data() + token.size(), index);
      if (error != std::errc() || rest != token.data() + token.size() || index >= at->as_array().size()) return kNull;
      at = &at->as_array()[index];
    } else {
      at = &(*at)[std::string_view(token)];
    }
  }
  return *at;
}

bool Json::operator==(const Json& other) const {
  if (!is_object() || !other.is_object()) return value_ == other.value_;
  if (size() != other.size()) return false;
  for (const auto& [key, value] : as_object()) {
    const Json* theirs = other.find(key);
    if (!theirs || !(value == *theirs)) return false;
  }
  return true;
}

void json_escape_to(std::string& out, std::string_view text) {
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(done, i - done));
    done = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: {
        char buffer[8];
        std::snprintf(buffer, sizeof buffer, "\\u%04x", c);
        out += buffer;
      }
    }
  }
  out.append(text.substr(done));
  out += '"';
}

namespace {
void newline(std::string& out, int indent) {
  out += '\n';
  out.append(static_cast<std::size_t>(indent) * 2, ' ');
}

// indent < 0: compact. Depth is bounded by what parse_json and the packed reader let in.
void write(std::string& out, const Json& value, int indent) {
  const bool pretty = indent >= 0;
  if (value.is_null()) out += "null";
  else if (value.is_bool()) out += value.as_bool() ? "true" : "false";
  else if (value.is_number()) out += value.number_text();
  else if (value.is_string()) json_escape_to(out, value.as_string());
  else if (value.size() == 0) out += value.is_array() ? "[]" : "{}";
  else {
    out += value.is_array() ? '[' : '{';
    bool first = true;
    const auto separate = [&] {
      if (!first) out += ',';
      first = false;
      if (pretty) newline(out, indent + 1);
    };
    if (value.is_array()) {
      for (const Json& item : value.as_array()) {
        separate();
        write(out, item, pretty ? indent + 1 : -1);
      }
    } else {
      for (const auto& [key, item] : value.as_object()) {
        separate();
        json_escape_to(out, key);
        out += pretty ? ": " : ":";
        write(out, item, pretty ? indent + 1 : -1);
      }
    }
    if (pretty) newline(out, indent);
    out += value.is_array() ? ']' : '}';
  }
}
}  // namespace

void Json::dump_to(std::string& out) const { write(out, *this, -1); }

std::string Json::dump() const {
  std::string out;
  write(out, *this, -1);
  return out;
}

std::string Json::dump_pretty() const {
  std::string out;
  write(out, *this, 0);
  return out;
}

}  // namespace base
