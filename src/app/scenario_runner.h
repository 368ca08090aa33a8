// Runs a package's scenarios (docs/scenarios.md) on a virtual clock: the production engine in manual mode, the production connectors,
// ledger and cases in a folder of their own, the stand-ins' answer function instead of a network.
#pragma once
#include <string>
#include <vector>

#include "bank/package.h"
#include "base/error.h"
#include "base/json.h"

namespace app {

struct ScenarioOptions {
  bool restart = false;        // close and re-open the engine after every step
  std::string only;            // "scenarier/x.yaml": that one alone; "" = all of the package
};

struct ScenarioResult {
  std::string file, title;
  bool passed = false;
  double seconds = 0;
  std::string message;         // what failed: "scenarier/x.yaml:12: expected …, found …"; "" when it passed
};

// One result per scenario file, in the order of their names. Never fails as a whole: what is wrong with a file is its result.
std::vector<ScenarioResult> run_scenarios(const bank::Package&, const ScenarioOptions& = {});
// The same as [{file, title, passed, seconds, message}].
base::Result<base::Json> run_package_scenarios(const bank::Package&, const ScenarioOptions& = {});

}  // namespace app
