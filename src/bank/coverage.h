// Lovdækning: does a redesigned workflow still do everything that the law asks of the one it was drawn from? (docs/cards.md)
#pragma once
#include <map>
#include <string>
#include <vector>

#include "bank/bank.h"

namespace bank {

struct Duty {
  std::string slug, id, name;       // the correct workflow, its activity
  std::vector<std::string> law;
};
// Activities of the diagram that carry `lov`, in the order of the file.
std::vector<Duty> duties(const Package&);

struct Claimant { std::string id, name; };                    // an activity or a card
using Claims = std::map<std::string, std::vector<Claimant>>;  // duty id → who says that it fulfils it
// The claims of a package's activities: `daekker`, and the activity that is the duty itself: same id, still with `lov`.
Claims claims(const Package&);

struct Coverage {
  struct One { Duty duty; std::vector<Claimant> by; Excuse excuse; };  // excuse.reason "" = none
  std::vector<One> duties;
  std::vector<std::string> unknown; // sources that the authority cannot read: not judged
  int total = 0, covered = 0, excused = 0;                    // excused: no claim, but a reason
  std::vector<Duty> missing() const;                          // neither covered nor excused
  std::string text() const;                                   // "7 af 8 lovfastsatte opgaver dækket"
  base::Json json() const;                                    // shape of docs/api.md
};
Coverage coverage(const std::vector<Duty>&, const Claims&, const std::map<std::string, Excuse>&);

struct Sources { std::vector<Duty> duties; std::vector<std::string> unknown; };
// The duties of those of the slugs that are of art korrekt, as the authority reads them.
base::Result<Sources> duties_of(Bank&, const std::string& authority, const std::vector<std::string>& slugs);
std::vector<std::string> derived_from(const Package&);        // its `afledt_af`

// `owner` owns the package; its recorded reasons count. Reads as `authority`: who wrote a reason is told to the owner alone.
base::Result<Coverage> coverage(Bank&, const std::string& authority, const std::string& owner, const Package&);

// The guard of publication. Error: conflict, naming what is missing, for a package of art god or lokal.
base::Status require_coverage(Bank&, const std::string& authority, const Package&);

// What the guard misses, as findings for people: one for each duty.
std::vector<Finding> coverage_findings(Bank&, const std::string& authority, const Package&);

}  // namespace bank
