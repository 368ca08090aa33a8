// effects.log: what left the house (payments, letters, journal notes), noted before the job that did it is completed.
// Append-only, outside every backup, never rolled back: after a restore what lies behind the cut is quarantined.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/storage.h"
#include "engine/backup.h"

namespace engine {

class Effects {
 public:
  // Cuts off a torn last record. Errors: io_failed, data_damaged.
  static base::Result<std::unique_ptr<Effects>> open(base::Storage&, const std::string& data_folder);
  base::Status append(const Effect&);  // synced before it returns; thread-safe; timeline is filled in
  base::Result<std::vector<Effect>> all() const;
  base::Result<std::vector<Effect>> after(std::uint64_t position) const;  // of the timeline in force
  std::uint64_t count() const;         // records so far: what a backup notes as its cut

 private:
  Effects(base::Storage& storage, std::string path) : storage_(storage), path_(std::move(path)) {}
  base::Storage& storage_;
  const std::string path_;
  mutable std::mutex mutex_;
  std::unique_ptr<base::File> file_;
  std::uint64_t bytes_ = 0, count_ = 0;
  int timeline_ = 0;
  base::Status failed_;
};

base::Json to_json(const Effect&);
Effect effect_from(const base::Json&);

}  // namespace engine
