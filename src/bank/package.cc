// Reading a package: the folder as a map of files, the manifest, the diagram and the decisions. Judging is check.cc's work.
#include "bank/package.h"

#include <algorithm>
#include <filesystem>

#include "base/limits.h"
#include "base/storage.h"
#include "base/text.h"

namespace bank {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

Finding fault_of(const base::Error& error, std::string_view file, std::string_view code) {
  return {error.where.file.empty() ? std::string(file) : error.where.file, error.where.line, error.where.column, error.where.element,
          std::string(code), error.message, std::string(base::title_da(error.code)), error.remedy, true};
}

base::Status read_tree(const fs::path& folder, std::map<std::string, std::string>& files) {
  std::error_code ec;
  std::size_t bytes = 0;
  for (auto it = fs::recursive_directory_iterator(folder, ec); !ec && it != fs::recursive_directory_iterator(); it.increment(ec)) {
    const std::string name = it->path().lexically_relative(folder).generic_string();  // relative() would follow a link
    if (it->path().filename().string().starts_with(".")) {
      if (it->is_directory(ec)) it.disable_recursion_pending();
      continue;
    }
    if (it->is_symlink(ec))
      return base::fail(ErrorCode::invalid_package, "a package must not hold symbolic links", {.file = name}, "put the file itself there");
    if (it->is_directory(ec)) {
      if (name == "proces.bpmn" || name == "beslutninger.dmn") return base::fail(ErrorCode::invalid_package, "this is a folder, not a file", {.file = name}, "the model itself");
      continue;
    }
    if (!it->is_regular_file(ec)) return base::fail(ErrorCode::invalid_package, "a package holds files only: this is a pipe, socket or device", {.file = name}, "remove it");
    if (files.size() >= base::limits::kPackageFiles)
      return base::fail(ErrorCode::limit_exceeded, "more files than base::limits::kPackageFiles", {.file = name});
    TRY(auto content, base::read_file(it->path().string(), base::limits::kPackageBytes - bytes));
    bytes += content.size();
    files.emplace(name, std::move(content));
  }
  if (ec) return base::fail(ErrorCode::io_failed, "cannot read the folder: " + ec.message(), {.file = folder.string()});
  return {};
}

void read_manifest(Package& package) {
  const std::string file = "arbejdsgang.yaml";
  auto manifest = base::parse_yaml(package.files.at(file), file);
  if (!manifest) {
    package.faults.push_back(fault_of(manifest.error(), file, "SG-YAML"));
    package.manifest.file = file;
    return;
  }
  package.manifest = std::move(*manifest);
  const base::Json& m = package.manifest.value;
  package.title = m["titel"].string_or(package.slug);
  package.summary = m["resume"].string_or("");
  package.domain = m["domaene"].string_or("");
  package.kle = m["kle"].string_or("");
  package.kla = m["kla"].string_or("");
  package.kind = m["art"].string_or("");
  package.pattern = m["moenster"].bool_or(false);
}

void read_models(Package& package) {
  if (const auto file = package.files.find("proces.bpmn"); file != package.files.end()) {
    if (auto model = bpmn::read(file->second, file->first)) {
      package.process = std::move(*model);
      for (const auto& process : package.process->processes) package.executable |= process.executable;
    } else {
      package.faults.push_back(fault_of(model.error(), file->first, "SG-BPMN"));
    }
  }
  if (const auto file = package.files.find("beslutninger.dmn"); file != package.files.end()) {
    if (auto model = dmn::read(file->second, file->first)) {
      package.decisions = std::move(*model);
    } else {
      package.faults.push_back(fault_of(model.error(), file->first, "SG-DMN"));
    }
  }
}

}  // namespace

bool valid_slug(std::string_view slug) {
  constexpr std::size_t kSlugBytes = 200;
  const auto slash = slug.find('/');
  if (slug.size() > kSlugBytes || slash == std::string_view::npos || slash == 0 || slash + 1 == slug.size()) return false;
  for (std::size_t i = 0; i < slug.size(); ++i) {
    const char c = slug[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (!letter && i != slash) return false;
  }
  return true;
}

base::Result<Package> load_files(std::map<std::string, std::string> files, std::string_view slug) {
  if (!valid_slug(slug))
    return base::fail(ErrorCode::invalid_package, "'" + std::string(slug.substr(0, 200)) + "' is not a slug", {},
        "<domain>/<name> of a-z, 0-9 and hyphen, as the folder's name");
  if (files.size() > base::limits::kPackageFiles) return base::fail(ErrorCode::limit_exceeded, "more files than base::limits::kPackageFiles");
  std::size_t bytes = 0;
  for (const auto& [name, content] : files) {
    bytes += content.size();
    if (!base::valid_utf8(name) || std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c == 0x7f || c == '\\'; }))
      return base::fail(ErrorCode::invalid_package, "a file's name is not UTF-8, or has a control character or a backslash", {.file = std::string(slug)}, "rename it");
  }
  if (bytes > base::limits::kPackageBytes) return base::fail(ErrorCode::limit_exceeded, "more bytes than base::limits::kPackageBytes");
  if (!files.contains("arbejdsgang.yaml"))
    return base::fail(ErrorCode::invalid_package, "the package has no arbejdsgang.yaml", {.file = std::string(slug)}, "see docs/packages.md");
  Package package;
  package.slug = slug;
  package.files = std::move(files);
  read_manifest(package);
  read_models(package);
  return package;
}

base::Result<Package> load_folder(const std::string& folder, std::string_view slug) {
  std::error_code ec;
  if (!fs::is_directory(folder, ec)) return base::fail(ErrorCode::invalid_package, "no such folder", {.file = folder}, "the folder that holds arbejdsgang.yaml");
  std::map<std::string, std::string> files;
  TRY_VOID(read_tree(folder, files));
  return load_files(std::move(files), slug);
}

std::vector<std::pair<std::string, std::string>> resources(const Package& package) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string_view suffix : {".bpmn", ".dmn", ".form"})
    for (const auto& [name, content] : package.files)
      if (name.ends_with(suffix)) out.emplace_back(name, content);
  return out;
}

}  // namespace bank
