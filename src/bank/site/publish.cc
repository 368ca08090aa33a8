// Where the packages come from, and the folder that the site ends in.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "bank/package.h"
#include "bank/site/site.h"
#include "base/time.h"

namespace bank::site {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr const char* kMark = "sagsgang-sider.txt";  // says that the folder is ours to replace

base::Status failed(const fs::path& path, const std::string& what, const std::error_code& why) { return base::fail(ErrorCode::io_failed, what + ": " + why.message(), {.file = path.string()}); }

base::Status write_plain(const fs::path& path, const std::string& bytes) {  // no sync for each of a thousand files: a broken run is run again
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return base::fail(ErrorCode::io_failed, "cannot write the file", {.file = path.string()}, "is the disk full?");
  return {};
}

base::Status may_replace(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  if (!fs::is_directory(folder, error)) return base::fail(ErrorCode::conflict, "there is a file where the site should be", {.file = folder.string()});
  if (fs::is_empty(folder, error) || fs::exists(folder / kMark, error)) return {};
  return base::fail(ErrorCode::conflict, "the folder holds something that is no published bank", {.file = folder.string()}, "choose an empty folder, or one that an earlier publish made");
}

// The new folder takes the old one's place; the old one goes last.
base::Status swap_in(const fs::path& made, const fs::path& folder) {
  std::error_code error;
  fs::path old = folder;
  old += ".gammel";
  fs::remove_all(old, error);
  if (fs::exists(folder, error)) {
    fs::rename(folder, old, error);
    if (error) return failed(folder, "cannot put the old site aside", error);
  }
  fs::rename(made, folder, error);
  if (error) {
    const auto status = failed(folder, "cannot put the new site in its place", error);
    fs::rename(old, folder, error);
    return status;
  }
  fs::remove_all(old, error);
  return {};
}

}  // namespace

base::Result<std::vector<Source>> sources(store::Connection& database, const std::string& owner) {
  TRY(const auto all, published(database, owner));
  std::vector<Source> out;
  for (const Published& one : all) {
    TRY(const auto versions, published_versions(database, one));
    Source source{one.slug, {}, [&database, one] { return published_files(database, one); }};
    for (const PublishedVersion& version : versions) source.versions.push_back({version.version, base::iso_date(version.at), version.note});
    out.push_back(std::move(source));
  }
  return out;
}

base::Result<std::vector<Source>> sources(const std::string& folder) {
  std::error_code error;
  std::vector<Source> out;
  for (const auto& domain : fs::directory_iterator(folder, error)) {
    if (!domain.is_directory(error)) continue;
    for (const auto& name : fs::directory_iterator(domain.path(), error)) {
      if (!fs::exists(name.path() / "arbejdsgang.yaml", error)) continue;
      const std::string slug = domain.path().filename().string() + "/" + name.path().filename().string(), path = name.path().string();
      out.push_back({slug, {}, [slug, path]() -> base::Result<std::map<std::string, std::string>> {
                       TRY(auto package, load_folder(path, slug));
                       return std::move(package.files);
                     }});
    }
  }
  if (error) return base::fail(ErrorCode::io_failed, "cannot read the folder: " + error.message(), {.file = folder});
  return out;
}

base::Result<Made> publish_folder(std::vector<Source> all, const Options& options, const std::string& where, const Shown& shown) {
  std::error_code error;
  fs::path folder = fs::absolute(where, error).lexically_normal();
  if (folder.filename().empty()) folder = folder.parent_path();
  TRY_VOID(may_replace(folder));
  fs::path made_at = folder;
  made_at += ".ufaerdig";
  fs::remove_all(made_at, error);
  fs::create_directories(made_at, error);
  if (error) return std::unexpected(failed(made_at, "cannot make the folder", error).error());
  std::set<fs::path> folders;
  auto made = make_site(std::move(all), options, [&](const std::string& path, const std::string& bytes) -> base::Status {
    const fs::path to = made_at / path;
    if (folders.insert(to.parent_path()).second) fs::create_directories(to.parent_path(), error);
    return write_plain(to, bytes);
  }, shown);
  auto done = made ? write_plain(made_at / kMark, "Made by sagsgang publish. A new run replaces the whole folder.\n") : base::Status(std::unexpected(made.error()));
  if (done) done = swap_in(made_at, folder);
  if (!done) {
    fs::remove_all(made_at, error);
    return std::unexpected(done.error());
  }
  return made;
}

}  // namespace bank::site
