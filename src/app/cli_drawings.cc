#include "app/cli_drawings.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <vector>

#include "app/cli.h"
#include "bank/imports/take.h"
#include "base/limits_visio.h"
#include "base/storage.h"
#include "base/text.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using bank::visio::Imported;
using bank::visio::Verdict;
using base::ErrorCode;
using base::Json;

std::string ending(const fs::path& path) { return base::lower(path.extension().string()); }

base::Result<Imported> import_one(const fs::path& path, const std::string& name) {
  TRY(const std::string bytes, base::read_file(path.string(), base::limits::kVisioFileBytes));
  if (ending(path) == ".bpmn") return bank::imports::take_bpmn(bytes, name, false);
  return bank::visio::import_drawing(bytes, name);
}

struct Found { fs::path path; std::string name; };  // name: as the report says it

// Every drawing under the folder, in the order of its name. Links to folders are not followed.
std::vector<Found> drawings_under(const fs::path& root, std::size_t& others) {
  std::vector<Found> out;
  std::error_code error;
  for (fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, error), end; it != end && !error; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored)) continue;
    if (is_drawing(it->path().string())) out.push_back({it->path(), it->path().lexically_relative(root).generic_string()});
    else ++others;
  }
  std::ranges::sort(out, {}, &Found::name);
  return out;
}

// A new folder appears whole or not at all; in one that is there, each file is replaced whole.
base::Status store(const fs::path& folder, const Imported& imported) {
  std::error_code error;
  const bool fresh = !fs::exists(folder, error);
  fs::path at = folder;
  if (fresh) at += ".ufaerdig";
  fs::create_directories(at, error);
  if (error) return base::fail(ErrorCode::io_failed, "cannot make the folder: " + error.message(), {.file = at.string()});
  TRY_VOID(base::write_file_atomic((at / "rapport.json").string(), imported.report.json().dump_pretty() + "\n"));
  TRY_VOID(base::write_file_atomic((at / "proces.bpmn").string(), imported.bpmn));
  if (fresh) fs::rename(at, folder, error);
  if (error) return base::fail(ErrorCode::io_failed, "cannot finish the folder: " + error.message(), {.file = folder.string()});
  return {};
}

void print_report(const bank::visio::Report& report) {
  for (const bank::visio::Row& row : report.rows) {
    if (row.verdict != Verdict::guessed && row.verdict != Verdict::refused) continue;
    std::string name = row.name.substr(0, 60);
    std::ranges::replace(name, '\n', ' ');
    while (!base::valid_utf8(name)) name.pop_back();
    std::printf("    %s page %d shape %s%s%s: %s%s%s\n", row.verdict == Verdict::guessed ? "guessed" : "refused", row.page, row.shape.empty() ? "-" : row.shape.c_str(), name.empty() ? "" : " ",
                name.empty() ? "" : ("'" + name + "'").c_str(), row.type.c_str(), row.verdict == Verdict::guessed ? (" " + std::to_string(static_cast<int>(row.confidence * 100 + 0.5)) + " %, ").c_str() : ", ",
                std::string(bank::visio::reason_text(row.reason).english).c_str());
  }
  for (const std::string& note : report.notes) std::printf("    note: %s\n", note.c_str());
}

class Run {
 public:
  explicit Run(const DrawingImport& request) : request_(request) {}

  int all(const std::vector<Found>& files) {
    Progress progress("reading drawings");
    for (std::size_t i = 0; i < files.size(); ++i) {
      progress.show(i, files.size());
      one(files[i]);
    }
    progress.show(files.size(), files.size());
    Json totals = Json::object();
    totals.set("files", static_cast<std::uint64_t>(files.size()));
    totals.set("imported", static_cast<std::uint64_t>(imported_));
    totals.set("empty", static_cast<std::uint64_t>(empty_));
    totals.set("refused", static_cast<std::uint64_t>(refused_));
    if (request_.json) {
      Json out = Json::object();
      out.set("totals", std::move(totals));
      out.set("files", std::move(list_));
      std::printf("%s\n", out.dump().c_str());
    } else {
      std::printf("%zu drawings: %zu imported, %zu without a process, %zu refused\n", files.size(), imported_, empty_, refused_);
    }
    return failed_ ? kFailed : refused_ > 0 ? kFaults : kDone;
  }

 private:
  void one(const Found& file) {
    auto result = import_one(file.path, file.name);
    std::string folder;
    if (result && !result->bpmn.empty() && !request_.out.empty()) {
      folder = folder_of(file);
      if (const auto stored = store(fs::path(request_.out) / folder, *result); !stored) {
        failed_ = true;
        result = std::unexpected(stored.error());
      }
    }
    Json row = Json::object();
    row.set("file", file.name);
    if (!result) {
      ++refused_;
      row.set("verdict", "refused");
      row.set("code", base::name(result.error().code));
      row.set("message", result.error().text());
      if (!request_.json) std::printf("%s: refused: %s\n", file.name.c_str(), result.error().text().c_str());
    } else {
      const bank::visio::Report& r = result->report;
      const bool empty = result->bpmn.empty();
      ++(empty ? empty_ : imported_);
      row.set("verdict", empty ? "empty" : "imported");
      if (!folder.empty()) row.set("folder", folder);
      row.set("report", r.json());
      if (!request_.json) {
        std::printf("%s: %s%zu taken, %zu guessed, %zu refused\n", file.name.c_str(), empty ? "no process in it; " : "", r.count(Verdict::taken), r.count(Verdict::guessed), r.count(Verdict::refused));
        print_report(r);
      }
    }
    if (request_.json) list_.push(std::move(row));
  }

  // The file's place without its ending; with it where two differ only there.
  std::string folder_of(const Found& file) {
    fs::path name(file.name);
    const std::string whole = name.generic_string();
    if (used_.insert(base::lower(name.replace_extension().generic_string())).second) return name.generic_string();
    std::string other = whole;
    std::replace(other.begin() + static_cast<std::ptrdiff_t>(name.generic_string().size()), other.end(), '.', '-');
    while (!used_.insert(base::lower(other)).second) other += "-";
    return other;
  }

  const DrawingImport& request_;
  Json list_ = Json::array();
  std::set<std::string> used_;
  std::size_t imported_ = 0, empty_ = 0, refused_ = 0;
  bool failed_ = false;
};

}  // namespace

bool is_drawing(const std::string& path) {
  const std::string end = ending(path);
  return end == ".vsdx" || end == ".vsdm" || end == ".vdx" || end == ".vsd" || end == ".bpmn";
}

int import_drawings(const DrawingImport& request) {
  std::error_code error;
  std::vector<Found> files;
  std::size_t others = 0;
  if (fs::is_directory(request.path, error)) files = drawings_under(request.path, others);
  else if (fs::is_regular_file(request.path, error)) files.push_back({request.path, fs::path(request.path).filename().string()});
  else return report({ErrorCode::usage, "there is no '" + request.path + "'"});
  if (files.empty()) return report({ErrorCode::usage, "no drawing (.vsdx, .vsdm, .vdx, .vsd, .bpmn) under '" + request.path + "'; " + std::to_string(others) + " other files"});
  return Run(request).all(files);
}

}  // namespace app
