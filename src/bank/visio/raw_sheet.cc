// One sheet of either schema. In .vsdx a cell is <Cell N V F>, a section <Section N IX> of <Row>; in .vdx a cell is an element of
// its own name inside a group element (XForm, Line …) and each row of a section is an element of the section's name.
#include <algorithm>
#include <array>
#include <charconv>

#include "bank/visio/raw.h"
#include "base/limits_visio.h"
#include "base/text.h"

namespace bank::visio::raw {

using base::ErrorCode;
using Xml = base::xml::Element;

namespace {

// The older schema's section elements, by what the newer one calls them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOldSections = {{{"Prop", "Property"}, {"User", "User"}, {"Hyperlink", "Hyperlink"}, {"Geom", "Geometry"},
                                                                                       {"Field", "Field"}, {"Layer", "Layer"}, {"Control", "Control"}}};
// Sections that nobody here asks about: most of a file's bytes.
constexpr std::array<std::string_view, 9> kUnread = {"Character", "Paragraph", "Tabs", "Actions", "Connection", "Scratch", "FillGradient", "LineGradient", "ActionTag"};

int integer(const std::string& text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class Reader {
 public:
  explicit Reader(Budget& budget) : budget_(budget) {}

  base::Result<Sheet> shape(const Xml& e, int depth) {
    if (depth > base::limits::kVisioGroupDepth) return base::fail(ErrorCode::limit_exceeded, "groups are nested deeper than the limit kVisioGroupDepth", {.line = e.line, .column = e.column});
    if (budget_.shapes == 0) return base::fail(ErrorCode::limit_exceeded, "the drawing has more shapes than the limit kVisioShapes");
    --budget_.shapes;
    Sheet out;
    out.id = e.attribute_or("ID", "");
    out.type = e.attribute_or("Type", "");
    out.name_u = e.attribute_or("NameU", "");
    out.master = e.attribute_or("Master", "");
    out.part = e.attribute_or("MasterShape", "");
    out.line_style = e.attribute_or("LineStyle", "");
    out.fill_style = e.attribute_or("FillStyle", "");
    out.deleted = e.attribute_or("Del", "0") == "1";
    for (const Xml* c : e.elements()) {
      if (c->local == "Shapes") {
        for (const Xml* inner : c->elements()) {
          if (inner->local != "Shape") continue;
          TRY(Sheet sheet, shape(*inner, depth + 1));
          out.children.push_back(std::move(sheet));
        }
      } else if (c->local == "Text") {
        out.text = pieces(*c);
      } else {
        content(*c, out);
      }
    }
    if (overdrawn_) return base::fail(ErrorCode::limit_exceeded, "the drawing has more cells than the limit kVisioCells");
    return out;
  }

 private:
  void add(std::vector<Cell>& to, Cell cell) {
    if (budget_.cells == 0) {
      overdrawn_ = true;
      return;
    }
    --budget_.cells;
    to.push_back(std::move(cell));
  }
  void new_cell(const Xml& e, std::vector<Cell>& to) { add(to, {e.attribute_or("N", ""), e.attribute_or("V", e.text()), e.attribute_or("F", "")}); }
  void old_cell(const Xml& e, std::vector<Cell>& to) { add(to, {e.local, std::string(base::trim(e.text())), e.attribute_or("F", "")}); }

  Row row(const Xml& e, bool old) {
    Row out;
    out.name = e.attribute_or("N", e.attribute_or("NameU", old ? e.attribute_or("Name", "") : ""));
    out.type = old ? e.local : e.attribute_or("T", "");
    out.index = integer(e.attribute_or("IX", e.attribute_or("ID", "")), -1);
    out.deleted = e.attribute_or("Del", "0") == "1";
    for (const Xml* c : e.elements()) {
      if (c->local == "Cell") new_cell(*c, out.cells);
      else if (old) old_cell(*c, out.cells);
    }
    return out;
  }

  // Anything inside a sheet but its text and its sub-shapes.
  void content(const Xml& e, Sheet& out) {
    if (e.local == "Cell") return new_cell(e, out.cells);
    if (e.local == "Section") return new_section(e, out);
    const auto* old = std::ranges::find(kOldSections, e.local, &std::pair<std::string_view, std::string_view>::first);
    if (old == kOldSections.end()) {
      for (const Xml* c : e.elements())  // XForm, XForm1D, Line, Fill, Misc, LayerMem, PageProps …: cells
        if (c->elements().empty()) old_cell(*c, out.cells);
      return;
    }
    if (out.sections.size() >= base::limits::kVisioSections) return;
    if (old->second == "Geometry") {
      Section section{std::string(old->second), integer(e.attribute_or("IX", "0"), 0), e.attribute_or("Del", "0") == "1", {}, {}};
      for (const Xml* c : e.elements()) {
        if (c->attribute("IX") != nullptr) section.rows.push_back(row(*c, true));
        else old_cell(*c, section.cells);
      }
      out.sections.push_back(std::move(section));
      return;
    }
    auto section = std::ranges::find(out.sections, old->second, &Section::name);
    if (section == out.sections.end()) section = out.sections.insert(out.sections.end(), Section{std::string(old->second), 0, false, {}, {}});
    section->rows.push_back(row(e, true));
  }

  void new_section(const Xml& e, Sheet& out) {
    Section section{e.attribute_or("N", ""), integer(e.attribute_or("IX", "0"), 0), e.attribute_or("Del", "0") == "1", {}, {}};
    if (std::ranges::find(kUnread, section.name) != kUnread.end() || out.sections.size() >= base::limits::kVisioSections) return;
    for (const Xml* c : e.elements()) {
      if (c->local == "Cell") new_cell(*c, section.cells);
      else if (c->local == "Row") section.rows.push_back(row(*c, false));
    }
    out.sections.push_back(std::move(section));
  }

  // cp, pp and tp mark where a format begins and hold nothing; fld holds what the field showed when the file was saved.
  static std::vector<Piece> pieces(const Xml& text) {
    std::vector<Piece> out;
    for (const base::xml::Node& node : text.children) {
      if (node.kind == base::xml::Node::Kind::text) out.push_back({node.text, -1});
      else if (node.kind == base::xml::Node::Kind::element && node.element->local == "fld")
        out.push_back({node.element->text(), integer(node.element->attribute_or("IX", "0"), 0)});
    }
    return out;
  }

  Budget& budget_;
  bool overdrawn_ = false;
};

}  // namespace

Budget::Budget() : shapes(base::limits::kVisioShapes), cells(base::limits::kVisioCells) {}

const Cell* Row::cell(std::string_view wanted) const {
  const auto found = std::ranges::find(cells, wanted, &Cell::name);
  return found == cells.end() ? nullptr : &*found;
}

const Cell* Sheet::cell(std::string_view wanted) const {
  const auto found = std::ranges::find(cells, wanted, &Cell::name);
  return found == cells.end() ? nullptr : &*found;
}

const Section* Sheet::section(std::string_view wanted, int at) const {
  for (const Section& s : sections)
    if (s.name == wanted && s.index == at) return &s;
  return nullptr;
}

base::Result<Sheet> read_sheet(const Xml& e, Budget& budget) { return Reader(budget).shape(e, 0); }

base::Result<std::vector<Sheet>> read_shapes(const Xml& parent, Budget& budget) {
  std::vector<Sheet> out;
  if (const Xml* shapes = child(parent, "Shapes"))
    for (const Xml* e : shapes->elements()) {
      if (e->local != "Shape") continue;
      TRY(Sheet sheet, read_sheet(*e, budget));
      out.push_back(std::move(sheet));
    }
  return out;
}

std::vector<Connect> read_connects(const Xml& parent) {
  std::vector<Connect> out;
  if (const Xml* connects = child(parent, "Connects"))
    for (const Xml* e : connects->elements())
      if (e->local == "Connect") out.push_back({e->attribute_or("FromSheet", ""), e->attribute_or("FromCell", ""), e->attribute_or("ToSheet", ""), e->attribute_or("ToCell", "")});
  return out;
}

const Xml* child(const Xml& parent, std::string_view local) {
  for (const base::xml::Node& node : parent.children)
    if (node.kind == base::xml::Node::Kind::element && node.element->local == local) return node.element.get();
  return nullptr;
}

}  // namespace bank::visio::raw
