// export: one workflow in another format, or the bank as a zip or a spreadsheet.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli.h"
#include "bank/export/export.h"
#include "bank/published.h"
#include "base/clock.h"
#include "base/limits_export.h"
#include "base/storage.h"
#include "base/text.h"
#include "base/time.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr const char* kHelp = R"(usage: sagsgang export WHAT --out FILE.svg|.png|.pdf|.vsdx|.bpmn|.zip [--report]
       sagsgang export --all --out FILE.xlsx|FILE.zip [--domain D] [--kle N] [--kind K] [--runnable] [--patterns] [--expired]

WHAT is a workflow of the bank (domain/name), a package folder, or a .bpmn file. The ending of --out chooses the format; --report
with .pdf is the whole workflow on paper: facts, diagram (in parts where it is large), steps by role, rules, law, figures, versions.
--all writes every workflow that the authority can read and that fits the filters: a spreadsheet with filters, or a zip of packages.

  --data DIR        the data folder (default: data); a server may run on it meanwhile
  --bank FOLDER     instead of a data folder: a tree of packages
  --authority CVR   whose bank (default: 11111111, the first example authority)
  --publisher TEXT  on every page of a report
  --date DAY        the day that validity is judged by (default: today)

  --domain D        the domain's name or slug
  --kle N           a KLE number or its beginning
  --kind K          korrekt, god or lokal
  --runnable        only what can run
  --patterns        only generic patterns
  --expired         only what is no longer valid

example: sagsgang export bank/arbejdsmarked/betaling-af-laegeerklaeringer --out regninger.pdf --report
example: sagsgang export bank/tvaergaaende/oplyser-sag --out oplyser-sag.vsdx
example: sagsgang export --all --bank bank --out arbejdsgange.xlsx --domain Arbejdsmarked)";

struct Request {
  std::string out, data, bank, authority, publisher, day, domain, kle, kind;
  bool report = false, all = false, runnable = false, patterns = false, expired = false;
};

// A workflow that can be loaded.
struct Found { bank::Published row; std::function<base::Result<bank::Package>()> load; std::vector<bank::ReportVersion> versions; };

bank::Published row_of(const std::string& slug) {
  bank::Published out;
  out.slug = slug, out.published = false;
  return out;
}

base::Result<std::vector<Found>> in_tree(const std::string& folder) {
  std::vector<Found> out;
  std::error_code error;
  for (const auto& domain : fs::directory_iterator(folder, error)) {
    if (!domain.is_directory()) continue;
    for (const auto& name : fs::directory_iterator(domain.path(), error)) {
      if (!fs::exists(name.path() / "arbejdsgang.yaml", error)) continue;
      const std::string slug = domain.path().filename().string() + "/" + name.path().filename().string(), path = name.path().string();
      out.push_back({row_of(slug), [slug, path] { return bank::load_folder(path, slug); }, {}});
    }
  }
  if (error) return base::fail(ErrorCode::usage, "cannot read the folder: " + error.message(), {.file = folder});
  std::ranges::sort(out, {}, [](const Found& f) { return f.row.slug; });
  return out;
}

base::Result<std::vector<Found>> in_bank(store::Connection& db, const Request& r, const std::string& only) {
  TRY(const auto rows, bank::readable(db, r.authority));
  std::vector<Found> out;
  for (const bank::Published& row : rows) {
    if (!only.empty() && row.slug != only) continue;
    Found found{row, [&db, row]() -> base::Result<bank::Package> {
                  TRY(auto files, bank::published_files(db, row));
                  return bank::load_files(std::move(files), row.slug);
                }, {}};
    if (!only.empty()) {
      TRY(const auto versions, bank::published_versions(db, row));
      for (const auto& one : versions) found.versions.push_back({one.version, base::iso_date(one.at), {}, one.note});
    }
    out.push_back(std::move(found));
  }
  return out;
}

base::Result<Found> one_of(const std::string& what, const Request& r, store::Connection* db) {
  if (what.ends_with(".bpmn")) {
    return Found{row_of(fs::path(what).stem().string()), [what]() -> base::Result<bank::Package> {
                   bank::Package package;
                   TRY(package.files["proces.bpmn"], base::read_file(what, base::limits::kXmlBytes + 1));
                   TRY(package.process, bpmn::read(package.files["proces.bpmn"], what));
                   package.slug = package.title = fs::path(what).stem().string();
                   return package;
                 }, {}};
  }
  if (fs::exists(fs::path(what) / "arbejdsgang.yaml")) {
    const fs::path folder = fs::canonical(what);
    const std::string slug = folder.parent_path().filename().string() + "/" + folder.filename().string();
    return Found{row_of(slug), [folder, slug] { return bank::load_folder(folder.string(), slug); }, {}};
  }
  std::vector<Found> found;
  if (!r.bank.empty()) {
    TRY(found, in_tree(r.bank));
    std::erase_if(found, [&](const Found& f) { return f.row.slug != what; });
  } else if (db != nullptr) {
    TRY(found, in_bank(*db, r, what));
  }
  if (found.empty()) return base::fail(ErrorCode::usage, "there is no workflow, package folder or .bpmn file '" + what + "'", {}, "domain/name of the bank in --data, or a path");
  return std::move(found.front());
}

bool fits(const bank::Summary& s, const Request& r) {
  const bool domain = r.domain.empty() || base::lower(s.domain) == base::lower(r.domain) || s.slug.starts_with(r.domain + "/");
  const bool kle = r.kle.empty() || s.kle == r.kle || s.kle.starts_with(r.kle + ".");
  const bool expired = !s.valid_to.empty() && s.valid_to < r.day;
  return domain && kle && (r.kind.empty() || s.kind == r.kind) && (!r.runnable || s.executable) && (!r.patterns || s.pattern) && (!r.expired || expired);
}

base::Result<std::string> many(const std::vector<Found>& all, const Request& r, std::size_t& count) {
  std::vector<bank::ListedWorkflow> rows;
  bank::ZipOfMany packages;
  Progress progress("exporting");
  for (std::size_t i = 0; i < all.size(); ++i) {
    progress.show(i, all.size());
    TRY(const bank::Package package, all[i].load());
    bank::ListedWorkflow row{bank::summarize(package), all[i].row.version, all[i].row.changed > 0 ? base::iso_date(all[i].row.changed) : "", all[i].row.published};
    if (!fits(row.summary, r)) continue;
    ++count;
    if (r.out.ends_with(".zip")) TRY_VOID(packages.add(package));
    else rows.push_back(std::move(row));
  }
  if (count == 0) return base::fail(ErrorCode::usage, "no workflow fits the filters");
  if (r.out.ends_with(".zip")) return packages.finish();
  return bank::list_xlsx(rows, r.day);
}

base::Result<bank::ExportFormat> format_of(const Request& r) {
  const std::string ending = base::lower(fs::path(r.out).extension().string());
  if (r.report && ending != ".pdf") return base::fail(ErrorCode::usage, "a report is a .pdf");
  const auto format = bank::export_format(r.report ? "rapport" : ending.empty() ? "" : ending.substr(1));
  if (!format) return base::fail(ErrorCode::usage, "no format for '" + r.out + "'", {}, ".svg, .png, .pdf, .vsdx, .bpmn or .zip; .xlsx and .zip with --all");
  return *format;
}

base::Result<std::string> made(const std::vector<std::string>& words, const Request& r, std::size_t& count) {
  std::unique_ptr<store::Connection> db;  // reading only: a server may own the file
  if (r.bank.empty() && fs::exists(r.data + "/sagsgang.db")) {
    TRY(db, store::Connection::open(r.data + "/sagsgang.db", store::Connection::Mode::read_only));
  }
  if (r.all) {
    if (!r.out.ends_with(".xlsx") && !r.out.ends_with(".zip")) return base::fail(ErrorCode::usage, "--all writes .xlsx or .zip");
    if (r.bank.empty() && !db) return base::fail(ErrorCode::usage, "no bank in the data folder", {.file = r.data}, "--data DIR or --bank FOLDER");
    std::vector<Found> all;
    if (db) {
      TRY(all, in_bank(*db, r, ""));
    } else {
      TRY(all, in_tree(r.bank));
    }
    return many(all, r, count);
  }
  TRY(const auto format, format_of(r));
  TRY(const Found found, one_of(words[0], r, db.get()));
  TRY(const bank::Package package, found.load());
  count = 1;
  return bank::export_package(package, format, {r.publisher, r.day, found.versions});
}

int run(Arguments& arguments) {
  Request r;
  r.out = arguments.get("--out"), r.data = arguments.get("--data", "data"), r.bank = arguments.get("--bank"), r.authority = arguments.get("--authority", "11111111"), r.publisher = arguments.get("--publisher");
  r.day = arguments.get("--date", base::iso_date(base::SystemClock().now())), r.domain = arguments.get("--domain"), r.kle = arguments.get("--kle"), r.kind = arguments.get("--kind");
  r.report = arguments.flag("--report"), r.all = arguments.flag("--all"), r.runnable = arguments.flag("--runnable"), r.patterns = arguments.flag("--patterns"), r.expired = arguments.flag("--expired");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (r.out.empty()) return report({ErrorCode::usage, "--out is missing", {}, "see sagsgang export --help"});
  if (words.size() != (r.all ? 0u : 1u)) return report({ErrorCode::usage, r.all ? "--all takes no name" : "which workflow?", {}, "see sagsgang export --help"});
  std::size_t count = 0;
  const auto bytes = made(words, r, count);
  if (!bytes) return report(bytes.error());
  if (const auto written = base::write_file_atomic(r.out, *bytes); !written) return report(written.error());
  if (r.all) std::printf("%s: %zu workflows, %zu bytes\n", r.out.c_str(), count, bytes->size());
  else std::printf("%s: %zu bytes\n", r.out.c_str(), bytes->size());
  return kDone;
}

}  // namespace

CommandInfo export_command() { return {"export", "a workflow as PDF, PNG, SVG, Visio or zip; the bank as xlsx or zip", kHelp, run}; }

}  // namespace app
