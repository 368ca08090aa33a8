// Ids made from names, the same way in both directions.
#pragma once
#include <set>
#include <string>
#include <string_view>

namespace bpmn::notation {

inline constexpr std::size_t kIdLength = 40;

// "Vurdér §-ansøgning" → "vurder_ansoegning"; "" where nothing is left. `joint` stands between words.
std::string slug(std::string_view name, char joint = '_');
bool is_id(std::string_view);  // an XML NCName of ASCII and letters above it

class Ids {
 public:
  bool claim(const std::string& id) { return used_.insert(id).second; }
  bool taken(const std::string& id) const { return used_.contains(id); }
  // The first of base, base_2, base_3 … that is free. Does not claim it.
  std::string free(const std::string& base) const;

 private:
  std::set<std::string> used_;
};

}  // namespace bpmn::notation
