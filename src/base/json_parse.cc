// Reading through simdjson's on-demand interface: raw number tokens keep their digits (the only file that includes it).
#include <simdjson.h>

#include <charconv>
#include <unordered_set>

#include "base/json.h"

namespace base {
namespace {

using simdjson::ondemand::value;

struct JsonReader {
  std::string_view text;
  std::string_view file;
  std::string pointer;

  Error error(ErrorCode code, std::string message, const char* at) const {
    Where where{.file = std::string(file), .pointer = pointer};
    const char* begin = text.data();
    if (at && at >= begin && at <= begin + text.size()) {
      where.line = 1;
      where.column = 1;
      for (const char* p = begin; p < at; ++p) {
        if (*p == '\n') ++where.line, where.column = 1;
        else ++where.column;
      }
    }
    return {code, std::move(message), std::move(where), {}};
  }

  Result<Json> number(std::string_view raw) {
    while (!raw.empty() && (raw.back() == ' ' || raw.back() == '\n' || raw.back() == '\r' || raw.back() == '\t')) raw.remove_suffix(1);
    if (!valid_number(raw)) return std::unexpected(error(ErrorCode::invalid_json, "not a number", raw.data()));
    std::int64_t whole = 0;
    const auto [end, failed] = std::from_chars(raw.data(), raw.data() + raw.size(), whole);
    if (failed == std::errc() && end == raw.data() + raw.size() && raw != "-0") return Json(whole);
    return Json(Json::Number{std::string(raw)});
  }

  // RFC 8259 section 6.
  static bool valid_number(std::string_view t) {
    std::size_t i = 0;
    const auto digits = [&] {
      const std::size_t from = i;
      while (i < t.size() && t[i] >= '0' && t[i] <= '9') ++i;
      return i - from;
    };
    if (i < t.size() && t[i] == '-') ++i;
    const bool zero = i < t.size() && t[i] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (i < t.size() && t[i] == '.') {
      ++i;
      if (digits() == 0) return false;
    }
    if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
      ++i;
      if (i < t.size() && (t[i] == '+' || t[i] == '-')) ++i;
      if (digits() == 0) return false;
    }
    return i == t.size();
  }

  template <class Source>
  Result<Json> read(Source& source, int depth);
};

template <class Source>
Result<Json> JsonReader::read(Source& source, int depth) {
  const auto fault = [&](simdjson::error_code code) {
    const char* at = nullptr;
    return std::unexpected(error(ErrorCode::invalid_json, simdjson::error_message(code), at));
  };
  if (depth > limits::kJsonDepth)
    return std::unexpected(error(ErrorCode::limit_exceeded,
                                 "nested deeper than " + std::to_string(limits::kJsonDepth) + " levels (kJsonDepth)", nullptr));
  simdjson::ondemand::json_type type;
  if (auto code = source.type().get(type)) return fault(code);
  switch (type) {
    case simdjson::ondemand::json_type::null: {
      if (!source.is_null()) return fault(simdjson::INCORRECT_TYPE);
      return Json();
    }
    case simdjson::ondemand::json_type::boolean: {
      bool b = false;
      if (auto code = source.get_bool().get(b)) return fault(code);
      return Json(b);
    }
    case simdjson::ondemand::json_type::number: {
      std::string_view raw;
      if constexpr (requires { source.raw_json_token().get(raw); }) {
        if (auto code = source.raw_json_token().get(raw)) return fault(code);
      } else {
        raw = source.raw_json_token();
      }
      const std::string copy(raw);
      double ignored = 0;
      // Consumes the token; out of double range is fine, the digits are kept.
      if (auto code = source.get_double().get(ignored); code && code != simdjson::NUMBER_ERROR) return fault(code);
      auto parsed = number(copy);
      if (!parsed) return std::unexpected(error(ErrorCode::invalid_json, "not a number", raw.data()));
      return parsed;
    }
    case simdjson::ondemand::json_type::string: {
      std::string_view s;
      if (auto code = source.get_string().get(s)) return fault(code);
      return Json(s);
    }
    case simdjson::ondemand::json_type::array: {
      simdjson::ondemand::array items;
      if (auto code = source.get_array().get(items)) return fault(code);
      Json::Array out;
      const std::size_t mark = pointer.size();
      for (auto item : items) {
        value v;
        if (auto code = item.get(v)) return fault(code);
        pointer += '/' + std::to_string(out.size());
        TRY(Json child, read(v, depth + 1));
        out.push_back(std::move(child));
        pointer.resize(mark);
      }
      return Json(std::move(out));
    }
    case simdjson::ondemand::json_type::object: {
      simdjson::ondemand::object members;
      if (auto code = source.get_object().get(members)) return fault(code);
      Json::Object out;
      std::unordered_set<std::string> seen;
      const std::size_t mark = pointer.size();
      for (auto member : members) {
        std::string_view key;
        if (auto code = member.unescaped_key().get(key)) return fault(code);
        std::string name(key);
        if (!seen.insert(name).second)
          return std::unexpected(error(ErrorCode::invalid_json, "the key '" + name + "' is repeated", nullptr));
        value v;
        if (auto code = member.value().get(v)) return fault(code);
        pointer += '/' + name;
        TRY(Json child, read(v, depth + 1));
        out.emplace_back(std::move(name), std::move(child));
        pointer.resize(mark);
      }
      return Json(std::move(out));
    }
  }
  return fault(simdjson::TAPE_ERROR);
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view file, std::size_t max_bytes) {
  JsonReader reader{text, file, {}};
  if (text.size() > max_bytes)
    return std::unexpected(reader.error(ErrorCode::limit_exceeded,
                                        "JSON of " + std::to_string(text.size()) + " bytes; the limit is " + std::to_string(max_bytes), nullptr));
  // simdjson reads no number beyond double's range where it is the whole text; we want its digits, not its value.
  if (const auto start = text.find_first_not_of(" \t\r\n"); start != text.npos && (text[start] == '-' || (text[start] >= '0' && text[start] <= '9')))
    return reader.number(text.substr(start));
  thread_local simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::ondemand::document document;
  if (auto code = parser.iterate(padded).get(document))
    return std::unexpected(reader.error(ErrorCode::invalid_json, simdjson::error_message(code), nullptr));
  auto result = reader.read(document, 0);
  const auto locate = [&]() -> const char* {
    const char* at = nullptr;
    if (document.current_location().get(at)) return nullptr;
    const std::ptrdiff_t offset = at - padded.data();
    return offset >= 0 && offset <= static_cast<std::ptrdiff_t>(text.size()) ? text.data() + offset : nullptr;
  };
  if (!result) {
    Error e = std::move(result).error();
    const Error placed = reader.error(e.code, e.message, locate());
    e.where.line = placed.where.line;
    e.where.column = placed.where.column;
    return std::unexpected(std::move(e));
  }
  const char* rest = nullptr;
  if (!document.current_location().get(rest))  // out of bounds is what the end looks like
    return std::unexpected(reader.error(ErrorCode::invalid_json, "something follows the end of the JSON value", locate()));
  return result;
}

}  // namespace base
