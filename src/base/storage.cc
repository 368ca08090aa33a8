#include "base/storage.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <tuple>

namespace base {
namespace {

std::unexpected<Error> io_error(std::string_view what, const std::string& path, int number) {
  const auto code = number == ENOENT ? ErrorCode::not_found : number == EEXIST ? ErrorCode::conflict : ErrorCode::io_failed;
  return fail(code, std::string(what) + " failed: " + std::strerror(number), Where{.file = path});
}

class SystemFile final : public File {
 public:
  SystemFile(int handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  ~SystemFile() override { ::close(handle_); }
  SystemFile(const SystemFile&) = delete;
  SystemFile& operator=(const SystemFile&) = delete;

  Status write_at(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return io_error("write", path_, n == 0 ? ENOSPC : errno);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      offset += static_cast<std::uint64_t>(n);
    }
    return {};
  }

  Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) override {
    std::string out(bytes, '\0');
    std::size_t have = 0;
    while (have < bytes) {
      const ssize_t n = ::pread(handle_, out.data() + have, bytes - have, static_cast<off_t>(offset + have));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_error("read", path_, errno);
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    out.resize(have);
    return out;
  }

  Status sync() override {
    if (::fdatasync(handle_) != 0) return io_error("sync", path_, errno);
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat info {};
    if (::fstat(handle_, &info) != 0) return io_error("stat", path_, errno);
    return static_cast<std::uint64_t>(info.st_size);
  }

  Status truncate(std::uint64_t bytes) override {
    if (::ftruncate(handle_, static_cast<off_t>(bytes)) != 0) return io_error("truncate", path_, errno);
    return {};
  }

  // posix_fallocate grows the file and its blocks, so that a later fdatasync has no size to write.
  Status preallocate(std::uint64_t bytes) override {
    const int failed = ::posix_fallocate(handle_, 0, static_cast<off_t>(bytes));
    if (failed == EOPNOTSUPP || failed == EINVAL) return {};
    if (failed != 0) return io_error("preallocate", path_, failed);
    return {};
  }

 private:
  int handle_;
  std::string path_;
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<std::unique_ptr<File>> SystemStorage::open(const std::string& path, Open how) {
  int flags = O_CLOEXEC;
  if (how == Open::read) flags |= O_RDONLY;
  if (how == Open::read_write) flags |= O_RDWR;
  if (how == Open::create) flags |= O_RDWR | O_CREAT | O_EXCL;
  const int handle = ::open(path.c_str(), flags, 0600);  // the data folder is for its owner alone
  if (handle < 0) return io_error("open", path, errno);
  return std::make_unique<SystemFile>(handle, path);
}

Result<std::vector<std::string>> SystemStorage::list(const std::string& folder) {
  DIR* dir = ::opendir(folder.c_str());
  if (dir == nullptr) return io_error("list", folder, errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(dir)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int failed = errno;
  ::closedir(dir);
  if (failed != 0) return io_error("list", folder, failed);
  std::sort(names.begin(), names.end());
  return names;
}

Status SystemStorage::make_folder(const std::string& path) {
  for (std::size_t at = 1; at <= path.size(); ++at) {
    if (at != path.size() && path[at] != '/') continue;
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), 0700) == 0) continue;
    const int failed = errno;
    struct stat info {};
    if (::stat(part.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) continue;
    return io_error("make folder", part, failed);
  }
  return {};
}

Status SystemStorage::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return io_error("rename", from, errno);
  return {};
}

Status SystemStorage::remove(const std::string& path) {
  if (::remove(path.c_str()) != 0) return io_error("remove", path, errno);
  return {};
}

Status SystemStorage::sync_folder(const std::string& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return io_error("open", path, errno);
  const int failed = ::fsync(handle) != 0 ? errno : 0;
  ::close(handle);
  if (failed != 0) return io_error("sync", path, failed);
  return {};
}

bool SystemStorage::exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  SystemStorage storage;
  TRY(auto file, storage.open(path, Storage::Open::read));
  TRY(auto bytes, file->size());
  const auto too_large = [&] {
    return fail(ErrorCode::limit_exceeded, "file is larger than " + std::to_string(max_bytes) + " bytes", Where{.file = path},
                "at most " + std::to_string(max_bytes) + " bytes");
  };
  if (bytes > max_bytes) return too_large();
  TRY(auto text, file->read_at(0, static_cast<std::size_t>(bytes)));
  // Pipes and /proc files say size 0: read on until the end, still bounded.
  while (true) {
    TRY(auto more, file->read_at(text.size(), std::min<std::size_t>(64u << 10, max_bytes - text.size() + 1)));
    if (more.empty()) return text;
    text += more;
    if (text.size() > max_bytes) return too_large();
  }
}

Status write_file_atomic(const std::string& path, std::string_view bytes) {
  static std::atomic<unsigned> counter{0};
  SystemStorage storage;
  const std::string temporary = path + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  const auto write = [&]() -> Status {
    TRY(auto file, storage.open(temporary, Storage::Open::create));
    TRY_VOID(file->write_at(0, bytes));
    TRY_VOID(file->sync());
    return storage.rename(temporary, path);
  };
  if (auto written = write(); !written) {
    std::ignore = storage.remove(temporary);
    return written;
  }
  return storage.sync_folder(folder_of(path));
}

}  // namespace base
