#include "bank/export/export.h"

#include <array>

#include "bank/danish.h"
#include "bank/export/vsdx.h"
#include "bank/zip.h"
#include "base/limits_export.h"
#include "bpmn/draw.h"
#include "bpmn/layout/layout.h"

namespace bank {
namespace {

using base::ErrorCode;

struct Row { ExportFormat format; std::string_view name, media, ending; };
constexpr std::array<Row, 7> kRows = {{{ExportFormat::svg, "svg", "image/svg+xml", ".svg"}, {ExportFormat::png, "png", "image/png", ".png"}, {ExportFormat::pdf, "pdf", "application/pdf", ".pdf"},
    {ExportFormat::report, "rapport", "application/pdf", "-rapport.pdf"}, {ExportFormat::vsdx, "vsdx", "application/vnd.ms-visio.drawing.main+xml", ".vsdx"},
    {ExportFormat::bpmn, "bpmn", "application/xml; charset=utf-8", ".bpmn"}, {ExportFormat::zip, "zip", "application/zip", ".zip"}}};
const Row& row(ExportFormat format) { return kRows[static_cast<std::size_t>(format)]; }

constexpr double kPictureScale = 2;  // pixels of a PNG for one of the diagram

base::Result<bpmn::ModelPtr> placed(const Package& package) {
  if (!package.process) return base::fail(ErrorCode::not_found, "the workflow has no diagram");
  if (!package.process->diagrams.empty()) return package.process;
  return bpmn::layout(*package.process);
}

// As sharp as a picture of this size may be.
base::Result<std::string> png(const bpmn::Model& model) {
  auto out = bpmn::draw_png(model, {}, kPictureScale);
  if (!out && out.error().code == ErrorCode::limit_exceeded) out = bpmn::draw_png(model, {}, 1);
  return out;
}

}  // namespace

std::optional<ExportFormat> export_format(std::string_view name) {
  for (const Row& one : kRows)
    if (one.name == name) return one.format;
  return {};
}
std::string_view media_type(ExportFormat format) { return row(format).media; }
std::string export_name(std::string_view slug, ExportFormat format) { return std::string(slug.substr(slug.rfind('/') + 1)) + std::string(row(format).ending); }

base::Result<std::string> export_package(const Package& package, ExportFormat format, const ReportOptions& options) {
  if (format == ExportFormat::zip) return zip(package.files);
  if (format == ExportFormat::report) return report_pdf(package, options);
  if (format == ExportFormat::bpmn) {
    const auto file = package.files.find("proces.bpmn");
    if (file == package.files.end()) return base::fail(ErrorCode::not_found, "the workflow has no diagram");
    return file->second;
  }
  TRY(const bpmn::ModelPtr model, placed(package));
  switch (format) {
    case ExportFormat::png: return png(*model);
    case ExportFormat::pdf: return bpmn::draw_pdf(*model, {});
    case ExportFormat::vsdx: return to_vsdx(*model, package.title);
    default: return bpmn::draw_svg(*model);
  }
}

base::Status ZipOfMany::add(const Package& package) {
  for (const auto& [path, bytes] : package.files) {
    bytes_ += bytes.size();
    if (bytes_ > base::limits::kExportBytes) return base::fail(ErrorCode::limit_exceeded, "the packages are larger than " + std::to_string(base::limits::kExportBytes) + " bytes together (kExportBytes)", {}, "choose fewer, for example one domain at a time");
    files_.emplace(package.slug + "/" + path, bytes);
  }
  ++packages_;
  return {};
}
base::Result<std::string> ZipOfMany::finish() {
  if (files_.empty()) files_["LAESMIG.txt"] = "Ingen arbejdsgange passede til valget.\n";  // a zip of nothing is no zip
  return zip(files_);
}

}  // namespace bank
