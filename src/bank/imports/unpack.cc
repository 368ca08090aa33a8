// What was uploaded as the files and packages it holds.
#include <algorithm>
#include <map>

#include "bank/imports/file.h"
#include "bank/imports/take.h"
#include "bank/zip.h"
#include "base/limits_imports.h"
#include "base/text.h"

namespace bank::imports {
namespace {

using base::ErrorCode;

constexpr std::string_view kManifest = "arbejdsgang.yaml";

// The folder of each manifest, with its '/': what lies under one belongs to a package.
std::vector<std::string> package_folders(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names)
    if (name == kManifest || name.ends_with("/" + std::string(kManifest))) out.push_back(name.substr(0, name.size() - kManifest.size()));
  return out;
}

std::string shown(std::string path) {  // whatever a zip calls its files
  std::string out;
  for (const char32_t c : base::to_utf32(path))
    if (c >= U' ' && c != 0x7f) base::append_utf8(out, c == U'\\' ? U'/' : c);
  while (out.size() > base::limits::kImportPathBytes || !base::valid_utf8(out)) out.pop_back();
  return out.empty() ? "uden navn" : out;
}

base::Status unpack(const Upload& upload, std::vector<Entry>& out) {
  TRY(auto zip, ZipFiles::open(upload.bytes, {base::limits::kImportFiles, base::limits::kImportBytes, "kImportFiles", "kImportBytes"}));
  const std::vector<std::string> folders = package_folders(zip.names());
  std::map<std::string, std::map<std::string, std::string>> packages;
  std::map<std::string, base::Error> broken;  // packages with a file that cannot be read
  for (std::size_t i = 0; i < zip.names().size(); ++i) {
    const std::string& name = zip.names()[i];
    auto bytes = zip.read(i);
    const auto folder = std::ranges::find_if(folders, [&](const std::string& f) { return name.starts_with(f); });
    if (folder == folders.end()) {
      out.push_back(bytes ? Entry{shown(name), std::move(*bytes), {}, false} : Entry{shown(name), {}, bytes.error(), true});
    } else if (bytes) {
      packages[*folder].emplace(name.substr(folder->size()), std::move(*bytes));
    } else {
      broken.emplace(*folder, bytes.error());
    }
  }
  for (auto& [folder, files] : packages) {
    std::string path = folder.empty() ? upload.path : folder.substr(0, folder.size() - 1) + ".zip";
    if (const auto fault = broken.find(folder); fault != broken.end()) {
      out.push_back({shown(std::move(path)), {}, fault->second, true});
      continue;
    }
    TRY(auto bytes, bank::zip(files));
    out.push_back({shown(std::move(path)), std::move(bytes), {}, false});
  }
  return {};
}

}  // namespace

base::Result<std::vector<Entry>> unpacked(const std::vector<Upload>& uploads) {
  std::vector<Entry> out;
  for (const Upload& upload : uploads) {
    if (format_of(upload.path) == Format::package) {
      TRY_VOID(unpack(upload, out));
    } else {
      out.push_back({shown(upload.path), upload.bytes, {}, false});
    }
  }
  if (out.empty()) return base::fail(ErrorCode::invalid_argument, "the upload holds no files", {}, ".vsdx, .vdx, .vsd, .bpmn, a package, or a zip of such");
  return out;
}

}  // namespace bank::imports
