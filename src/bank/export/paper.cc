#include "bank/export/paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace bank {
namespace {

constexpr const char* kFont = "IBM Plex Sans, Liberation Sans, Arial, DejaVu Sans";
constexpr double kBody = 10, kSmall = 8.5, kFooter = 30;
constexpr double kPixel = 0.75;          // points of a pixel of 1/96 inch
constexpr double kReadable = 0.5;        // below this scale a diagram's 12 px text is under 4.5 points: too small alone
constexpr double kPartScale = 0.7;       // of the parts of a large one
constexpr double kOverlap = 40;          // points that neighbours share
constexpr std::size_t kParts = 60;       // pages of one diagram

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

struct Style { double size = kBody; bool bold = false, muted = false, linked = false; };

std::string clean(std::string_view text) {
  std::string out;
  for (const char c : text) out += (static_cast<unsigned char>(c) < ' ' && c != '\n') || c == 0x7f ? ' ' : c;
  return base::valid_utf8(out) ? out : base::to_utf8(base::to_utf32(out));
}

// cairo 1.16 writes the structure but neither says that the file is tagged nor which language it speaks: a second catalogue with both,
// appended as PDF updates are (ISO 32000-1, 7.5.6). Bytes that do not look as expected stay as they are.
std::string tagged_danish(std::string pdf) {
  const auto at = pdf.rfind("<< /Type /Catalog"), start = pdf.rfind("startxref"), trailer = pdf.rfind("trailer");
  if (at == std::string::npos || start == std::string::npos || trailer == std::string::npos || trailer < at) return pdf;
  const auto end = pdf.find("endobj", at), object = pdf.rfind('\n', at - 2);
  if (end == std::string::npos || object == std::string::npos) return pdf;
  const std::string number = pdf.substr(object + 1, pdf.find(' ', object) - object - 1), before = std::string(base::trim(std::string_view(pdf).substr(start + 9, pdf.rfind("%%EOF") - start - 9)));
  std::string entries = pdf.substr(at, end - at), head = pdf.substr(trailer, start - trailer);
  entries.insert(std::string_view("<< /Type /Catalog").size(), " /Lang (da-DK) /MarkInfo << /Marked true >> /ViewerPreferences << /DisplayDocTitle true >>");
  const auto close = head.rfind(">>");
  if (close == std::string::npos || number.empty() || number.find_first_not_of("0123456789") != std::string::npos) return pdf;
  head.insert(close, "   /Prev " + before + "\n");
  const std::size_t place = pdf.size();
  pdf += number + " 0 obj\n" + entries + "endobj\n";
  const std::size_t table = pdf.size();
  std::string offset = std::to_string(place);
  offset.insert(0, 10 - std::min<std::size_t>(10, offset.size()), '0');
  return pdf + "xref\n" + number + " 1\n" + offset + " 00000 n \n" + head + "startxref\n" + std::to_string(table) + "\n%%EOF\n";
}

}  // namespace

struct Paper::Inside {
  std::string bytes, footer;
  cairo_surface_t* surface = nullptr;
  cairo_t* c = nullptr;
  double width = kShort, height = kLong, y = kMargin;
  int page = 1, outline[4] = {CAIRO_PDF_OUTLINE_ROOT, 0, 0, 0};
  bool fresh = true;  // nothing stands on the page yet

  double inner() const { return width - 2 * kMargin; }
  double bottom() const { return height - kMargin - kFooter / 2; }

  // Owned by the caller: g_object_unref.
  PangoLayout* layout(std::string_view text, const Style& style, double wide) const {
    PangoLayout* out = pango_cairo_create_layout(c);
    PangoFontDescription* font = pango_font_description_from_string(kFont);
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(out, font);
    pango_font_description_free(font);
    pango_layout_set_width(out, static_cast<int>(std::max(10.0, wide) * PANGO_SCALE));
    pango_layout_set_wrap(out, PANGO_WRAP_WORD_CHAR);
    const std::string shown = clean(text);
    pango_layout_set_text(out, shown.data(), static_cast<int>(shown.size()));
    return out;
  }
  static double height_of(PangoLayout* l) {
    int w = 0, h = 0;
    pango_layout_get_size(l, &w, &h);
    return static_cast<double>(h) / PANGO_SCALE;
  }
  void ink(const Style& style) const {
    if (style.linked) cairo_set_source_rgb(c, 0, 0.3, 0.6);
    else if (style.muted) cairo_set_source_rgb(c, 0.3, 0.3, 0.3);
    else cairo_set_source_rgb(c, 0.1, 0.1, 0.1);
  }

  void foot() const {
    PangoLayout* l = layout(footer + " · side " + std::to_string(page), {kSmall, false, true, false}, inner());
    cairo_move_to(c, kMargin, height - kMargin);
    ink({kSmall, false, true, false});
    pango_cairo_show_layout(c, l);  // without a tag: a reader does not read it on each page
    g_object_unref(l);
  }
  void turn(double w, double h) {
    foot();
    cairo_show_page(c);
    ++page;
    width = w, height = h, y = kMargin, fresh = true;
    cairo_pdf_surface_set_size(surface, w, h);
  }
  void need(double points) {
    if (!fresh && y + points > bottom()) turn(width, height);
  }

  // Line by line, over as many pages as it takes; each page's part is one tagged piece.
  void flow(std::string_view text, const Style& style, const char* tag, double indent = 0, std::string_view mark = {}, const std::string& link = {}) {
    PangoLayout* l = layout(text, style, inner() - indent);
    PangoLayoutIter* line = pango_layout_get_iter(l);
    bool open = false, first = true;
    do {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents(line, nullptr, &logical);
      const double high = static_cast<double>(logical.height) / PANGO_SCALE, base_line = static_cast<double>(pango_layout_iter_get_baseline(line) - logical.y) / PANGO_SCALE;
      if (!fresh && y + high > bottom()) {
        close(open, tag, link);
        turn(width, height);
      }
      if (!open) {
        cairo_tag_begin(c, tag, nullptr);
        if (!link.empty()) cairo_tag_begin(c, CAIRO_TAG_LINK, link.c_str());
        open = true;
      }
      ink(style);
      if (first && !mark.empty()) {
        PangoLayout* m = layout(mark, style, indent);
        cairo_move_to(c, kMargin, y);
        pango_cairo_show_layout(c, m);
        g_object_unref(m);
      }
      first = false;
      cairo_move_to(c, kMargin + indent + static_cast<double>(logical.x) / PANGO_SCALE, y + base_line);
      pango_cairo_show_layout_line(c, pango_layout_iter_get_line_readonly(line));
      y += high, fresh = false;
    } while (pango_layout_iter_next_line(line));
    close(open, tag, link);
    pango_layout_iter_free(line);
    g_object_unref(l);
  }
  void close(bool& open, const char* tag, const std::string& link) const {
    if (!open) return;
    if (!link.empty()) cairo_tag_end(c, CAIRO_TAG_LINK);
    cairo_tag_end(c, tag);
    open = false;
  }

  double row_height(const std::vector<std::string>& cells, const std::vector<double>& widths, bool head) const {
    double out = 0;
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      PangoLayout* l = layout(cells[i], {kSmall, head, false, false}, widths[i] - 8);
      out = std::max(out, height_of(l));
      g_object_unref(l);
    }
    return out + 6;
  }
  void row(const std::vector<std::string>& cells, const std::vector<double>& widths, double high, bool head) {
    double x = kMargin;
    cairo_tag_begin(c, "TR", nullptr);
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      if (head) {
        cairo_set_source_rgb(c, 0.93, 0.93, 0.93);
        cairo_rectangle(c, x, y, widths[i], high);
        cairo_fill(c);
      }
      cairo_set_source_rgb(c, 0.6, 0.6, 0.6);
      cairo_set_line_width(c, 0.5);
      cairo_rectangle(c, x, y, widths[i], high);
      cairo_stroke(c);
      cairo_save(c);
      cairo_rectangle(c, x, y, widths[i], high);
      cairo_clip(c);
      PangoLayout* l = layout(cells[i], {kSmall, head, false, false}, widths[i] - 8);
      cairo_tag_begin(c, head ? "TH" : "TD", nullptr);
      ink({});
      cairo_move_to(c, x + 4, y + 3);
      pango_cairo_show_layout(c, l);
      cairo_tag_end(c, head ? "TH" : "TD");
      g_object_unref(l);
      cairo_restore(c);
      x += widths[i];
    }
    cairo_tag_end(c, "TR");
    y += high, fresh = false;
  }

  // One page with the part of the picture that begins at (left, top), in points of the scaled picture.
  void picture_page(const bpmn::Picture& picture, double scale, double left, double top, const std::string& caption) {
    flow(caption, {kSmall, false, true, false}, "Caption");
    y += 4;
    cairo_save(c);
    cairo_rectangle(c, kMargin, y, inner(), bottom() - y);
    cairo_clip(c);
    cairo_translate(c, kMargin - left, y - top);
    cairo_scale(c, scale, scale);
    cairo_tag_begin(c, "Figure", nullptr);
    picture.paint(c);
    cairo_tag_end(c, "Figure");
    cairo_restore(c);
    fresh = false;
  }
};

Paper::Paper(const std::string& title, const std::string& author, const std::string& footer, const std::string& day) : in_(new Inside) {
  in_->footer = footer;
  in_->surface = cairo_pdf_surface_create_for_stream(append, &in_->bytes, kShort, kLong);
  cairo_pdf_surface_set_metadata(in_->surface, CAIRO_PDF_METADATA_TITLE, clean(title).c_str());
  if (!author.empty()) cairo_pdf_surface_set_metadata(in_->surface, CAIRO_PDF_METADATA_AUTHOR, clean(author).c_str());
  cairo_pdf_surface_set_metadata(in_->surface, CAIRO_PDF_METADATA_CREATOR, "Sagsgang");
  cairo_pdf_surface_set_metadata(in_->surface, CAIRO_PDF_METADATA_CREATE_DATE, (day.substr(0, 10) + "T00:00:00Z").c_str());
  in_->c = cairo_create(in_->surface);
}
Paper::~Paper() {
  cairo_destroy(in_->c);
  cairo_surface_destroy(in_->surface);
}

void Paper::title(std::string_view text) {
  in_->flow(text, {24, true, false, false}, "H1");
  in_->y += 6;
}

void Paper::heading(int level, std::string_view text, bool in_outline) {
  static constexpr double kSizes[] = {17, 13, 11};
  const double size = kSizes[std::clamp(level, 1, 3) - 1];
  if (!in_->fresh) in_->y += size * 0.9;
  in_->need(size * 4);  // not alone at the foot of a page
  if (in_outline) {
    const std::string to = "page=" + std::to_string(in_->page) + " pos=[" + std::to_string(static_cast<int>(kMargin)) + " " + std::to_string(static_cast<int>(in_->y)) + "]";
    const int parent = level <= 1 ? CAIRO_PDF_OUTLINE_ROOT : in_->outline[level - 1];
    in_->outline[level] = cairo_pdf_surface_add_outline(in_->surface, parent, clean(text).c_str(), to.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
  }
  static constexpr const char* kTags[] = {"H2", "H3", "H4"};
  in_->flow(text, {size, true, false, false}, kTags[std::clamp(level, 1, 3) - 1]);
  in_->y += size * 0.25;
}

void Paper::paragraph(std::string_view text, bool muted) {
  if (base::trim(text).empty()) return;
  in_->flow(base::trim(text), {muted ? kSmall : kBody, false, muted, false}, "P");
  in_->y += 4;
}

void Paper::link(std::string_view text, std::string_view address) {
  std::string uri = "uri='";
  for (const char c : address)
    if (c != '\'' && c != '\\') uri += c;
  in_->flow(text, {kBody, false, false, true}, "P", 0, {}, uri + "'");
  in_->y += 2;
}

void Paper::item(std::string_view mark, std::string_view text) {
  in_->flow(text, {}, "LI", 24, mark);
  in_->y += 3;
}

void Paper::table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows, const std::vector<double>& shares) {
  double all = 0;
  std::vector<double> widths;
  for (const double share : shares) all += share;
  for (const double share : shares) widths.push_back(in_->inner() * share / all);
  const double top = in_->row_height(head, widths, true);
  if (rows.empty()) return;
  in_->need(top + std::min(200.0, in_->row_height(rows.front(), widths, false)));
  cairo_tag_begin(in_->c, "Table", nullptr);
  in_->row(head, widths, top, true);
  for (const auto& row : rows) {
    const double high = std::min(in_->row_height(row, widths, false), in_->bottom() - kMargin - top);
    if (in_->y + high > in_->bottom()) {
      cairo_tag_end(in_->c, "Table");
      in_->turn(in_->width, in_->height);
      cairo_tag_begin(in_->c, "Table", nullptr);
      in_->row(head, widths, top, true);
    }
    in_->row(row, widths, high, false);
  }
  cairo_tag_end(in_->c, "Table");
  in_->y += 8;
}

void Paper::facts(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::vector<std::vector<std::string>> shown;
  for (const auto& [name, value] : rows)
    if (!value.empty()) shown.push_back({name, value});
  if (!shown.empty()) table({"Oplysning", "Værdi"}, shown, {1, 2.6});
}

void Paper::space(double points) { in_->y += points; }
void Paper::new_page() {
  if (!in_->fresh) in_->turn(in_->width, in_->height);
}

void Paper::picture(const bpmn::Picture& picture, std::string_view caption) {
  const double room_x = kLong - 2 * kMargin, room_y = kShort - 2 * kMargin - kFooter / 2 - 20;
  const double whole = std::min({kPixel, room_x / picture.width, room_y / picture.height});
  if (in_->fresh) in_->width = kLong, in_->height = kShort, cairo_pdf_surface_set_size(in_->surface, kLong, kShort);
  else in_->turn(kLong, kShort);
  in_->picture_page(picture, whole, 0, 0, std::string(caption) + (whole < kReadable * kPixel ? " – overblik; delene følger" : ""));
  if (whole < kReadable * kPixel) {
    const double scale = kPixel * kPartScale, step_x = room_x - kOverlap, step_y = room_y - kOverlap;
    const auto parts = [](double size, double room, double step) { return size <= room ? std::size_t{1} : static_cast<std::size_t>(std::ceil((size - room) / step)) + 1; };
    const std::size_t columns = parts(picture.width * scale, room_x, step_x), rows = parts(picture.height * scale, room_y, step_y);
    for (std::size_t i = 0; i < std::min(columns * rows, kParts); ++i) {
      in_->turn(kLong, kShort);
      in_->picture_page(picture, scale, static_cast<double>(i % columns) * step_x, static_cast<double>(i / columns) * step_y, std::string(caption) + " – del " + std::to_string(i + 1) + " af " + std::to_string(columns * rows) +
                        " (række " + std::to_string(i / columns + 1) + ", kolonne " + std::to_string(i % columns + 1) + ")");
    }
  }
  in_->turn(kShort, kLong);
}

base::Result<std::string> Paper::finish() {
  in_->foot();
  cairo_show_page(in_->c);
  cairo_surface_finish(in_->surface);
  for (const cairo_status_t status : {cairo_status(in_->c), cairo_surface_status(in_->surface)})
    if (status != CAIRO_STATUS_SUCCESS) return base::fail(base::ErrorCode::internal, std::string("cairo: ") + cairo_status_to_string(status));
  return tagged_danish(std::move(in_->bytes));
}

}  // namespace bank
