// What running a workflow has saved: counted from finished instances, minutes from the package's before-figure.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "engine/query.h"

namespace casework {

// A workflow as the benefit page needs it (from its manifest's `gevinst`).
struct BenefitCard {
  std::string slug, title, process_id;
  double minutes_before = 0;          // by hand, per case, before
  bool measured = false;              // false: a claim ("påstand"), shown hatched and as "anslået"
  double minutes_per_person_case = 0; // what a case that needs a person takes now
};

// {workflows: [...]} as docs/api.md. rejected_per_day: slug → [{day, rejected}]. minutesSaved = automatic × before + byPerson × max(0, before − perPersonCase).
base::Result<base::Json> benefits(engine::ReadSide&, const std::string& authority, const std::vector<BenefitCard>&, int days,
                                  const std::vector<std::pair<std::string, base::Json>>& rejected_per_day);

}  // namespace casework
