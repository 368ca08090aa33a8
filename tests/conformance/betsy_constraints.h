// betsy's invalid models: each must be refused at deployment under the strict profile, by a rule and not by chance.
#pragma once
#include <filesystem>

#include "base/xml.h"
#include "conformance/suite.h"

namespace conformance {

// Adds one case per entry of constraints.json, and one per executable model of cases.json that must pass the same rules.
void run_constraints(const std::filesystem::path& folder, const Options&, Report&);

// What every executable betsy model lacks (README of the suite): scriptFormat on scripts, xsi:type on expressions.
void add_formats(base::xml::Element& root);

}  // namespace conformance
