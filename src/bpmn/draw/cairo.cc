// The display list through cairo: PNG and PDF.
#include <cairo-pdf.h>
#include <cairo.h>

#include <cmath>
#include <memory>

#include "base/limits.h"
#include "bpmn/draw/painter.h"

namespace bpmn::draw {
namespace {

struct SurfaceFree {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextFree {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceFree>;
using Context = std::unique_ptr<cairo_t, ContextFree>;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void set_colour(cairo_t* c, Colour colour, double opacity) {
  cairo_set_source_rgba(c, colour.r / 255.0, colour.g / 255.0, colour.b / 255.0, opacity);
}

void paint_path(cairo_t* c, const Item& item) {
  cairo_new_path(c);
  for (const Path::Step& s : item.path.steps) {
    if (s.op == 'M') cairo_move_to(c, s.v[0], s.v[1]);
    if (s.op == 'L') cairo_line_to(c, s.v[0], s.v[1]);
    if (s.op == 'C') cairo_curve_to(c, s.v[0], s.v[1], s.v[2], s.v[3], s.v[4], s.v[5]);
    if (s.op == 'Z') cairo_close_path(c);
  }
  if (!item.style.fill.none) {
    set_colour(c, item.style.fill, item.style.fill_opacity);
    cairo_fill_preserve(c);
  }
  if (!item.style.stroke.none) {
    set_colour(c, item.style.stroke, 1);
    cairo_set_line_width(c, item.style.width);
    cairo_set_dash(c, item.style.dash.data(), static_cast<int>(item.style.dash.size()), 0);
    cairo_stroke_preserve(c);
  }
  cairo_new_path(c);
}

void paint_text(cairo_t* c, const Item& item) {
  cairo_save(c);
  cairo_select_font_face(c, "Arial", CAIRO_FONT_SLANT_NORMAL, item.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c, item.size);
  set_colour(c, item.style.fill, 1);
  cairo_text_extents_t extents;
  cairo_text_extents(c, item.text.c_str(), &extents);
  cairo_translate(c, item.x, item.y);
  if (item.turned) cairo_rotate(c, -std::acos(-1.0) / 2);
  // The machine's font may be wider than the table the lines were broken by: squeeze or stretch it to that width.
  if (extents.x_advance > 0) cairo_scale(c, text_width(item.text, item.size) / extents.x_advance, 1);
  cairo_move_to(c, item.middle ? -extents.x_advance / 2 : 0, 0);
  cairo_show_text(c, item.text.c_str());
  cairo_restore(c);
}

void paint(cairo_t* c, const Scene& scene) {
  cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
  cairo_translate(c, kMargin - scene.left, kMargin - scene.top);
  for (const Item& item : scene.items) {
    if (item.kind == Item::Kind::path) paint_path(c, item);
    if (item.kind == Item::Kind::text) paint_text(c, item);
  }
}

base::Status status_of(cairo_surface_t* surface, cairo_t* context) {
  for (const cairo_status_t status : {cairo_surface_status(surface), context ? cairo_status(context) : CAIRO_STATUS_SUCCESS})
    if (status != CAIRO_STATUS_SUCCESS)
      return base::fail(base::ErrorCode::internal, std::string("cairo: ") + cairo_status_to_string(status));
  return {};
}

}  // namespace

void paint_on(cairo_t* c, const Scene& scene) {
  cairo_save(c);
  paint(c, scene);
  cairo_restore(c);
}

base::Result<std::string> to_png(const Scene& scene, double scale) {
  if (!(scale > 0 && scale <= 16))
    return base::fail(base::ErrorCode::invalid_argument, "scale " + std::to_string(scale) + " is not between 0 and 16");
  const double w = std::ceil((scene.right - scene.left + 2 * kMargin) * scale);
  const double h = std::ceil((scene.bottom - scene.top + 2 * kMargin) * scale);
  if (w > base::limits::kPictureSide || h > base::limits::kPictureSide || w * h > base::limits::kPicturePixels)
    return base::fail(base::ErrorCode::limit_exceeded,
                      "the picture would be " + std::to_string(static_cast<long>(w)) + " by " +
                          std::to_string(static_cast<long>(h)) + " pixels",
                      {}, "use a smaller scale, SVG or PDF");
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(w), static_cast<int>(h)));
  TRY_VOID(status_of(surface.get(), nullptr));
  const Context context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_scale(context.get(), scale, scale);
  paint(context.get(), scene);
  TRY_VOID(status_of(surface.get(), context.get()));
  std::string bytes;
  cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
  return bytes;
}

base::Result<std::string> to_pdf(const Scene& scene, std::string_view title) {
  std::string bytes;
  {
    const double w = scene.right - scene.left + 2 * kMargin, h = scene.bottom - scene.top + 2 * kMargin;
    constexpr double points = 0.75;  // of a pixel of 1/96 inch
    const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, w * points, h * points));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, std::string(title).c_str());
    // A fixed date: the same diagram gives the same bytes.
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    const Context context(cairo_create(surface.get()));
    cairo_scale(context.get(), points, points);
    paint(context.get(), scene);
    cairo_show_page(context.get());
    cairo_surface_finish(surface.get());
    TRY_VOID(status_of(surface.get(), context.get()));
  }
  return bytes;
}

}  // namespace bpmn::draw
