// Storage in memory that loses what a disk may lose. Fault model: until a sync, every write of a file and every change of
// a folder may be lost, kept or (writes) torn at a 512-byte sector, each on its own and in any order. A failed sync drops
// a random part of what was waiting and then forgets that it was waiting (as Linux does). A full disk tears the write.
// Nothing that was synced changes. The seed decides everything.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <set>

#include "base/random.h"
#include "base/storage.h"

namespace base {

class SimStorage final : public Storage {
 public:
  struct Faults {
    std::uint64_t fail_at = 0;    // this changing operation fails (counted from 1; 0 = none)
    bool keep_failing = false;    // and all after it
    std::uint64_t crash_at = 0;   // the power goes during this changing operation
    std::uint64_t disk_bytes = std::numeric_limits<std::uint64_t>::max();
  };

  explicit SimStorage(std::uint64_t seed) : random_(seed) {}
  void set_faults(Faults faults);              // also starts counting operations from 0
  std::uint64_t operations() const;            // changing operations since then
  std::uint64_t bytes() const;                 // what the files take now: where a full disk is to be set
  bool crashed() const;
  // The power goes now (or went at crash_at): unsynced changes are lost or torn, open files are dead, faults are off.
  void restart();
  std::string dump() const;                    // every file's durable and volatile bytes, for tests that look for plaintext

  Result<std::unique_ptr<File>> open(const std::string& path, Open) override;
  Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_folder(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status sync_folder(const std::string& path) override;
  bool exists(const std::string& path) override;

 private:
  friend class SimFile;
  struct Change { std::uint64_t offset = 0; std::string bytes; bool resize = false; std::uint64_t size = 0; };
  struct Node {
    std::string durable, live;
    std::vector<Change> waiting;
  };
  using NodePtr = std::shared_ptr<Node>;
  struct FolderChange { std::string path; NodePtr node; std::string gone; };  // rename is one change: path appears, gone goes

  Status step(std::string_view what, const std::string& path);  // counts, fails or crashes
  bool crashes_now() const { return faults_.crash_at != 0 && count_ == faults_.crash_at; }
  static void apply(std::string& bytes, const Change&);
  void settle(Node&, bool all);
  void lose(Node&);
  static void apply(std::map<std::string, NodePtr>& names, const FolderChange&);
  void change_names(FolderChange);
  std::uint64_t used() const;

  mutable std::mutex mutex_;
  SeededRandom random_;
  Faults faults_;
  std::uint64_t count_ = 0;
  bool crashed_ = false;
  std::uint64_t life_ = 0;                      // files opened in an earlier life are dead
  std::map<std::string, NodePtr> durable_names_, names_;
  std::map<std::string, std::vector<FolderChange>> waiting_names_;  // by folder
  std::set<std::string> folders_;
};

}  // namespace base
