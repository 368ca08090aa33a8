// A Visio drawing: a zip (.vsdx), XML (.vdx), or the lines in which the process with libvisio tells what it drew.
#include <set>

#include "bank/visio/import.h"
#include "bank/visio/libvisio_door.h"
#include "bank/visio/vsd_glue.h"
#include "bpmn/model.h"
#include "fuzz/target.h"

namespace {

using namespace bank::visio;

std::vector<std::string> words() {
  std::vector<std::string> words;
  for (const char* word : {"VisioDocument", "Masters", "Master", "Pages", "Page", "PageSheet", "Shapes", "Shape", "Connects", "Connect", "XForm", "XForm1D", "PinX", "PinY", "Width", "Height", "LocPinX", "LocPinY", "Angle", "FlipX",
                           "BeginX", "BeginY", "EndX", "EndY", "Geom", "MoveTo", "LineTo", "ArcTo", "EllipticalArcTo", "Ellipse", "NURBSTo", "RelMoveTo", "RelCubBezTo", "Prop", "User", "Hyperlink", "Address", "SubAddress",
                           "Value", "Label", "Text", "cp", "fld", "Field", "Layer", "LayerMem", "Line", "Fill", "EndArrow", "BeginArrow", "LinePattern", "FillForegnd", "StyleSheets", "StyleSheet", "Section", "Row", "Cell"}) {
    words.push_back("<" + std::string(word) + ">");
    words.push_back("</" + std::string(word) + ">");
  }
  for (const char* word : {"ID='1'", "NameU='", "Master='4'", "MasterShape='6'", "Type='Group'", "IX='0'", "FromSheet='", "FromCell='BeginX'", "FromCell='EndX'", "ToSheet='", "Background='1'", "N='Relationships'", "SUM(DEPENDSON(4,Sheet.1!SheetRef()))",
                           "Task", "Gateway", "Start Event", "Pool / Lane", "Swimlane", "CFF Container", "Functional band", "Process", "Decision", "Document", "Terminator", "Dynamic connector", "BpmnElementType", "BpmnGatewayType", "KLA 29.30.16",
                           "\npage 8 11 A\n", "\nlayer id1\n", "\nend\n", "\nstyle 1 #ff0000 1 0 0.01 0 1\n", "\npath id2\n", "\nmove 1 1\n", "\nline 2 2\n", "\narc 1 1 0 1 1 2 2\n", "\ncubic 1 1 2 2 3 3\n", "\nclose\n", "\ntext 1 1 1 1 Trin\n",
                           "\npicture 1 1 1 1\n"})
    words.emplace_back(word);
  return words;
}

void judge(const Imported& got) {
  std::set<std::string> elements;
  for (const Row& row : got.report.rows) {
    CHECK(!row.type.empty() && !reason_text(row.reason).english.empty(), "a row says nothing: '%s' '%s'", row.type.c_str(), row.reason.c_str());
    CHECK(row.confidence >= 0 && row.confidence <= 1, "a confidence of %g", row.confidence);
    if (row.from.empty() && !row.element.empty()) elements.insert(row.element);
  }
  for (const Row& row : got.report.rows)
    CHECK(row.from.empty() || (elements.count(row.from) == 1 && elements.count(row.to) == 1), "a line from '%s' to '%s', which are not there", row.from.c_str(), row.to.c_str());
  CHECK(base::parse_json(got.report.json().dump(), {}, 256u << 20).has_value(), "the report is no JSON");
  if (got.bpmn.empty()) return;
  for (const Row& row : got.report.rows)
    if (row.verdict != Verdict::part && row.type != "label" && row.type != "lane" && !row.element.empty() && got.report.pages.at(static_cast<std::size_t>(row.page) - 1).imported)
      CHECK(got.bpmn.find(" id=\"" + row.element + "\"") != std::string::npos, "the report names '%s' %s, the diagram has no such thing", row.element.c_str(), row.type.c_str());
  const auto model = bpmn::read(got.bpmn, "fuzzed");
  CHECK(model.has_value() || model.error().code == base::ErrorCode::limit_exceeded, "the diagram does not read: %s", model.error().text().c_str());
}

}  // namespace

FUZZ_TARGET(visio, words) {
  if (data.starts_with("page ")) {
    const auto drawing = assemble(data);
    if (drawing) judge(import_plan(*drawing, "fuzzed"));
    return;
  }
  if (data.starts_with("\xD0\xCF")) {  // what is drawn is libvisio's, in its own process; the glue is ours
    const auto drawing = assemble("page 8 11 A\nlayer id1\nstyle 1 - 1 0 0 0 0\npath -\nmove 1 1\nline 2 1\nline 2 2\nclose\nend\npath id2\nmove 3 3\nline 4 4\n" + glue_lines(data));
    if (drawing) judge(import_plan(*drawing, "fuzzed"));
    return;
  }
  const auto got = import_drawing(data, "fuzzed");
  if (!got) {
    CHECK(!got.error().message.empty(), "an error says nothing");
    CHECK(got.error().message.find("does not read") == std::string::npos || got.error().code == base::ErrorCode::limit_exceeded, "%s", got.error().text().c_str());
    return;
  }
  judge(*got);
  const auto again = import_drawing(data, "fuzzed");
  CHECK(again && again->bpmn == got->bpmn, "the same drawing gives two diagrams");
}
