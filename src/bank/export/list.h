// The bank as a spreadsheet: one row for each workflow, with filters on the head and real dates.
#pragma once
#include <string>
#include <vector>

#include "bank/summary.h"
#include "base/error.h"

namespace bank {

struct ListedWorkflow {
  Summary summary;
  int version = 0;
  std::string changed;      // ISO day
  bool published = false;
};
// `day`: ISO, what validity is judged by. The same rows give the same bytes. Errors: io_failed.
base::Result<std::string> list_xlsx(const std::vector<ListedWorkflow>&, const std::string& day);

}  // namespace bank
