// A whole workflow on paper (PDF): facts, diagram, steps by role, rules, law, responsibility, figures and versions, in Danish.
#pragma once
#include <string>
#include <vector>

#include "bank/package.h"
#include "base/error.h"

namespace bank {

struct ReportVersion { int number = 0; std::string day, by, note; };
struct ReportOptions {
  std::string publisher;                 // "Eksempel Kommune"; "" = not said
  std::string day;                       // ISO: printed on it, and what validity is judged by
  std::vector<ReportVersion> versions;   // newest first
};
// The same package and options give the same bytes. Errors: what drawing says.
base::Result<std::string> report_pdf(const Package&, const ReportOptions&);

}  // namespace bank
