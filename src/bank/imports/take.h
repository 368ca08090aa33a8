// One uploaded file becomes a diagram and a report: a Visio drawing, any tool's BPMN, or a package. Whole or refused.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "bank/visio/import.h"

namespace bank::imports {

enum class Format : std::uint8_t { drawing, bpmn, package, other };
Format format_of(std::string_view path);                       // by its ending

// BPMN is taken as it is, written anew (processing instructions go); where `draw`, a model without places gets our layout, with a note.
base::Result<visio::Imported> take_bpmn(std::string_view bytes, const std::string& file, bool draw);

struct Taken {
  visio::Imported imported;                                    // its bpmn is "" where no page holds a step
  std::string title;
  std::map<std::string, std::string> files;                    // of a package: everything but proces.bpmn
};
// Errors: invalid_document, invalid_xml, invalid_bpmn, invalid_package, limit_exceeded, unsupported_media_type.
base::Result<Taken> take(std::string_view bytes, const std::string& path);

// What went wrong and what to do, for the one who uploaded it.
std::string explained_da(const base::Error&);

}  // namespace bank::imports
