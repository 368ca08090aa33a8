// The display list as SVG text. Only numbers, #rrggbb colours and escaped text are written: no script can pass.
#include <charconv>
#include <cmath>

#include "bpmn/draw/painter.h"

namespace bpmn::draw {
namespace {

void put(std::string& out, double value) {
  value = std::round(value * 100) / 100;
  if (value == 0) value = 0;  // no minus zero
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  out.append(text, end);
}
void attribute(std::string& out, std::string_view name, double value) {
  out.append(" ").append(name).append("=\"");
  put(out, value);
  out += '"';
}
void attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"").append(base::xml::escape_attribute(value)).append("\"");
}

void put_path(std::string& out, const Item& item) {
  out += "<path d=\"";
  for (const Path::Step& step : item.path.steps) {
    out += step.op;
    const int count = step.op == 'C' ? 6 : step.op == 'Z' ? 0 : 2;
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += ' ';
      put(out, step.v[i]);
    }
  }
  out += '"';
  attribute(out, "fill", css(item.style.fill));
  if (!item.style.fill.none && item.style.fill_opacity < 1) attribute(out, "fill-opacity", item.style.fill_opacity);
  attribute(out, "stroke", css(item.style.stroke));
  attribute(out, "stroke-width", item.style.width);
  if (!item.style.dash.empty()) {
    out += " stroke-dasharray=\"";
    for (std::size_t i = 0; i < item.style.dash.size(); ++i) {
      if (i > 0) out += ' ';
      put(out, item.style.dash[i]);
    }
    out += '"';
  }
  out += "/>\n";
}

void put_text(std::string& out, const Item& item) {
  out += "<text";
  attribute(out, "x", item.x);
  attribute(out, "y", item.y);
  attribute(out, "font-size", item.size);
  if (item.middle) attribute(out, "text-anchor", "middle");
  if (item.bold) attribute(out, "font-weight", "bold");
  attribute(out, "fill", css(item.style.fill));
  if (item.turned) {
    out += " transform=\"rotate(-90 ";
    put(out, item.x);
    out += ' ';
    put(out, item.y);
    out += ")\"";
  }
  out += '>' + base::xml::escape_text(item.text) + "</text>\n";
}

}  // namespace

std::string to_svg(const Scene& scene, std::string_view title, const DrawOptions& options) {
  const double x = scene.left - kMargin, y = scene.top - kMargin;
  const double w = scene.right - scene.left + 2 * kMargin, h = scene.bottom - scene.top + 2 * kMargin;
  std::string out = options.inside_page ? "" : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += "<svg xmlns=\"http://www.w3.org/2000/svg\"";
  attribute(out, "role", options.links.empty() ? "img" : "group");  // an image has no links in it
  if (options.inside_page) attribute(out, "aria-label", title);
  attribute(out, "width", w);
  attribute(out, "height", h);
  out += " viewBox=\"";
  for (const double one : {x, y, w, h}) {
    if (out.back() != '"') out += ' ';
    put(out, one);
  }
  out += "\" font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n";
  out += "<title>" + base::xml::escape_text(title) + "</title>\n";
  std::vector<bool> linked;  // of the groups that are open
  for (const Item& item : scene.items) {
    switch (item.kind) {
      case Item::Kind::path: put_path(out, item); break;
      case Item::Kind::text: put_text(out, item); break;
      case Item::Kind::open: {
        const auto link = item.role == "shape" ? options.links.find(item.text) : options.links.end();
        linked.push_back(link != options.links.end());
        if (linked.back()) {
          out += "<a";
          attribute(out, "href", link->second.address);
          attribute(out, "aria-label", link->second.label);
          out += ">\n";
        }
        out += "<g";
        attribute(out, "class", "bpmn-" + item.role);
        if (!item.text.empty()) attribute(out, "data-element-id", item.text);
        out += ">\n";
        if (!item.title.empty()) out += "<title>" + base::xml::escape_text(item.title) + "</title>\n";
        break;
      }
      case Item::Kind::close:
        out += "</g>\n";
        if (!linked.empty() && linked.back()) out += "</a>\n";
        if (!linked.empty()) linked.pop_back();
        break;
    }
  }
  return out + "</svg>\n";
}

}  // namespace bpmn::draw
