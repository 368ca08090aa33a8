#include "bank/imports/take.h"

#include <algorithm>

#include "bank/package.h"
#include "bank/zip.h"
#include "base/limits_imports.h"
#include "base/text.h"
#include "bpmn/check.h"
#include "bpmn/layout/layout.h"

namespace bank::imports {
namespace {

using base::ErrorCode;
using visio::Imported;
using visio::Verdict;

constexpr std::size_t kRemarks = 20;

std::string title_of(const std::string& path) {
  const std::string last = path.substr(path.find_last_of('/') + 1);
  std::string out = last.substr(0, last.rfind('.'));
  std::ranges::replace(out, '_', ' ');
  return out;
}

base::Result<Taken> take_package(std::string_view bytes, const std::string& path) {
  TRY(auto files, unzip(bytes));
  if (!files.contains("arbejdsgang.yaml")) return base::fail(ErrorCode::invalid_package, "the zip inside the upload is no package: it has no arbejdsgang.yaml", {.file = path}, "unpack it, and upload what is in it");
  TRY(const Package package, load_files(files, "import/import"));
  for (const Finding& fault : package.faults)
    if (fault.is_error) return base::fail(ErrorCode::invalid_package, fault.message, {.file = fault.file, .line = fault.line, .column = fault.column, .element = fault.element}, fault.remedy);
  Taken out;
  out.title = package.title.empty() ? title_of(path) : package.title;
  if (const auto process = files.find("proces.bpmn"); process != files.end()) {
    TRY(out.imported, take_bpmn(process->second, "proces.bpmn", true));
    files.erase(process);
  }
  out.imported.report.file = path;
  out.imported.report.format = "package";
  out.files = std::move(files);
  return out;
}

}  // namespace

Format format_of(std::string_view path) {
  const std::string name = base::lower(path);
  for (const std::string_view ending : {".vsdx", ".vdx", ".vsd"})
    if (name.ends_with(ending)) return Format::drawing;
  if (name.ends_with(".bpmn") || name.ends_with(".bpmn20.xml") || name.ends_with(".xml")) return Format::bpmn;
  return name.ends_with(".zip") ? Format::package : Format::other;
}

base::Result<Imported> take_bpmn(std::string_view bytes, const std::string& file, bool draw) {
  TRY(bpmn::ModelPtr model, bpmn::read(bytes, file));
  Imported out;
  out.report.file = file;
  out.report.format = "bpmn";
  if (draw && !model->nodes.empty() && std::ranges::all_of(model->diagrams, [](const bpmn::Diagram& d) { return d.shapes.empty(); })) {
    TRY(model, bpmn::layout(*model));
    out.report.notes.push_back("the file has no diagram: the places are our layout's");
  }
  out.bpmn = draw ? bpmn::write(*model) : std::string(bytes);
  for (const bpmn::Diagram& diagram : model->diagrams)
    out.report.pages.push_back({static_cast<int>(out.report.pages.size()) + 1, diagram.name, false, true, diagram.shapes.size(), diagram.edges.size()});
  for (const bpmn::Node& node : model->nodes)
    out.report.rows.push_back({.page = 1, .shape = node.id, .master = {}, .verdict = Verdict::taken, .type = std::string(bpmn::xml_name(node.type)), .element = node.id, .name = node.name, .from = {}, .to = {},
                               .confidence = 1, .reason = "bpmn"});
  const auto findings = bpmn::check_rules(*model, bpmn::Profile::lenient);
  for (std::size_t i = 0; i < findings.size() && i < kRemarks; ++i) out.report.notes.push_back(findings[i].code + " " + findings[i].where.element + ": " + findings[i].message);
  if (findings.size() > kRemarks) out.report.notes.push_back(std::to_string(findings.size() - kRemarks) + " further remarks: sagsgang check tells them");
  return out;
}

base::Result<Taken> take(std::string_view bytes, const std::string& path) {
  Taken out;
  out.title = title_of(path);
  switch (format_of(path)) {
    case Format::package: return take_package(bytes, path);
    case Format::bpmn: {
      TRY(out.imported, take_bpmn(bytes, path, true));
      const auto model = bpmn::read(out.imported.bpmn, path);
      if (model && (*model)->nodes.empty()) out.imported.bpmn.clear();
      if (model && (*model)->processes.size() == 1 && !(*model)->processes[0].name.empty()) out.title = (*model)->processes[0].name;
      return out;
    }
    case Format::drawing: {
      TRY(out.imported, visio::import_drawing(bytes, path));
      return out;
    }
    case Format::other: break;
  }
  return base::fail(ErrorCode::unsupported_media_type, "this kind of file is not read", {.file = path}, ".vsdx, .vdx, .vsd, .bpmn or a package");
}

std::string explained_da(const base::Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_document: return "Filen er beskadiget, eller den er ikke den slags tegning, som endelsen siger. Åbn den i det program, den er tegnet i, og gem den igen – en Visio-tegning helst som .vsdx.";
    case ErrorCode::invalid_xml: return "Filen er ikke gyldig XML. Gem eller eksportér den igen fra det program, den er tegnet i.";
    case ErrorCode::invalid_bpmn: return "Filen er XML, men ikke et BPMN-diagram. Eksportér den som BPMN 2.0.";
    case ErrorCode::invalid_package: return "Pakken kan ikke læses. Den skal være en zip med arbejdsgang.yaml og proces.bpmn, uden kode på.";
    case ErrorCode::limit_exceeded: return "Filen er for stor eller for indviklet til at blive læst. Del den i flere.";
    case ErrorCode::unsupported_media_type: return "Den slags fil læses ikke. Brug .vsdx, .vdx, .vsd, .bpmn eller en pakke (zip).";
    default: return std::string(base::title_da(error.code)) + ".";
  }
}

}  // namespace bank::imports
