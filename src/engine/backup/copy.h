// Copies between folders, each file synced and with its checksum.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/storage.h"

namespace engine {

struct CopiedFile { std::string name; std::uint64_t bytes = 0, sum = 0; };  // name: relative to the backup's folder
inline constexpr std::uint64_t kAllBytes = UINT64_MAX;

base::Result<CopiedFile> copy_file(base::Storage&, const std::string& from, const std::string& to, std::uint64_t at_most = kAllBytes);
base::Result<CopiedFile> sum_file(base::Storage&, const std::string& path);
// Paths of the files below a folder, relative to it; `depth` levels of folders at most. An absent folder has none.
base::Result<std::vector<std::string>> files_below(base::Storage&, const std::string& folder, int depth);
// Removes a folder with what is in it; an absent one is fine.
base::Status remove_below(base::Storage&, const std::string& folder, int depth);

}  // namespace engine
