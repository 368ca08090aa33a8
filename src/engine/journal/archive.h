// Closed segments as zstd files: archive/NAME.seg.zst. They are kept: backups, rebuilds of the read side and
// point-in-time recovery read them.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/storage.h"

namespace engine::journal {

// Compresses folder/name into archive/name.zst (whole or not at all), then removes the original.
base::Status archive_segment(base::Storage&, const std::string& folder, const std::string& archive, const std::string& name);
base::Result<std::string> unpack_archive(std::string_view packed, const std::string& file);  // data_damaged
base::Result<std::string> pack_archive(std::string_view bytes);

}  // namespace engine::journal
