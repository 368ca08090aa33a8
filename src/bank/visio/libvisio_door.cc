#include "bank/visio/libvisio_door.h"

#include <librevenge-stream/librevenge-stream.h>
#include <librevenge/librevenge.h>
#include <libvisio/libvisio.h>

#include <cstdio>

#include "bank/visio/child.h"
#include "bank/visio/vsd_glue.h"
#include "base/limits_visio.h"

namespace bank::visio {
namespace {

using base::ErrorCode;
using librevenge::RVNGPropertyList;
using librevenge::RVNGString;

double inches(const RVNGPropertyList& list, const char* name) {
  const librevenge::RVNGProperty* p = list[name];
  if (p == nullptr) return 0;
  switch (p->getUnit()) {
    case librevenge::RVNG_POINT: return p->getDouble() / 72;
    case librevenge::RVNG_TWIP: return p->getDouble() / 1440;
    default: return p->getDouble();
  }
}

std::string word(const RVNGPropertyList& list, const char* name) { return list[name] == nullptr ? "" : list[name]->getStr().cstr(); }

// Says each callback as a line of primitives.cc.
class Teller : public librevenge::RVNGDrawingInterface {
 public:
  std::string said;

  void startPage(const RVNGPropertyList& p) override { line("page %.4f %.4f %s\n", inches(p, "svg:width"), inches(p, "svg:height"), escaped(word(p, "draw:name")).c_str()); }
  void startLayer(const RVNGPropertyList& p) override { line("layer %s\n", id(p).c_str()); }
  void endLayer() override { line("end\n"); }
  void setStyle(const RVNGPropertyList& p) override {
    const std::string fill = word(p, "draw:fill"), stroke = word(p, "draw:stroke"), colour = word(p, "draw:fill-color");
    const auto length = [&](const char* name) { return p[name] == nullptr ? 1.0 : p[name]->getDouble(); };  // of widths
    const int dash = stroke == "none" || stroke == "solid" || stroke.empty() ? 0 : length("draw:dots1-length") <= 1.5 && length("draw:dots2-length") <= 1.5 ? 2 : 1;
    const auto mark = [&](const char* name) { return p[name] == nullptr ? 0 : word(p, name).find('c') == std::string::npos ? 1 : 2; };  // curves: a circle
    line("style %d %s %d %d %.4f %d %d\n", fill != "none" && !fill.empty(), colour.size() == 7 ? colour.c_str() : "-", stroke != "none", dash, inches(p, "svg:stroke-width"),
         mark("draw:marker-start-path"), mark("draw:marker-end-path"));
  }
  void drawPath(const RVNGPropertyList& p) override {
    const librevenge::RVNGPropertyListVector* path = p.child("svg:d");
    if (path == nullptr) return;
    line("path %s\n", id(p).c_str());
    for (unsigned long i = 0; i < path->count(); ++i) step((*path)[i]);
  }
  void drawPolygon(const RVNGPropertyList& p) override { points(p, true); }
  void drawPolyline(const RVNGPropertyList& p) override { points(p, false); }
  void drawRectangle(const RVNGPropertyList& p) override {
    const double x = inches(p, "svg:x"), y = inches(p, "svg:y"), w = inches(p, "svg:width"), h = inches(p, "svg:height");
    line("path %s\nmove %.4f %.4f\nline %.4f %.4f\nline %.4f %.4f\nline %.4f %.4f\nclose\n", id(p).c_str(), x, y, x + w, y, x + w, y + h, x, y + h);
  }
  void drawEllipse(const RVNGPropertyList& p) override {
    const double x = inches(p, "svg:cx"), y = inches(p, "svg:cy"), rx = inches(p, "svg:rx"), ry = inches(p, "svg:ry");
    line("path %s\nmove %.4f %.4f\narc %.4f %.4f 0 1 1 %.4f %.4f\narc %.4f %.4f 0 1 1 %.4f %.4f\nclose\n", id(p).c_str(), x - rx, y, rx, ry, x + rx, y, rx, ry, x - rx, y);
  }
  void drawGraphicObject(const RVNGPropertyList& p) override { line("picture %.4f %.4f %.4f %.4f\n", inches(p, "svg:x"), inches(p, "svg:y"), inches(p, "svg:width"), inches(p, "svg:height")); }
  void startTextObject(const RVNGPropertyList& p) override {
    box_ = p;
    text_.clear();
  }
  void endTextObject() override {
    line("text %.4f %.4f %.4f %.4f %s\n", inches(box_, "svg:x"), inches(box_, "svg:y"), inches(box_, "svg:width"), inches(box_, "svg:height"), escaped(text_).c_str());
  }
  void insertText(const RVNGString& t) override { text_ += t.cstr(); }
  void insertTab() override { text_ += ' '; }
  void insertSpace() override { text_ += ' '; }
  void insertLineBreak() override { text_ += '\n'; }
  void closeParagraph() override { text_ += '\n'; }
  void closeListElement() override { text_ += '\n'; }

  void startDocument(const RVNGPropertyList&) override {}
  void endDocument() override {}
  void setDocumentMetaData(const RVNGPropertyList&) override {}
  void defineEmbeddedFont(const RVNGPropertyList&) override {}
  void endPage() override {}
  void startMasterPage(const RVNGPropertyList&) override {}
  void endMasterPage() override {}
  void startEmbeddedGraphics(const RVNGPropertyList&) override {}
  void endEmbeddedGraphics() override {}
  void openGroup(const RVNGPropertyList&) override {}
  void closeGroup() override {}
  void drawConnector(const RVNGPropertyList& p) override { drawPath(p); }
  void startTableObject(const RVNGPropertyList&) override {}
  void openTableRow(const RVNGPropertyList&) override {}
  void closeTableRow() override {}
  void openTableCell(const RVNGPropertyList&) override {}
  void closeTableCell() override {}
  void insertCoveredTableCell(const RVNGPropertyList&) override {}
  void endTableObject() override {}
  void insertField(const RVNGPropertyList&) override {}
  void openOrderedListLevel(const RVNGPropertyList&) override {}
  void openUnorderedListLevel(const RVNGPropertyList&) override {}
  void closeOrderedListLevel() override {}
  void closeUnorderedListLevel() override {}
  void openListElement(const RVNGPropertyList&) override {}
  void defineParagraphStyle(const RVNGPropertyList&) override {}
  void openParagraph(const RVNGPropertyList&) override {}
  void defineCharacterStyle(const RVNGPropertyList&) override {}
  void openSpan(const RVNGPropertyList&) override {}
  void closeSpan() override {}
  void openLink(const RVNGPropertyList&) override {}
  void closeLink() override {}

 private:
  template <class... A>
  void line(const char* format, A... values) {
    if (said.size() > base::limits::kVisioAnswerBytes) return;
    char small[512];
    const int n = std::snprintf(small, sizeof small, format, values...);
    if (n < 0) return;
    if (static_cast<std::size_t>(n) < sizeof small) {
      said.append(small, static_cast<std::size_t>(n));
      return;
    }
    std::string large(static_cast<std::size_t>(n) + 1, '\0');
    std::snprintf(large.data(), large.size(), format, values...);
    said.append(large.data(), static_cast<std::size_t>(n));
  }

  static std::string id(const RVNGPropertyList& p) {
    const std::string name = word(p, "draw:id");
    return name.empty() || name.find_first_of(" \n") != std::string::npos ? "-" : name;
  }

  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '\n') out += "\\n";
      else if (c == '\\') out += "\\\\";
      else if (static_cast<unsigned char>(c) >= ' ') out += c;
    }
    return out;
  }

  void step(const RVNGPropertyList& s) {
    const std::string action = word(s, "librevenge:path-action");
    const double x = inches(s, "svg:x"), y = inches(s, "svg:y"), x1 = inches(s, "svg:x1"), y1 = inches(s, "svg:y1");
    if (action == "M") line("move %.4f %.4f\n", x, y);
    else if (action == "L") line("line %.4f %.4f\n", x, y);
    else if (action == "C") line("cubic %.4f %.4f %.4f %.4f %.4f %.4f\n", x1, y1, inches(s, "svg:x2"), inches(s, "svg:y2"), x, y);
    else if (action == "Q") line("quad %.4f %.4f %.4f %.4f\n", x1, y1, x, y);
    else if (action == "Z") line("close\n");
    else if (action == "A")
      line("arc %.4f %.4f %.2f %d %d %.4f %.4f\n", inches(s, "svg:rx"), inches(s, "svg:ry"), s["librevenge:rotate"] == nullptr ? 0.0 : s["librevenge:rotate"]->getDouble(),
           s["librevenge:large-arc"] == nullptr || s["librevenge:large-arc"]->getInt() != 0, s["librevenge:sweep"] == nullptr || s["librevenge:sweep"]->getInt() != 0, x, y);
  }

  void points(const RVNGPropertyList& p, bool close) {
    const librevenge::RVNGPropertyListVector* all = p.child("svg:points");
    if (all == nullptr) return;
    line("path %s\n", id(p).c_str());
    for (unsigned long i = 0; i < all->count(); ++i) line("%s %.4f %.4f\n", i == 0 ? "move" : "line", inches((*all)[i], "svg:x"), inches((*all)[i], "svg:y"));
    if (close) line("close\n");
  }

  RVNGPropertyList box_;
  std::string text_;
};

// "!" for what libvisio does not know, else the primitives and a last line "done".
std::string tell(std::string_view bytes) {
  try {
    librevenge::RVNGStringStream stream(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
    Teller teller;
    if (libvisio::VisioDocument::isSupported(&stream) && libvisio::VisioDocument::parse(&stream, &teller)) return std::move(teller.said) + glue_lines(bytes) + "done\n";
  } catch (...) {  // the library's own; out of memory
  }
  return "!";
}

}  // namespace

base::Result<Drawing> read_by_geometry(std::string_view bytes) {
  if (bytes.size() > base::limits::kVisioFileBytes) return base::fail(ErrorCode::limit_exceeded, "the drawing has more bytes than the limit kVisioFileBytes");
  const auto answer = in_child([&] { return tell(bytes); }, {base::limits::kVisioChildSeconds, base::limits::kVisioChildBytes, base::limits::kVisioAnswerBytes});
  const std::string remedy = "open it in Visio and save it as .vsdx, which is read exactly";
  if (!answer) return base::fail(answer.error().code, "the reader of old drawings: " + answer.error().message, {}, remedy);
  if (!answer->ends_with("done\n")) return base::fail(ErrorCode::invalid_document, "this is no drawing that can be read", {}, remedy);
  return assemble(*answer);
}

}  // namespace bank::visio
