#include "engine/backup/backup.h"

#include <algorithm>

#include "base/time.h"
#include "engine/backup/copy.h"
#include "engine/runtime/runtime.h"

namespace engine {
namespace {

constexpr int kFilesDepth = 3;  // files/<cvr>/<aa>/<id>

std::string base_name(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

// 2026-11-21T22:15:37.123Z → 20261121T221537123Z: sorts by time.
std::string stamp(base::Millis at) {
  std::string out = base::iso_utc(at);
  std::erase_if(out, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return out;
}

struct Cut {
  std::uint64_t position = 0, effects = 0;
  journal::Journal::Cut journal;
  std::vector<checkpoint::CheckpointFile> checkpoints;
};

class Copier {
 public:
  Copier(base::Storage& storage, std::string data, std::string to) : storage_(storage), data_(std::move(data)), to_(std::move(to)) {}

  base::Status take(const std::string& name, std::uint64_t at_most = kAllBytes) {
    TRY(auto copied, copy_file(storage_, data_ + "/" + name, to_ + "/" + name, at_most));
    copied.name = name;
    files_.push_back(std::move(copied));
    return {};
  }
  base::Status take_if_there(const std::string& name) { return storage_.exists(data_ + "/" + name) ? take(name) : base::Status{}; }
  base::Status take_below(const std::string& folder, int depth) {
    TRY(const auto names, files_below(storage_, data_ + "/" + folder, depth));
    for (const auto& name : names) {
      if (name.ends_with(".new")) continue;
      auto taken = take(folder + "/" + name);
      // A document that was removed while we copied belongs to no case any more.
      if (!taken && taken.error().code != base::ErrorCode::not_found) return taken;
    }
    return {};
  }
  base::Status take_database(store::Database& database) {
    const std::string name = base_name(database.path());
    TRY_VOID(database.backup_to(to_ + "/" + name));
    TRY(auto copied, sum_file(storage_, to_ + "/" + name));
    copied.name = name;
    files_.push_back(std::move(copied));
    return {};
  }
  const std::vector<CopiedFile>& files() const { return files_; }

 private:
  base::Storage& storage_;
  const std::string data_, to_;
  std::vector<CopiedFile> files_;
};

base::Status copy_all(Copier& copier, const Cut& cut, const std::vector<store::Database*>& rolled_back, const std::vector<store::Database*>& kept) {
  for (std::size_t i = 0; i < cut.journal.files.size(); ++i) {
    const bool writing = i + 1 == cut.journal.files.size() && cut.journal.last_bytes != 0;
    const auto& file = cut.journal.files[i];
    TRY_VOID(copier.take(std::string("journal/") + (file.archived ? "archive/" : "") + file.name, writing ? cut.journal.last_bytes : kAllBytes));
  }
  for (const auto& file : cut.checkpoints) TRY_VOID(copier.take("checkpoint/" + file.name));
  TRY_VOID(copier.take("master.key"));
  TRY_VOID(copier.take_if_there("timeline.json"));
  for (auto* database : rolled_back) TRY_VOID(copier.take_database(*database));
  for (auto* database : kept) TRY_VOID(copier.take_database(*database));
  TRY_VOID(copier.take_below("files", kFilesDepth));
  // Last, so that every key that the copied files need is there and everything forgotten until now is known.
  TRY_VOID(copier.take_below("keys", 0));
  return copier.take_if_there("forgotten.log");
}

base::Json manifest(const Cut& cut, int timeline, base::Millis at, const Copier& copier, const std::vector<store::Database*>& rolled_back,
                    const std::vector<store::Database*>& kept) {
  base::Json json = base::Json::object();
  json.set("format", 1).set("at", base::iso_utc(at));
  json.set("timeline", timeline).set("position", static_cast<std::int64_t>(cut.position));
  json.set("effects", static_cast<std::int64_t>(cut.effects));
  base::Json back = base::Json::array(), keep = base::Json::array(), files = base::Json::array();
  for (auto* database : rolled_back) back.push(base_name(database->path()));
  for (auto* database : kept) keep.push(base_name(database->path()));
  for (const auto& file : copier.files()) {
    base::Json one = base::Json::object();
    one.set("name", file.name).set("bytes", static_cast<std::int64_t>(file.bytes));
    one.set("xxh3", std::to_string(file.sum));
    files.push(std::move(one));
  }
  json.set("rolledBack", std::move(back)).set("kept", std::move(keep));
  json.set("files", std::move(files));
  return json;
}

}  // namespace

base::Result<BackupReport> backup(Engine& engine, Effects& effects, const std::string& data_folder, const std::string& to_folder,
                                  const std::vector<store::Database*>& rolled_back, const std::vector<store::Database*>& kept) {
  auto* runtime = dynamic_cast<Runtime*>(&engine);
  if (runtime == nullptr) return base::fail(base::ErrorCode::internal, "this engine cannot be backed up");
  base::Storage& storage = runtime->storage();
  const auto frozen = runtime->freeze_files();
  Cut cut;
  TRY_VOID(runtime->quiet([&]() -> base::Status {
    cut.effects = effects.count();  // an effect noted from here on lies behind the cut
    TRY(cut.journal, runtime->journal().cut());
    cut.position = cut.journal.position;
    TRY(cut.checkpoints, checkpoint::files(storage, data_folder + "/checkpoint"));
    return {};
  }, false));
  const base::Millis now = (runtime->options().clock ? runtime->options().clock->now() : base::SystemClock().now());
  std::string name = "backup-" + stamp(now);
  for (int again = 2; storage.exists(to_folder + "/" + name); ++again) name = "backup-" + stamp(now) + "-" + std::to_string(again);
  const std::string folder = to_folder + "/" + name, part = folder + ".part";
  TRY_VOID(storage.make_folder(part));
  Copier copier(storage, data_folder, part);
  auto copied = copy_all(copier, cut, rolled_back, kept);
  if (copied) copied = write_whole(storage, part, "backup.json", manifest(cut, runtime->timeline().number, now, copier, rolled_back, kept).dump_pretty());
  if (copied) copied = storage.rename(part, folder);
  if (copied) copied = storage.sync_folder(to_folder);
  if (!copied) {
    std::ignore = remove_below(storage, part, kFilesDepth + 2);
    return std::unexpected(copied.error());
  }
  BackupReport report;
  report.folder = folder;
  report.position = cut.position;
  report.timeline = runtime->timeline().number;
  report.files = copier.files().size();
  for (const auto& file : copier.files()) report.bytes += file.bytes;
  return report;
}

}  // namespace engine
