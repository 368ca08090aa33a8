// Model + diagram → display list. Private to drawing.
#pragma once
#include "bpmn/draw.h"
#include "bpmn/draw/scene.h"
#include "bpmn/rules/facts.h"

namespace bpmn::draw {

class Painter {
 public:
  Painter(const rules::Facts& facts, const Diagram& diagram, const DrawOptions& options)
      : facts_(facts), diagram_(diagram), options_(options) {}
  base::Result<Scene> run();

 private:
  struct Look {
    Colour stroke, fill, text;
    double extra = 0;  // added to stroke widths of what is highlighted
  };
  // figures.cc
  void shape(const Shape&);
  void node(const Shape&, const Node&, const Look&);
  void activity(const Shape&, const Node&, const Look&);
  void event(const Shape&, const Node&, const Look&);
  void gateway(const Shape&, const Node&, const Look&);
  void participant(const Shape&, const base::xml::Element&, const Look&);
  void lane(const Shape&, const base::xml::Element&, const Look&);
  void data(const Shape&, const base::xml::Element&, const Look&);
  void annotation(const Shape&, const base::xml::Element&, const Look&);
  void group(const Shape&, const Look&);
  void choreography(const Shape&, const base::xml::Element&, const Look&);
  void conversation(const Shape&, const base::xml::Element&, const Look&);
  void unknown(const Shape&, const base::xml::Element*, const Look&);
  // edges.cc
  void edge(const Edge&);
  // labels.cc
  void shape_label(const Shape&);
  void edge_label(const Edge&);
  void badges();
  std::string name_of(const base::xml::Element*) const;
  std::string title_of(const base::xml::Element*, std::string_view id) const;

  int layer(const Shape&) const;
  Look look(std::string_view element, std::string_view stroke, std::string_view fill) const;
  base::Status within_limits() const;

  const rules::Facts& facts_;
  const Diagram& diagram_;
  const DrawOptions& options_;
  Scene scene_;
};

Point middle_of(const std::vector<Point>&);  // half-way along the line

std::string to_svg(const Scene&, std::string_view title, const DrawOptions& = {});
void paint_on(_cairo*, const Scene&);          // with its margin, upper left corner in the origin
inline constexpr double kMargin = 10;          // around what is drawn, in every format
base::Result<std::string> to_png(const Scene&, double scale);
base::Result<std::string> to_pdf(const Scene&, std::string_view title);

}  // namespace bpmn::draw
