// A zip of a package as a map of files. Nothing is written to disk; every limit is checked while bytes come out.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace bank {

// A single top folder around everything is taken off. Refused: encrypted entries, symbolic links, absolute paths, "..",
// backslashes, repeated names (also by case), and whatever passes base::limits::kPackageFiles / kPackageBytes when unpacked.
// Errors: invalid_package, limit_exceeded.
base::Result<std::map<std::string, std::string>> unzip(std::string_view bytes);
base::Result<std::string> zip(const std::map<std::string, std::string>& files);

}  // namespace bank
