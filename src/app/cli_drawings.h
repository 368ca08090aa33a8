// The part of `sagsgang import` that reads drawings: Visio files and other tools' BPMN, one or a tree of them.
#pragma once
#include <string>

namespace app {

struct DrawingImport {
  std::string path;     // a file or a folder
  std::string out;      // -o: where folders with proces.bpmn and rapport.json go; "" = only the report
  bool json = false;
};

bool is_drawing(const std::string& path);  // by its ending: .vsdx, .vsdm, .vdx, .vsd, .bpmn
// Exit code: 0 every drawing was read, 1 some were refused (the others are imported all the same), 2 nothing to read, 3 failed.
int import_drawings(const DrawingImport&);

}  // namespace app
