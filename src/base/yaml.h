// YAML as Json with positions. Scalars follow the core schema (null, true/false, integers, decimals); quoted ones are
// strings. Dates stay strings. Aliases, anchors, tags and repeated keys are refused.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace base {

struct YamlDocument {
  Json value;
  std::string file;
  std::map<std::string, std::pair<int, int>, std::less<>> positions;  // JSON pointer → line, column (of the value)
  // For error messages about a value of this document.
  Where where(std::string_view pointer) const;
};

// Errors: invalid_yaml with line and column, limit_exceeded.
Result<YamlDocument> parse_yaml(std::string_view text, std::string_view file);

}  // namespace base
