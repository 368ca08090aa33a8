#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "engine/backup/backup.h"
#include "base/time.h"
#include "engine/backup/copy.h"
#include "engine/backup/until.h"
#include "engine/runtime/runtime.h"

namespace engine {
namespace {

constexpr int kFilesDepth = 3;
constexpr const char* kQuarantine = "quarantine.json";

std::unexpected<base::Error> damaged(std::string what, const std::string& file) {
  return base::fail(base::ErrorCode::data_damaged, std::move(what), base::Where{.file = file}, "use another backup");
}

struct Manifest {
  std::string folder;
  int timeline = 0;
  std::uint64_t position = 0, effects = 0;
  std::vector<CopiedFile> files;
  std::vector<std::string> rolled_back, kept;
};

// A name from the manifest never leaves the folder that it is put into.
bool inside(const std::string& name) {
  return !name.empty() && name[0] != '/' && ("/" + name + "/").find("/../") == std::string::npos && name.find('\0') == std::string::npos;
}

base::Result<std::string> find_backup(base::Storage& storage, const std::string& from) {
  if (storage.exists(from + "/backup.json")) return from;
  TRY(const auto names, storage.list(from));
  for (std::size_t i = names.size(); i-- > 0;) {
    if (!names[i].ends_with(".part") && storage.exists(from + "/" + names[i] + "/backup.json")) return from + "/" + names[i];
  }
  return base::fail(base::ErrorCode::not_found, "no finished backup here", base::Where{.file = from}, "a folder with backup.json, or a folder of such");
}

base::Result<Manifest> read_manifest(base::Storage& storage, const std::string& folder) {
  const std::string path = folder + "/backup.json";
  TRY(const auto text, read_whole(storage, path));
  TRY(const auto json, base::parse_json(text, path));
  if (json["format"].int_or(0) != 1) return damaged("backup.json is not of format 1", path);
  Manifest out;
  out.folder = folder;
  out.timeline = static_cast<int>(json["timeline"].int_or(0));
  out.position = static_cast<std::uint64_t>(json["position"].int_or(0));
  out.effects = static_cast<std::uint64_t>(json["effects"].int_or(0));
  if (!json["files"].is_array() || !json["rolledBack"].is_array() || !json["kept"].is_array()) return damaged("backup.json lacks its lists", path);
  for (const auto& one : json["files"].as_array()) {
    CopiedFile file{one["name"].string_or({}), static_cast<std::uint64_t>(one["bytes"].int_or(0)), std::strtoull(one["xxh3"].string_or("0").c_str(), nullptr, 10)};
    if (!inside(file.name)) return damaged("backup.json names a file outside the backup", path);
    out.files.push_back(std::move(file));
  }
  for (const auto& one : json["rolledBack"].as_array()) out.rolled_back.push_back(one.string_or({}));
  for (const auto& one : json["kept"].as_array()) out.kept.push_back(one.string_or({}));
  return out;
}

base::Status verify(base::Storage& storage, const Manifest& manifest) {
  for (const auto& file : manifest.files) {
    TRY(const auto sum, sum_file(storage, manifest.folder + "/" + file.name));
    if (sum.bytes != file.bytes || sum.sum != file.sum) return damaged("a file of the backup does not match its checksum", manifest.folder + "/" + file.name);
  }
  return {};
}

bool is_pool(const std::string& name) { return name.starts_with("keys/"); }

// The list of the forgotten is the union of both: what was ever forgotten stays so. Records are 16 bytes (store/keys.cc).
base::Result<std::uint64_t> merge_forgotten(base::Storage& storage, const Manifest& manifest, const std::string& data_folder) {
  std::string live, saved;
  if (storage.exists(data_folder + "/forgotten.log")) {
    TRY(live, read_whole(storage, data_folder + "/forgotten.log"));
  }
  if (storage.exists(manifest.folder + "/forgotten.log")) {
    TRY(saved, read_whole(storage, manifest.folder + "/forgotten.log"));
  }
  std::set<std::string> known, before;
  std::string merged;
  for (std::size_t at = 0; at + 16 <= saved.size(); at += 16) before.insert(saved.substr(at, 16));
  for (const std::string* list : {&live, &saved}) {
    for (std::size_t at = 0; at + 16 <= list->size(); at += 16) {
      if (known.insert(list->substr(at, 16)).second) merged += list->substr(at, 16);
    }
  }
  if (!merged.empty()) TRY_VOID(write_whole(storage, data_folder, "forgotten.log", merged));
  std::uint64_t again = 0;
  for (const auto& record : known) again += before.contains(record) ? 0 : 1;
  return again;
}

// Pools that the data folder still has are newer (more is destroyed in them); the backup fills what is missing. Pools of
// another master key are of another house and go.
base::Status merge_keys(base::Storage& storage, const Manifest& manifest, const std::string& data_folder) {
  TRY(const auto saved_master, read_whole(storage, manifest.folder + "/master.key"));
  std::string live_master;
  if (storage.exists(data_folder + "/master.key")) {
    TRY(live_master, read_whole(storage, data_folder + "/master.key"));
  }
  if (live_master != saved_master) {
    TRY_VOID(remove_below(storage, data_folder + "/keys", 0));
    TRY_VOID(write_whole(storage, data_folder, "master.key", saved_master));
  }
  for (const auto& file : manifest.files) {
    if (!is_pool(file.name) || storage.exists(data_folder + "/" + file.name)) continue;
    TRY(const auto copied, copy_file(storage, manifest.folder + "/" + file.name, data_folder + "/" + file.name));
    (void)copied;
  }
  return {};
}

// Where the journal ends. `live`: the data folder's own journal goes further than the backup's and gives the rest; what is not
// the engine's (tables, documents) then stays as it is: it may be ahead of the cut, never behind it.
struct Target { Point point; bool whole = true, live = false; };

bool of_the_journal(const std::string& name) { return name.starts_with("journal/") || name.starts_with("files/"); }

base::Status replace_files(base::Storage& storage, const Manifest& manifest, const std::string& data_folder, const Target& target) {
  TRY_VOID(remove_below(storage, data_folder + "/checkpoint", kFilesDepth));
  if (!target.live)
    for (const char* folder : {"journal", "files"}) TRY_VOID(remove_below(storage, data_folder + "/" + folder, kFilesDepth));
  std::vector<std::string> gone{"projection.db"};
  if (!target.live) gone.insert(gone.end(), manifest.rolled_back.begin(), manifest.rolled_back.end());
  for (const auto& name : gone) {
    for (const char* tail : {"", "-wal", "-shm"}) {
      if (storage.exists(data_folder + "/" + name + tail)) TRY_VOID(storage.remove(data_folder + "/" + name + tail));
    }
  }
  for (const auto& file : manifest.files) {
    const auto named_in = [&](const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), file.name) != list.end(); };
    const bool kept = named_in(manifest.kept) || (target.live && named_in(manifest.rolled_back));
    if (kept && storage.exists(data_folder + "/" + file.name)) continue;  // the newer one of the house itself
    if (target.live && of_the_journal(file.name)) continue;
    if (is_pool(file.name) || file.name == "master.key" || file.name == "forgotten.log" || file.name == "timeline.json") continue;
    TRY(const auto copied, copy_file(storage, manifest.folder + "/" + file.name, data_folder + "/" + file.name));
    (void)copied;
  }
  return {};
}

base::Status write_quarantine(base::Storage& storage, const std::string& data_folder, const std::vector<Effect>& effects) {
  base::Json items = base::Json::array();
  for (const auto& effect : effects) items.push(to_json(effect));
  base::Json json = base::Json::object();
  json.set("format", 1).set("items", std::move(items));
  return write_whole(storage, data_folder, kQuarantine, json.dump_pretty());
}

// What the cut leaves of journal and checkpoint; a checkpoint of later than the cut is of no use.
base::Status cut_journal(base::Storage& storage, const std::string& data_folder, const Target& target) {
  if (target.whole) return {};
  TRY_VOID(journal::cut_behind(storage, data_folder + "/journal", target.point.position));
  TRY(const auto checkpoint, checkpoint::load(storage, data_folder + "/checkpoint", [](std::uint8_t, std::int64_t, std::string_view) -> base::Status { return {}; }));
  return checkpoint > target.point.position ? remove_below(storage, data_folder + "/checkpoint", kFilesDepth) : base::Status{};
}

// Is the data folder's journal the continuation of the backup's?
base::Result<bool> goes_on(base::Storage& storage, const Manifest& manifest, const std::string& data_folder) {
  if (!storage.exists(data_folder + "/master.key") || !storage.exists(data_folder + "/journal")) return false;
  TRY(const auto own, read_whole(storage, data_folder + "/master.key"));
  TRY(const auto saved, read_whole(storage, manifest.folder + "/master.key"));
  TRY(const auto files, journal::segments(storage, data_folder + "/journal"));
  return own == saved && !files.empty() && files.front().first_position <= manifest.position + 1;
}

// `began`: a restore of this backup into this folder was interrupted, so the folder may be cut already.
base::Result<Target> find_target(base::Storage& storage, const Manifest& manifest, const std::string& data_folder, base::Millis until, bool same_timeline, bool began) {
  TRY(const base::Millis saved_end, journal_end(storage, manifest.folder + "/journal"));
  if (until <= saved_end) {
    TRY(const Point point, point_at(storage, manifest.folder + "/journal", until));
    return Target{point, false, false};
  }
  base::Millis end = saved_end;
  TRY(const bool continues, goes_on(storage, manifest, data_folder));
  if (continues && (same_timeline || began)) {
    TRY(end, journal_end(storage, data_folder + "/journal"));
    if (until <= end || began) {
      TRY(const Point point, point_at(storage, data_folder + "/journal", until));
      return Target{point, false, true};
    }
  }
  return base::fail(base::ErrorCode::not_found, "what is here ends at " + base::iso_utc(std::max(end, saved_end)) + ", before the time asked for", base::Where{.file = manifest.folder},
                    "an earlier time, or none: then everything that the backup has");
}

// Behind the cut: noted later than the backup counted, or than the moment asked for. Added to what earlier restores left unsettled.
base::Result<std::vector<Effect>> quarantine(base::Storage& storage, const Manifest& manifest, const std::string& data_folder, const Target& target) {
  TRY(auto effects, Effects::open(storage, data_folder));
  TRY(const auto all, effects->all());
  std::vector<Effect> behind;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool later = all[i].timeline > manifest.timeline || (all[i].timeline == manifest.timeline && (all[i].position > target.point.position || all[i].at_ms > target.point.at));
    if (target.whole ? i >= manifest.effects : later) behind.push_back(all[i]);
  }
  TRY(auto list, quarantined(storage, data_folder));
  for (const auto& effect : behind) {
    const bool known = std::any_of(list.begin(), list.end(), [&](const Effect& other) {
      return other.kind == effect.kind && other.idempotency_key == effect.idempotency_key && other.authority == effect.authority;
    });
    if (!known) list.push_back(effect);
  }
  TRY_VOID(write_quarantine(storage, data_folder, list));
  return behind;
}

// Nobody may have the folder open. Only the real file system has other processes.
class FolderLock {
 public:
  base::Status take(base::Storage& storage, const std::string& folder) {
    if (dynamic_cast<base::SystemStorage*>(&storage) == nullptr) return {};
    handle_ = ::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (handle_ >= 0 && ::flock(handle_, LOCK_EX | LOCK_NB) == 0) return {};
    return base::fail(base::ErrorCode::conflict, "the data folder is open in another process", base::Where{.file = folder}, "stop the server first");
  }
  ~FolderLock() {
    if (handle_ >= 0) ::close(handle_);
  }

 private:
  int handle_ = -1;
};

}  // namespace

base::Result<std::vector<Effect>> quarantined(base::Storage& storage, const std::string& data_folder) {
  std::vector<Effect> out;
  const std::string path = data_folder + "/" + kQuarantine;
  if (!storage.exists(path)) return out;
  TRY(const auto text, read_whole(storage, path));
  TRY(const auto json, base::parse_json(text, path));
  if (json["format"].int_or(0) != 1 || !json["items"].is_array()) return damaged("quarantine.json is not of format 1", path);
  for (const auto& item : json["items"].as_array()) out.push_back(effect_from(item));
  return out;
}

base::Status settle_quarantined(base::Storage& storage, const std::string& data_folder, const std::string& kind, const std::string& idempotency_key) {
  TRY(auto list, quarantined(storage, data_folder));
  const auto gone = std::erase_if(list, [&](const Effect& effect) { return effect.kind == kind && effect.idempotency_key == idempotency_key; });
  if (gone == 0) return base::fail(base::ErrorCode::not_found, "nothing of that kind and key is quarantined");
  return write_quarantine(storage, data_folder, list);
}

base::Result<RestoreReport> restore(base::Storage& storage, const std::string& from, const std::string& data_folder, std::optional<base::Millis> until) {
  TRY(const auto folder, find_backup(storage, from));
  TRY(const auto manifest, read_manifest(storage, folder));
  TRY_VOID(verify(storage, manifest));  // before anything of the house is touched
  TRY_VOID(storage.make_folder(data_folder));
  FolderLock lock;
  TRY_VOID(lock.take(storage, data_folder));
  TRY(const auto live, load_timeline(storage, data_folder));
  TRY(const auto saved, load_timeline(storage, folder));
  Target target;
  target.point.position = manifest.position;
  const std::string mark = data_folder + "/restoring", marked = folder + (until ? " " + base::iso_utc(*until) : "");
  if (until) {
    std::string begun;
    if (storage.exists(mark)) {
      TRY(begun, read_whole(storage, mark));
    }
    TRY(target, find_target(storage, manifest, data_folder, *until, live.number == saved.number, begun == marked));
  }
  // From here until the mark is gone the folder is neither the old nor the new: the engine refuses to open it.
  TRY_VOID(write_whole(storage, data_folder, "restoring", marked));
  RestoreReport report;
  TRY(report.forgotten_again, merge_forgotten(storage, manifest, data_folder));
  TRY_VOID(merge_keys(storage, manifest, data_folder));
  TRY_VOID(replace_files(storage, manifest, data_folder, target));
  TRY_VOID(cut_journal(storage, data_folder, target));
  Timeline timeline;
  timeline.number = std::max(live.number, saved.number) + 1;
  {
    TRY(auto keys, store::Keys::open(storage, data_folder));
    TRY_VOID(keys->forget_again());
    // Every slot that exists may have been issued on a timeline that is left now.
    timeline.first_slot = keys->reserved() + 1;
  }
  TRY_VOID(save_timeline(storage, data_folder, timeline));
  TRY(report.quarantined, quarantine(storage, manifest, data_folder, target));
  TRY_VOID(storage.remove(mark));
  TRY_VOID(storage.sync_folder(data_folder));
  report.timeline = timeline.number;
  report.position = target.point.position;
  report.at_ms = target.point.at;
  return report;
}

}  // namespace engine
