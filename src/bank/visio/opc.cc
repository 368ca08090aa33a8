#include "bank/visio/opc.h"

#include <zip.h>

namespace bank::visio {

using base::ErrorCode;

struct Package::Zip {
  zip_t* archive = nullptr;
  ~Zip() {
    if (archive != nullptr) zip_discard(archive);
  }
};

Package::Package(std::unique_ptr<Zip> zip) : zip_(std::move(zip)) {}
Package::Package(Package&&) noexcept = default;
Package::~Package() = default;

namespace {

struct Close {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

// "pages/page1.xml" seen from the folder "visio/" → "visio/pages/page1.xml"; "" where it leads out of the package.
std::string resolve(const std::string& folder, std::string_view target) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view path) {
    while (!path.empty()) {
      const auto slash = path.find('/');
      const std::string_view part = path.substr(0, slash);
      if (part == "..") {
        if (parts.empty()) return false;
        parts.pop_back();
      } else if (!part.empty() && part != ".") {
        parts.emplace_back(part);
      }
      path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return true;
  };
  if (target.empty() || target.find(':') != std::string_view::npos || target.find('\\') != std::string_view::npos) return {};
  if (target.front() != '/' && !add(folder)) return {};
  if (!add(target)) return {};
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "/") + part;
  return out;
}

}  // namespace

base::Result<Package> Package::open(std::string_view bytes) {
  if (bytes.size() > base::limits::kVisioFileBytes) return base::fail(ErrorCode::limit_exceeded, "the drawing has more bytes than the limit kVisioFileBytes");
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  auto zip = std::make_unique<Zip>();
  zip->archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (zip->archive == nullptr) {
    if (source != nullptr) zip_source_free(source);
    return base::fail(ErrorCode::invalid_document, "this is no Visio drawing (.vsdx): " + why, {}, "open it in Visio and save it again");
  }
  if (zip_get_num_entries(zip->archive, 0) > static_cast<zip_int64_t>(base::limits::kVisioParts))
    return base::fail(ErrorCode::limit_exceeded, "the drawing has more parts than the limit kVisioParts");
  return Package(std::move(zip));
}

base::Result<base::xml::Document> Package::part(const std::string& name) {
  const zip_int64_t index = zip_name_locate(zip_->archive, name.c_str(), ZIP_FL_NOCASE);
  if (index < 0) return base::fail(ErrorCode::not_found, "the drawing has no part '" + name + "'");
  std::unique_ptr<zip_file_t, Close> file(zip_fopen_index(zip_->archive, static_cast<zip_uint64_t>(index), 0));
  if (!file) return base::fail(ErrorCode::invalid_document, "a part of the drawing is encrypted or damaged", {.file = name}, "save it without a password");
  std::string out;
  std::string chunk(64u << 10, '\0');
  while (true) {  // the size that the zip claims is not believed
    const zip_int64_t n = zip_fread(file.get(), chunk.data(), chunk.size());
    if (n < 0) return base::fail(ErrorCode::invalid_document, "a part of the drawing is damaged", {.file = name});
    if (n == 0) break;
    if ((budget_ -= static_cast<std::int64_t>(n)) < 0) return base::fail(ErrorCode::limit_exceeded, "the drawing unpacks to more than the limit kVisioBytes", {.file = name});
    out.append(chunk.data(), static_cast<std::size_t>(n));
  }
  return base::xml::parse(out, name);
}

base::Result<std::vector<Relationship>> Package::relationships(const std::string& part) {
  const auto slash = part.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : part.substr(0, slash + 1);
  const std::string name = folder + "_rels/" + part.substr(folder.size()) + ".rels";
  auto document = this->part(name);
  if (!document && document.error().code == ErrorCode::not_found) return std::vector<Relationship>{};
  if (!document) return std::unexpected(std::move(document).error());
  std::vector<Relationship> out;
  for (const base::xml::Element* e : document->root->elements()) {
    if (e->local != "Relationship") continue;
    Relationship r{e->attribute_or("Id", ""), e->attribute_or("Type", ""), {}};
    r.type = r.type.substr(r.type.rfind('/') + 1);  // npos + 1 = 0: the whole
    if (e->attribute_or("TargetMode", "Internal") == "Internal") r.target = resolve(folder, e->attribute_or("Target", ""));
    outside_ += r.target.empty();
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace bank::visio
