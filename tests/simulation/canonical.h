// Texts that are equal when what they say is: JSON objects with sorted members, lists of names.
#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace simulation {

using base::Json;

inline std::string canonical(const Json& value) {
  if (value.is_array()) {
    std::string out = "[";
    for (const Json& item : value.as_array()) out += canonical(item) + ",";
    return out + "]";
  }
  if (!value.is_object()) return value.dump();
  std::map<std::string, const Json*> members;
  for (const auto& [name, member] : value.as_object()) members[name] = &member;
  std::string out = "{";
  for (const auto& [name, member] : members) out += name + ":" + canonical(*member) + ",";
  return out + "}";
}
inline std::string canonical(const std::map<std::string, Json>& members) {
  std::string out = "{";
  for (const auto& [name, member] : members) out += name + ":" + canonical(member) + ",";
  return out + "}";
}
inline std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += " " + name;
  return out;
}

}  // namespace simulation
