// multipart/form-data (RFC 7578): the files of a deployment.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace api {

struct Upload { std::string field, name, content; };
// Errors: invalid_argument (no boundary, a part without a name, no end), limit_exceeded (more than kPackageFiles parts).
base::Result<std::vector<Upload>> read_multipart(const std::string& content_type, std::string_view body);

}  // namespace api
