// Rows of the read side as the pages want them. Internal to the room.
#pragma once
#include <map>
#include <string>

#include "api/call.h"

namespace api {

// All rows of a kind, page by page, at most `max`. Errors as ReadSide::search.
base::Result<base::Json> all_rows(const Call&, std::string_view kind, base::Json filter, std::size_t max, base::Json sort = base::Json::array());
// Variables by name that the filter finds (userTaskKey: what the task sees; scopeKey: one scope); values as JSON.
base::Result<base::Json> variables_by_name(const Call&, base::Json filter);
base::Json variable_value(const base::Json& row);
// What the bank says about process ids: title and slug of the package that was deployed.
class Titles {
 public:
  explicit Titles(const Call&);
  std::string slug(const std::string& process_id) const;   // "" when the process came from elsewhere
  std::string title(const std::string& process_id) const;  // the process id when it came from elsewhere

 private:
  std::map<std::string, std::pair<std::string, std::string>> by_process_;
};

}  // namespace api
