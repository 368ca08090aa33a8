// What of a workflow is compared with all others: its title's and labels' words as stems, and which node comes after which.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bpmn/model.h"

namespace bank::similar {

// A law that an activity cites or a package that it opens is a term, too: whole, and like no other. Its stem begins with this.
inline constexpr char kReferenceMark = '#';

struct ProfileTerm { std::string stem; float weight = 1; };
struct ProfileNode {
  enum class Kind : std::uint8_t { start, end, event, activity, gateway } kind = Kind::activity;
  std::vector<ProfileTerm> terms;
  std::vector<std::uint16_t> after;      // indexes into Profile::nodes, with gateways without a name looked through
};
struct Profile {
  std::vector<ProfileTerm> title;
  std::vector<ProfileNode> nodes;        // those with a name; at most limits::kSimilarNodes
};

Profile profile_of(const bpmn::Model&, std::string_view title);
// For the store. Errors of unpack: data_damaged.
std::string pack(const Profile&);
base::Result<Profile> unpack(std::string_view);

}  // namespace bank::similar
