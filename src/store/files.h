// Documents of cases as sealed files: files/<cvr>/<aa>/<id>. The plain bytes are on no disk.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "store/keys.h"

namespace store {

class Files {
 public:
  static base::Result<std::unique_ptr<Files>> open(base::Storage&, Keys&, const std::string& folder);
  virtual ~Files() = default;
  // id: content-independent (the caller's key); putting the same id again replaces it. Synced.
  virtual base::Status put(const std::string& authority, const std::string& id, KeySlot, std::string_view bytes) = 0;
  virtual base::Result<std::string> get(const std::string& authority, const std::string& id, KeySlot) = 0;
  virtual base::Status remove(const std::string& authority, const std::string& id) = 0;
};

}  // namespace store
