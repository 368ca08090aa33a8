#include "bank/zip.h"

#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

#include "base/limits.h"
#include "base/text.h"

namespace bank {
namespace {

using base::ErrorCode;
struct Discard {
  void operator()(zip_t* z) const { zip_discard(z); }
  void operator()(zip_file_t* f) const { zip_fclose(f); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
constexpr zip_uint16_t kFirstOfJanuary2000 = (20u << 9) | (1u << 5) | 1u;

base::Result<Archive> open_archive(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return base::fail(ErrorCode::invalid_package, "the zip cannot be opened");
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr) {
    const std::string why = zip_error_strerror(&error);
    zip_source_free(source);
    zip_error_fini(&error);
    return base::fail(ErrorCode::invalid_package, "not a usable zip: " + why, {}, "a .zip of the package's folder");
  }
  return Archive(archive);
}

// Names are somebody else's: none may point outside the package or mean two things.
base::Status check_name(const std::string& name) {
  const auto bad = [&](const char* why) { return base::fail(ErrorCode::invalid_package, std::string("a name in the zip ") + why, {},
      "relative paths with '/' inside the package's folder"); };
  if (name.empty() || name.size() > 500) return bad("is empty or longer than 500 bytes");
  if (!base::valid_utf8(name)) return bad("is not UTF-8");
  if (name.front() == '/' || name.find(':') != std::string::npos) return bad("is an absolute path");
  for (const char c : name)
    if (static_cast<unsigned char>(c) < ' ' || c == '\\' || c == 0x7f) return bad("has a control character or a backslash");
  for (const std::string_view part : base::split(name, '/'))
    if (part == ".." || part == ".") return bad("leads out of the folder ('..')");
  return {};
}

base::Result<std::string> read_entry(zip_t* archive, zip_uint64_t index, const std::string& name, std::size_t budget, const char* limit) {
  std::unique_ptr<zip_file_t, Discard> file(zip_fopen_index(archive, index, 0));
  if (!file) return base::fail(ErrorCode::invalid_package, "an entry of the zip cannot be read", {.file = name}, "no encryption; deflate or stored");
  std::string out;
  std::vector<char> chunk(64u << 10);
  while (true) {  // the size that the zip claims is not believed: bytes are counted as they come
    const zip_int64_t n = zip_fread(file.get(), chunk.data(), chunk.size());
    if (n < 0) return base::fail(ErrorCode::invalid_package, "an entry of the zip is damaged", {.file = name});
    if (n == 0) return out;
    out.append(chunk.data(), static_cast<std::size_t>(n));
    if (out.size() > budget) return base::fail(ErrorCode::limit_exceeded, std::string("the zip unpacks to more than base::limits::") + limit, {.file = name});
  }
}

bool skipped(const std::string& name) {  // what file managers add
  return name.ends_with('/') || name.starts_with("__MACOSX/") || name.ends_with(".DS_Store") || name.ends_with("Thumbs.db");
}

std::string common_folder(const std::map<std::string, std::string>& files) {
  std::string top;
  for (const auto& [name, content] : files) {
    const auto slash = name.find('/');
    const std::string first = slash == std::string::npos ? std::string() : name.substr(0, slash + 1);
    if (first.empty() || (!top.empty() && first != top)) return {};
    top = first;
  }
  return top;
}

}  // namespace

struct ZipFiles::Archive { bank::Archive zip; };

ZipFiles::ZipFiles(std::unique_ptr<Archive> archive, Limits limits) : archive_(std::move(archive)), limits_(limits) {}
ZipFiles::ZipFiles(ZipFiles&&) noexcept = default;
ZipFiles::~ZipFiles() = default;

base::Result<ZipFiles> ZipFiles::open(std::string_view bytes, Limits limits) {
  TRY(auto archive, open_archive(bytes));
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count < 0 || static_cast<std::size_t>(count) > 2 * limits.files)
    return base::fail(ErrorCode::limit_exceeded, std::string("the zip has more entries than twice base::limits::") + limits.files_name);
  if (count == 0) return base::fail(ErrorCode::invalid_package, "the zip is empty");
  ZipFiles out(std::make_unique<Archive>(std::move(archive)), limits);
  std::set<std::string> seen;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* name = zip_get_name(out.archive_->zip.get(), i, 0);
    if (name == nullptr) return base::fail(ErrorCode::invalid_package, "an entry of the zip cannot be read");
    if (skipped(name)) continue;
    out.names_.emplace_back(name);
    out.entries_.push_back(i);
    out.repeated_.push_back(!seen.insert(base::lower(name)).second);
  }
  return out;
}

base::Result<std::string> ZipFiles::read(std::size_t index) {
  const std::string& name = names_.at(index);
  TRY_VOID(check_name(name));
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive_->zip.get(), entries_[index], 0, &system, &attributes) == 0 && system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16))
    return base::fail(ErrorCode::invalid_package, "the zip holds a symbolic link", {.file = name}, "put the file itself there");
  if (repeated_[index]) return base::fail(ErrorCode::invalid_package, "two entries of the zip have the same name", {.file = name});
  if (index >= limits_.files) return base::fail(ErrorCode::limit_exceeded, std::string("the zip has more files than base::limits::") + limits_.files_name, {.file = name});
  TRY(auto content, read_entry(archive_->zip.get(), entries_[index], name, limits_.bytes - total_, limits_.bytes_name));
  total_ += content.size();
  return content;
}

base::Result<std::map<std::string, std::string>> unzip(std::string_view bytes) {
  TRY(auto zip, ZipFiles::open(bytes, {base::limits::kPackageFiles, base::limits::kPackageBytes, "kPackageFiles", "kPackageBytes"}));
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < zip.names().size(); ++i) {
    TRY(auto content, zip.read(i));
    files.emplace(zip.names()[i], std::move(content));
  }
  const std::string top = common_folder(files);
  if (top.empty() || files.contains("arbejdsgang.yaml")) return files;
  std::map<std::string, std::string> inner;
  for (auto& [name, content] : files) inner.emplace(name.substr(top.size()), std::move(content));
  return inner;
}

base::Result<std::string> zip(const std::map<std::string, std::string>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* sink = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (sink == nullptr) return base::fail(ErrorCode::internal, "no zip buffer");
  zip_t* archive = zip_open_from_source(sink, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    zip_source_free(sink);
    return base::fail(ErrorCode::internal, "no zip archive");
  }
  zip_source_keep(sink);
  for (const auto& [name, content] : files) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = source == nullptr ? -1 : zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index >= 0) zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, kFirstOfJanuary2000, 0);  // the same files are the same bytes
    if (index < 0) {
      if (source != nullptr) zip_source_free(source);
      zip_discard(archive);
      zip_source_free(sink);
      return base::fail(ErrorCode::internal, "cannot add a file to the zip", {.file = name});
    }
  }
  std::string out;
  bool ok = zip_close(archive) == 0;
  if (!ok) zip_discard(archive);
  zip_stat_t stat;
  ok = ok && zip_source_stat(sink, &stat) == 0 && zip_source_open(sink) == 0;
  if (ok) {
    out.resize(stat.size);
    ok = zip_source_read(sink, out.data(), out.size()) == static_cast<zip_int64_t>(out.size());
    zip_source_close(sink);
  }
  zip_source_free(sink);
  if (!ok) return base::fail(ErrorCode::internal, "cannot close the zip");
  return out;
}

}  // namespace bank
