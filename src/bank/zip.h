// A zip of a package as a map of files. Nothing is written to disk; every limit is checked while bytes come out.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace bank {

// A zip's files one by one, for what takes the good ones and tells of the others. Entries that file managers add are left out.
class ZipFiles {
 public:
  struct Limits { std::size_t files, bytes; const char *files_name, *bytes_name; };  // of all that is read, with their names for messages
  // Borrows `bytes`. Errors: invalid_package (no zip), limit_exceeded (more entries than twice `files`).
  static base::Result<ZipFiles> open(std::string_view bytes, Limits);
  ZipFiles(ZipFiles&&) noexcept;
  ~ZipFiles();
  const std::vector<std::string>& names() const { return names_; }  // as the zip says them: read() judges
  // Errors, of this one alone: invalid_package (its name leads elsewhere or is another's, a link, encrypted, damaged), limit_exceeded.
  base::Result<std::string> read(std::size_t index);

 private:
  struct Archive;
  ZipFiles(std::unique_ptr<Archive>, Limits);
  std::unique_ptr<Archive> archive_;
  Limits limits_;
  std::vector<std::string> names_;
  std::vector<std::uint64_t> entries_;
  std::vector<bool> repeated_;
  std::size_t total_ = 0;
};

// A single top folder around everything is taken off. Refused: encrypted entries, symbolic links, absolute paths, "..",
// backslashes, repeated names (also by case), and whatever passes base::limits::kPackageFiles / kPackageBytes when unpacked.
// Errors: invalid_package, limit_exceeded.
base::Result<std::map<std::string, std::string>> unzip(std::string_view bytes);
base::Result<std::string> zip(const std::map<std::string, std::string>& files);

}  // namespace bank
