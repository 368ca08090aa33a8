#include "base/storage_sim.h"

#include <algorithm>

namespace base {
namespace {
constexpr std::size_t kSector = 512;

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}
std::unexpected<Error> io(std::string what, const std::string& path) {
  return fail(ErrorCode::io_failed, std::move(what), Where{.file = path});
}
}  // namespace

class SimFile final : public File {
 public:
  SimFile(SimStorage& storage, SimStorage::NodePtr node, std::string path, bool writable)
      : storage_(storage), node_(std::move(node)), path_(std::move(path)), writable_(writable), life_(storage.life_) {}

  Status write_at(std::uint64_t offset, std::string_view bytes) override {
    const std::lock_guard lock(storage_.mutex_);
    TRY_VOID(alive());
    if (auto ok = storage_.step("write", path_); !ok) {
      // A failed or interrupted write may have reached the page cache in part.
      const std::size_t part = storage_.random_.below(bytes.size() / kSector + 1) * kSector;
      if (part > 0) change({offset, std::string(bytes.substr(0, part))});
      return ok;
    }
    const std::uint64_t grows = offset + bytes.size() > node_->live.size() ? offset + bytes.size() - node_->live.size() : 0;
    const std::uint64_t used = storage_.used();
    if (grows > 0 && used + grows > storage_.faults_.disk_bytes) {
      const std::uint64_t room = storage_.faults_.disk_bytes > used ? storage_.faults_.disk_bytes - used : 0;
      change({offset, std::string(bytes.substr(0, bytes.size() - static_cast<std::size_t>(std::min<std::uint64_t>(grows - room, bytes.size()))))});
      return io("no space left on the simulated disk", path_);
    }
    change({offset, std::string(bytes)});
    return {};
  }

  Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) override {
    const std::lock_guard lock(storage_.mutex_);
    TRY_VOID(alive());
    if (offset >= node_->live.size()) return std::string();
    return node_->live.substr(static_cast<std::size_t>(offset), bytes);
  }

  Status sync() override {
    const std::lock_guard lock(storage_.mutex_);
    TRY_VOID(alive());
    if (auto ok = storage_.step("sync", path_); !ok) {
      // The page cache keeps the bytes but the disk may not, and a later sync will not say so.
      if (!storage_.crashed_) storage_.settle(*node_, false);
      return ok;
    }
    storage_.settle(*node_, true);
    return {};
  }

  Result<std::uint64_t> size() override {
    const std::lock_guard lock(storage_.mutex_);
    TRY_VOID(alive());
    return node_->live.size();
  }

  Status truncate(std::uint64_t bytes) override {
    const std::lock_guard lock(storage_.mutex_);
    TRY_VOID(alive());
    TRY_VOID(storage_.step("truncate", path_));
    change({0, {}, true, bytes});
    return {};
  }

  Status preallocate(std::uint64_t bytes) override {
    const std::lock_guard lock(storage_.mutex_);
    TRY_VOID(alive());
    TRY_VOID(storage_.step("preallocate", path_));
    if (bytes <= node_->live.size()) return {};
    if (storage_.used() + bytes - node_->live.size() > storage_.faults_.disk_bytes) return io("no space left on the simulated disk", path_);
    change({0, {}, true, bytes});
    return {};
  }

 private:
  Status alive() const {
    if (storage_.crashed_ || life_ != storage_.life_) return io("the simulated machine has lost its power", path_);
    return {};
  }
  void change(SimStorage::Change change) {
    if (!writable_) return;
    SimStorage::apply(node_->live, change);
    node_->waiting.push_back(std::move(change));
  }
  SimStorage& storage_;
  SimStorage::NodePtr node_;
  std::string path_;
  bool writable_;
  std::uint64_t life_;
};

void SimStorage::set_faults(Faults faults) {
  const std::lock_guard lock(mutex_);
  faults_ = faults;
  count_ = 0;
}

std::uint64_t SimStorage::operations() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

std::uint64_t SimStorage::bytes() const {
  const std::lock_guard lock(mutex_);
  return used();
}

bool SimStorage::crashed() const {
  const std::lock_guard lock(mutex_);
  return crashed_;
}

Status SimStorage::step(std::string_view what, const std::string& path) {
  if (crashed_) return io("the simulated machine has lost its power", path);
  ++count_;
  if (crashes_now()) {
    crashed_ = true;
    return io("power lost during " + std::string(what), path);
  }
  if (faults_.fail_at != 0 && (count_ == faults_.fail_at || (faults_.keep_failing && count_ > faults_.fail_at))) {
    return io("simulated fault: " + std::string(what) + " failed", path);
  }
  return {};
}

void SimStorage::apply(std::string& bytes, const Change& change) {
  if (change.resize) {
    bytes.resize(static_cast<std::size_t>(change.size));
    return;
  }
  const std::size_t end = static_cast<std::size_t>(change.offset) + change.bytes.size();
  if (bytes.size() < end) bytes.resize(end);
  bytes.replace(static_cast<std::size_t>(change.offset), change.bytes.size(), change.bytes);
}

// What waits becomes durable: all of it, or (failed sync) each change by the toss of a coin, torn by another.
void SimStorage::settle(Node& node, bool all) {
  if (all) {
    node.durable = node.live;
  } else {
    lose(node);
  }
  node.waiting.clear();
}

void SimStorage::lose(Node& node) {
  for (auto& change : node.waiting) {
    if (random_.chance(50)) continue;
    if (change.resize || random_.chance(50)) {
      apply(node.durable, change);
      continue;
    }
    // Torn: each sector on its own, so that a later sector may be there without an earlier one.
    for (std::size_t at = 0; at < change.bytes.size(); at += kSector) {
      if (random_.chance(50)) apply(node.durable, {change.offset + at, change.bytes.substr(at, kSector)});
    }
  }
}

void SimStorage::restart() {
  const std::lock_guard lock(mutex_);
  for (auto& [folder, changes] : waiting_names_) {
    // Folder changes are ordered in every journalling file system: a prefix of them survives.
    const std::size_t kept = static_cast<std::size_t>(random_.below(changes.size() + 1));
    for (std::size_t i = 0; i < kept; ++i) apply(durable_names_, changes[i]);
  }
  waiting_names_.clear();
  names_ = durable_names_;
  std::set<Node*> seen;
  for (auto& [path, node] : names_) {
    if (!seen.insert(node.get()).second) continue;
    settle(*node, false);
    node->live = node->durable;
  }
  crashed_ = false;
  ++life_;
  faults_ = {};
  count_ = 0;
}

std::string SimStorage::dump() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto* names : {&durable_names_, &names_}) {
    for (const auto& [path, node] : *names) out += path + "\n" + node->durable + node->live;
  }
  return out;
}

std::uint64_t SimStorage::used() const {
  std::uint64_t bytes = 0;
  for (const auto& [path, node] : names_) bytes += node->live.size();
  return bytes;
}

void SimStorage::apply(std::map<std::string, NodePtr>& names, const FolderChange& change) {
  if (!change.gone.empty()) names.erase(change.gone);
  if (change.node) names[change.path] = change.node;
}

void SimStorage::change_names(FolderChange change) {
  apply(names_, change);
  waiting_names_[folder_of(change.node ? change.path : change.gone)].push_back(std::move(change));
}

Result<std::unique_ptr<File>> SimStorage::open(const std::string& path, Open how) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return io("the simulated machine has lost its power", path);
  const auto found = names_.find(path);
  if (how == Open::create) {
    if (found != names_.end()) return fail(ErrorCode::conflict, "the file exists", Where{.file = path});
    if (!folders_.contains(folder_of(path))) return fail(ErrorCode::not_found, "the folder does not exist", Where{.file = path});
    TRY_VOID(step("create", path));
    change_names({path, std::make_shared<Node>(), {}});
    return std::make_unique<SimFile>(*this, names_[path], path, true);
  }
  if (found == names_.end()) return fail(ErrorCode::not_found, "no such file", Where{.file = path});
  return std::make_unique<SimFile>(*this, found->second, path, how == Open::read_write);
}

Result<std::vector<std::string>> SimStorage::list(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return io("the simulated machine has lost its power", folder);
  if (!folders_.contains(folder)) return fail(ErrorCode::not_found, "no such folder", Where{.file = folder});
  std::set<std::string> out;
  for (const auto& [path, node] : names_) {
    if (folder_of(path) == folder) out.insert(path.substr(folder.size() + 1));
  }
  for (const auto& path : folders_) {
    if (path != folder && folder_of(path) == folder) out.insert(path.substr(folder.size() + 1));
  }
  return std::vector<std::string>(out.begin(), out.end());
}

// Folders are durable at once: the interesting losses are those of names inside them.
Status SimStorage::make_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (crashed_) return io("the simulated machine has lost its power", path);
  for (std::size_t at = 1; at <= path.size(); ++at) {
    if (at == path.size() || path[at] == '/') folders_.insert(path.substr(0, at));
  }
  return {};
}

Status SimStorage::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  TRY_VOID(step("rename", from));
  const auto found = names_.find(from);
  if (found == names_.end()) return fail(ErrorCode::not_found, "no such file", Where{.file = from});
  change_names({to, found->second, from});
  return {};
}

Status SimStorage::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY_VOID(step("remove", path));
  if (names_.contains(path)) {
    change_names({{}, nullptr, path});
    return {};
  }
  if (folders_.erase(path) != 0) return {};
  return fail(ErrorCode::not_found, "no such file", Where{.file = path});
}

Status SimStorage::sync_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  TRY_VOID(step("sync of the folder", path));
  if (const auto waiting = waiting_names_.find(path); waiting != waiting_names_.end()) {
    for (const auto& change : waiting->second) apply(durable_names_, change);
    waiting_names_.erase(waiting);
  }
  return {};
}

bool SimStorage::exists(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return names_.contains(path) || folders_.contains(path);
}

}  // namespace base
