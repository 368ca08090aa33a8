#include "bank/visio/resolve.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/limits_visio.h"
#include "base/text.h"

namespace bank::visio {
namespace {

using base::ErrorCode;
using raw::Sheet;

// x' = a·x + c·y + e, y' = b·x + d·y + f
struct Matrix {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;
  Point operator()(Point p) const { return {a * p.x + c * p.y + e, b * p.x + d * p.y + f}; }
  Matrix after(const Matrix& inner) const {  // first inner, then this
    return {a * inner.a + c * inner.b, b * inner.a + d * inner.b, a * inner.c + c * inner.d, b * inner.c + d * inner.d, a * inner.e + c * inner.f + e, b * inner.e + d * inner.f + f};
  }
};

std::string colour_of(const raw::Cell* cell) {
  // The palette of the older formats; a drawing may redefine it, which is not read.
  static constexpr const char* kPalette[] = {"#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#ff00ff", "#00ffff", "#800000", "#008000", "#000080", "#808000",
                                             "#800080", "#008080", "#c0c0c0", "#e6e6e6", "#cdcdcd", "#b3b3b3", "#9a9a9a", "#808080", "#666666", "#4d4d4d", "#333333", "#1a1a1a"};
  if (cell == nullptr || cell->value.empty()) return {};
  const std::string& v = cell->value;
  if (v.size() == 7 && v[0] == '#') return base::lower(v);
  if (v.size() > 2 || v.find_first_not_of("0123456789") != std::string::npos) return {};  // "Themed"
  const int index = std::atoi(v.c_str());
  return index < 24 ? kPalette[index] : "";
}

// "Process.63" → "Process": the number tells copies of a master apart.
std::string plain_name(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && name.find_first_not_of("0123456789", dot + 1) == std::string_view::npos) name = name.substr(0, dot);
  return std::string(base::trim(name));
}

class PageReader {
 public:
  PageReader(const raw::File& file, const raw::Page& raw, std::size_t& points, std::size_t& shapes) : file_(file), raw_(raw), points_(points), budget_(shapes) {}

  base::Result<Page> read() {
    const Inherited sheet(file_, raw_.sheet, nullptr);
    out_.id = raw_.id;
    out_.name = raw_.name;
    out_.name_u = raw_.name_u;
    out_.background = raw_.background;
    const double page_scale = sheet.number("PageScale", 1), drawing_scale = sheet.number("DrawingScale", 1);
    const double scale = page_scale > 0 && drawing_scale > 0 ? page_scale / drawing_scale : 1;
    factor_ = kPixelsPerInch * scale;
    out_.width = sheet.number("PageWidth", 8.5) * factor_;
    out_.height = sheet.number("PageHeight", 11) * factor_;
    for (const auto& row : sheet.rows("Layer", 0)) {
      const raw::Cell *name = row.cell("Name"), *visible = row.cell("Visible");
      layers_.push_back({name == nullptr ? "" : name->value, visible == nullptr || visible->value != "0"});
    }
    const Matrix page{factor_, 0, 0, -factor_, 0, out_.height};
    for (const Sheet& shape : raw_.shapes) TRY_VOID(add(shape, {.matrix = page}));
    connect();
    return std::move(out_);
  }

 private:
  struct Context {
    Matrix matrix;
    int parent = -1;
    const raw::Master* master = nullptr;  // of the nearest ancestor that is an instance
    bool from_master = false;             // the sheet itself stands in the master, not on the page
    int depth = 0, masters = 0;
  };

  using Parts = std::unordered_map<std::string_view, const Sheet*>;
  static void collect(const std::vector<Sheet>& in, Parts& out) {
    for (const Sheet& s : in) {
      out.emplace(s.id, &s);
      collect(s.children, out);
    }
  }
  // By an index made once for each master: a group may have thousands of parts.
  const Sheet* find_part(const raw::Master& master, std::string_view id) {
    const auto [parts, fresh] = parts_.try_emplace(&master);
    if (fresh) collect(master.shapes, parts->second);
    const auto found = parts->second.find(id);
    return found == parts->second.end() ? nullptr : found->second;
  }

  base::Status add(const Sheet& own, Context at) {
    if (own.deleted) return {};
    if (budget_ == 0) return base::fail(ErrorCode::limit_exceeded, "the drawing has more shapes than the limit kVisioShapes");
    --budget_;
    const Sheet* master = nullptr;
    Shape shape;
    if (!own.master.empty() && at.masters < base::limits::kVisioMasterDepth) {
      const auto found = file_.masters.find(own.master);
      if (found != file_.masters.end()) {
        shape.master = plain_name(found->second.name_u);
        at.master = &found->second;
        ++at.masters;
        if (!found->second.shapes.empty()) master = &found->second.shapes.front();
      }
    } else if (!own.part.empty() && at.master != nullptr) {
      master = find_part(*at.master, own.part);
      shape.part = true;
    }
    shape.part |= at.from_master;
    const Inherited sheet(file_, own, master);
    shape.id = at.from_master ? out_.shapes[static_cast<std::size_t>(at.parent)].id + "_" + own.id : own.id;
    shape.name = !own.name_u.empty() ? own.name_u : master != nullptr ? master->name_u : "";
    shape.type = !own.type.empty() ? own.type : master != nullptr ? master->type : "";
    shape.parent = at.parent;
    const Matrix here = place(sheet, at, shape);
    strokes(sheet, here, shape);
    facts(sheet, shape);
    const int index = static_cast<int>(out_.shapes.size());
    if (!at.from_master && !shape.id.empty()) by_id_.emplace(shape.id, index);
    out_.shapes.push_back(std::move(shape));
    Context inner{here, index, at.master, at.from_master, at.depth + 1, at.masters};
    // An instance that lists no sub-shapes of its own shows the master's.
    const bool borrow = own.children.empty() && master != nullptr && !at.from_master;
    inner.from_master |= borrow;
    if (inner.depth > base::limits::kVisioGroupDepth) return {};
    for (const Sheet& child : borrow ? master->children : own.children) TRY_VOID(add(child, inner));
    return {};
  }

  Matrix place(const Inherited& sheet, const Context& at, Shape& shape) const {
    const double width = sheet.number("Width", 0), height = sheet.number("Height", 0), angle = sheet.number("Angle", 0);
    const double fx = sheet.number("FlipX", 0) == 1 ? -1 : 1, fy = sheet.number("FlipY", 0) == 1 ? -1 : 1;
    const double lx = sheet.number("LocPinX", width / 2), ly = sheet.number("LocPinY", height / 2), c = std::cos(angle), s = std::sin(angle);
    Matrix local{c * fx, s * fx, -s * fy, c * fy, 0, 0};
    const Point origin = local({lx, ly});
    local.e = sheet.number("PinX", 0) - origin.x;
    local.f = sheet.number("PinY", 0) - origin.y;
    const Matrix here = at.matrix.after(local);
    shape.box = box_of({here({0, 0}), here({width, 0}), here({width, height}), here({0, height})});
    shape.line = sheet.has("BeginX") && sheet.has("EndX");
    if (shape.line) {
      shape.begin = at.matrix({sheet.number("BeginX", 0), sheet.number("BeginY", 0)});
      shape.end = at.matrix({sheet.number("EndX", 0), sheet.number("EndY", 0)});
    }
    if (sheet.has("TxtPinX") && sheet.has("TxtPinY")) {
      const double w = sheet.number("TxtWidth", width), h = sheet.number("TxtHeight", height), x = sheet.number("TxtPinX", width / 2) - sheet.number("TxtLocPinX", w / 2),
                   y = sheet.number("TxtPinY", height / 2) - sheet.number("TxtLocPinY", h / 2);
      shape.text_box = box_of({here({x, y}), here({x + w, y}), here({x + w, y + h}), here({x, y + h})});
    }
    return here;
  }

  void strokes(const Inherited& sheet, const Matrix& here, Shape& shape) const {
    const auto pattern = [&](std::string_view cell, bool fill) {
      const raw::Cell* c = sheet.styled(cell, fill);
      return c == nullptr || c->value != "0";
    };
    const bool stroked = pattern("LinePattern", false), filled = pattern("FillPattern", true);
    if (filled) shape.fill = colour_of(sheet.styled("FillForegnd", true));
    if (const raw::Cell* c = sheet.styled("LinePattern", false)) shape.dashed = c->value.size() < 3 && std::atoi(c->value.c_str()) > 1;
    const auto arrow = [&](std::string_view cell, bool themed) {  // a theme's connectors point to their end
      const raw::Cell* c = sheet.styled(cell, false);
      if (c == nullptr || c->value.empty()) return false;
      return c->value.find_first_not_of("0123456789") == std::string::npos ? c->value != "0" : themed;
    };
    // [MS-VSDX] BeginArrow: 9 and 23 are slashes, 10, 20, 41 and 42 circles, 11 and 21 squares, 22 a diamond; none of them shows a direction.
    static constexpr std::string_view kMarks[] = {"9", "23", "11", "21", "22"}, kRound[] = {"10", "20", "41", "42"};
    const raw::Cell* begin = sheet.styled("BeginArrow", false);
    shape.round_begin = begin != nullptr && std::ranges::find(kRound, begin->value) != std::end(kRound);
    shape.begin_arrow = arrow("BeginArrow", false) && !shape.round_begin && std::ranges::find(kMarks, begin->value) == std::end(kMarks);
    shape.end_arrow = arrow("EndArrow", true);
    if (const raw::Cell* c = sheet.styled("LineWeight", false)) shape.stroke = std::clamp(std::strtod(c->value.c_str(), nullptr), 0.0, 10.0) * factor_;
    if (!stroked && !filled && !shape.line) return;  // a text without a border
    shape.paths = local_paths(sheet, sheet.number("Width", 0), sheet.number("Height", 0), points_);
    for (Path& path : shape.paths)
      for (Point& p : path.points) p = here(p);
    if (shape.line) {
      if (shape.paths.empty()) shape.paths.push_back({{shape.begin, shape.end}, {false, false}, false});
      shape.outline = Outline::open;
      return;
    }
    if (sheet.number("Rounding", 0) > 0 && shape.paths.size() == 1 && outline_of(shape.paths[0]) == Outline::rectangle) {
      shape.outline = Outline::rounded;
      return;
    }
    double largest = -1;
    for (const Path& path : shape.paths) {
      const Bounds box = box_of(path.points);
      const double size = path.closed ? box.width * box.height + 1 : 0;
      if (size > largest) largest = size, shape.outline = outline_of(path);
    }
  }

  void facts(const Inherited& sheet, Shape& shape) const {
    shape.text = text_of(sheet);
    for (const auto& row : sheet.rows("Property", 0)) {
      const raw::Cell *value = row.cell("Value"), *label = row.cell("Label");
      shape.data.push_back({std::string(row.name()), label == nullptr ? "" : label->value, value == nullptr ? "" : std::string(base::trim(value->value))});
    }
    for (const auto& row : sheet.rows("User", 0))
      if (const raw::Cell* value = row.cell("Value")) shape.user.push_back({std::string(row.name()), "", value->value});
    for (const auto& row : sheet.rows("Hyperlink", 0)) {
      const auto cell = [&](std::string_view name) { return row.cell(name) == nullptr ? std::string() : row.cell(name)->value; };
      Link link{cell("Address"), cell("SubAddress"), cell("Description")};
      if (!link.address.empty() || !link.page.empty()) shape.links.push_back(std::move(link));
    }
    bool visible = false;
    if (const raw::Cell* member = sheet.cell("LayerMember"))
      for (const std::string_view part : base::split(member->value, ';')) {
        const int at = part.empty() ? -1 : std::atoi(std::string(part).c_str());
        if (at >= 0 && at < static_cast<int>(layers_.size())) shape.layers.push_back(layers_[static_cast<std::size_t>(at)].name), visible |= layers_[static_cast<std::size_t>(at)].visible;
      }
    shape.on_hidden_layer = !shape.layers.empty() && !visible;
    if (const raw::Cell* relations = sheet.own().cell("Relationships")) relationships(relations->formula, shape);
    shape.hidden = shape.type == "Guide";
  }

  // SUM(DEPENDSON(4,Sheet.30!SheetRef(),…)): 1 and 2 name members of a container or list, 4 and 5 what this is a member of.
  static void relationships(const std::string& formula, Shape& shape) {
    for (std::size_t at = formula.find("DEPENDSON("); at != std::string::npos; at = formula.find("DEPENDSON(", at + 1)) {
      const std::size_t open = at + 10, comma = formula.find_first_of(",)", open);
      if (comma == std::string::npos) return;
      const std::string kind = formula.substr(open, comma - open);
      const std::size_t next = std::min(formula.find("DEPENDSON(", open), formula.size());
      for (std::size_t s = formula.find("Sheet.", open); s < next; s = formula.find("Sheet.", s + 1)) {
        const std::string id = formula.substr(s + 6, formula.find_first_not_of("0123456789", s + 6) - s - 6);
        if (kind == "1" || kind == "2") shape.members.push_back(id);
        if (kind == "4" || kind == "5") shape.containers.push_back(id);
      }
    }
  }

  void connect() {
    for (const raw::Connect& c : raw_.connects) {
      const bool begin = c.from_cell.starts_with("Begin"), end = c.from_cell.starts_with("End");
      const auto from = by_id_.find(c.from), to = by_id_.find(c.to);
      if ((!begin && !end) || from == by_id_.end() || to == by_id_.end()) continue;
      out_.glue.push_back({from->second, end, to->second});
      Shape& line = out_.shapes[static_cast<std::size_t>(from->second)];
      if (!line.line && line.paths.empty()) line.paths.push_back({{line.begin, line.end}, {false, false}, false});
      line.line = true;
    }
  }

  const raw::File& file_;
  const raw::Page& raw_;
  std::size_t& points_;
  std::size_t& budget_;
  Page out_;
  struct Layer { std::string name; bool visible; };
  std::vector<Layer> layers_;
  std::unordered_map<std::string, int> by_id_;
  std::unordered_map<const raw::Master*, Parts> parts_;
  double factor_ = kPixelsPerInch;
};

const std::string* value_of(const std::vector<Field>& fields, std::string_view name) {
  const std::string wanted = base::lower(name);
  for (const Field& f : fields)
    if (base::lower(f.name) == wanted) return &f.value;
  for (const Field& f : fields)
    if (base::lower(f.label) == wanted) return &f.value;
  return nullptr;
}

}  // namespace

const std::string* Shape::field(std::string_view name) const { return value_of(data, name); }
const std::string* Shape::user_cell(std::string_view name) const { return value_of(user, name); }

base::Result<Drawing> resolve(const raw::File& file) {
  Drawing out;
  out.format = file.format;
  out.notes = file.notes;
  std::size_t points = base::limits::kVisioPathPoints, shapes = base::limits::kVisioShapes;
  for (const raw::Page& page : file.pages) {
    TRY(Page one, PageReader(file, page, points, shapes).read());
    out.pages.push_back(std::move(one));
  }
  return out;
}

}  // namespace bank::visio
