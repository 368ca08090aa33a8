// One workflow out of the bank in every format, and many at once.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bank/export/list.h"
#include "bank/export/report.h"
#include "bank/package.h"

namespace bank {

enum class ExportFormat : std::uint8_t { svg, png, pdf, report, vsdx, bpmn, zip };
std::optional<ExportFormat> export_format(std::string_view name);   // "svg" … "rapport"
std::string_view media_type(ExportFormat);
// "sygedagpenge.pdf", "sygedagpenge-rapport.pdf": of the last part of the slug; plain letters only.
std::string export_name(std::string_view slug, ExportFormat);

// Errors: not_found (the package has no diagram), limit_exceeded (a picture too large), what drawing says.
base::Result<std::string> export_package(const Package&, ExportFormat, const ReportOptions&);

// Packages as one zip: <domain>/<name>/…, as `sagsgang import` takes a tree. Errors: limit_exceeded (kExportBytes).
class ZipOfMany {
 public:
  base::Status add(const Package&);
  std::size_t packages() const { return packages_; }
  base::Result<std::string> finish();

 private:
  std::map<std::string, std::string> files_;
  std::size_t bytes_ = 0, packages_ = 0;
};

}  // namespace bank
