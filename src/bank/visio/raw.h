// What a Visio file says, before inheritance: sheets of cells, sections and rows, the same for .vsdx ([MS-VSDX] 2.2) and .vdx
// (the 2003 XML schema). Names are the file's own (PinX, NameU, MasterShape).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/xml.h"

namespace bank::visio::raw {

struct Cell { std::string name, value, formula; };

struct Row {
  std::string name;          // N, or NameU of the older schema
  std::string type;          // of geometry: MoveTo, LineTo …
  int index = -1;            // IX; -1 = none
  bool deleted = false;
  std::vector<Cell> cells;
  const Cell* cell(std::string_view name) const;
};

struct Section {
  std::string name;          // Property, User, Hyperlink, Geometry, Field, Layer
  int index = 0;
  bool deleted = false;
  std::vector<Cell> cells;
  std::vector<Row> rows;
};

// Text between the markers; a field stands for what its row computes.
struct Piece { std::string text; int field = -1; };

struct Sheet {
  std::string id, type, name_u, master, part;  // part: MasterShape, the id inside the master
  std::string line_style, fill_style;
  bool deleted = false;
  std::optional<std::vector<Piece>> text;      // absent = the master's
  std::vector<Cell> cells;
  std::vector<Section> sections;
  std::vector<Sheet> children;
  const Cell* cell(std::string_view name) const;
  const Section* section(std::string_view name, int index = 0) const;
};

struct Connect { std::string from, from_cell, to, to_cell; };

struct Page {
  std::string id, name, name_u, back;
  bool background = false;
  Sheet sheet;               // PageWidth, PageHeight, PageScale, DrawingScale, the Layer section
  std::vector<Sheet> shapes;
  std::vector<Connect> connects;
};

struct Master { std::string id, name_u; std::vector<Sheet> shapes; };
struct Style { std::string id, line, fill; Sheet sheet; };

struct File {
  std::string format;        // vsdx | vdx
  std::map<std::string, Master> masters;   // by ID
  std::map<std::string, Style> styles;     // by ID
  std::vector<Page> pages;
  std::vector<std::string> notes;          // what was left aside and why, for the report
};

// What is left of the limits kVisioShapes and kVisioCells while one file is read.
struct Budget {
  std::size_t shapes, cells;
  Budget();
};

// One shape element of a page or master, either schema, with its sub-shapes. Errors: limit_exceeded.
base::Result<Sheet> read_sheet(const base::xml::Element&, Budget&);
// The direct children `Shape` of `Shapes` in `parent`. Errors: limit_exceeded.
base::Result<std::vector<Sheet>> read_shapes(const base::xml::Element& parent, Budget&);
std::vector<Connect> read_connects(const base::xml::Element& parent);
const base::xml::Element* child(const base::xml::Element& parent, std::string_view local);  // whatever the namespace

// Errors: invalid_document, invalid_xml, limit_exceeded. A page that cannot be read fails the file: nothing is half imported.
base::Result<File> read_vsdx(std::string_view bytes);
base::Result<File> read_vdx(std::string_view bytes);

}  // namespace bank::visio::raw
