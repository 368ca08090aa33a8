// The door of this room: a Visio drawing in, a BPMN file and a report out. docs/visio.md says what is recognised.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bank/visio/drawing.h"
#include "base/error.h"
#include "base/json.h"

namespace bank::visio {

enum class Verdict : std::uint8_t { taken, guessed, refused, part };  // guessed: confidence below kSure; part: of another shape
inline constexpr double kSure = 0.8;
std::string_view name(Verdict);
struct ReasonText { std::string_view english, danish; };
ReasonText reason_text(std::string_view code);  // of reasons.def; both empty where there is no such code

// One shape of the drawing.
struct Row {
  int page = 0;                    // from 1
  std::string shape, master;       // its id in the file; NameU of its master
  Verdict verdict = Verdict::refused;
  std::string type;                // the BPMN element ("userTask"), or what it was taken for when it became none
  std::string element, name;       // id and name in the BPMN file; of a part: the element it belongs to
  std::string from, to;            // of a connection: the BPMN ids of its ends
  double confidence = 0;
  std::string reason;              // code of reasons.def
};

struct PageReport { int number = 0; std::string name; bool background = false, imported = false; std::size_t elements = 0, flows = 0; };

struct Report {
  std::string file, format;
  std::vector<PageReport> pages;
  std::vector<Row> rows;
  std::vector<std::string> notes;
  std::vector<std::string> kla, law;   // found in the drawing, each once
  std::size_t count(Verdict) const;
  base::Json json() const;
};

struct Imported {
  std::string bpmn;                // "" where no page holds a step
  Report report;
};

// `file` is the name for messages and the title. Errors: invalid_document, invalid_xml, limit_exceeded.
// The second half alone, of a drawing that was read. The BPMN is not yet read back.
Imported import_plan(const Drawing&, const std::string& file);
base::Result<Imported> import_drawing(std::string_view bytes, const std::string& file);

}  // namespace bank::visio
