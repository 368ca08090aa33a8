// The structure of pictures, not their pixels.
#include "bpmn/draw.h"

#include <gtest/gtest.h>

#include <set>

#include "base/limits.h"
#include "bpmn/draw/scene.h"
#include "bpmn/test_files.h"

// Under the address sanitizer: fontconfig keeps what cairo's fonts loaded until the program ends.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }

namespace bpmn {
namespace {
using namespace test;

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// The group of one element in the picture.
const base::xml::Element* group(const base::xml::Element& svg, std::string_view element, std::string_view role) {
  for (const base::xml::Element* one : svg.elements())
    if (one->local == "g" && one->attribute_or("data-element-id", "") == element &&
        one->attribute_or("class", "") == "bpmn-" + std::string(role))
      return one;
  return nullptr;
}
std::string svg_of(const Model& model, const DrawOptions& options = {}) {
  const auto svg = draw_svg(model, options);
  EXPECT_TRUE(svg) << (svg ? "" : svg.error().message);
  return svg.value_or("<svg/>");
}

TEST(DrawSvg, ShowsEveryShapeAndEdgeOnce) {
  const ModelPtr model = model_of("tests/bpmn/every_element.bpmn");
  const std::string svg = svg_of(*model);
  const auto tree = base::xml::parse(svg, "svg");
  ASSERT_TRUE(tree) << tree.error().message;
  const Diagram& diagram = model->diagrams.at(0);
  for (const Shape& one : diagram.shapes) EXPECT_NE(group(*tree->root, one.element, "shape"), nullptr) << one.element;
  for (const Edge& one : diagram.edges) EXPECT_NE(group(*tree->root, one.element, "edge"), nullptr) << one.element;
  EXPECT_EQ(count(svg, "class=\"bpmn-shape\""), diagram.shapes.size());
  EXPECT_EQ(count(svg, "class=\"bpmn-edge\""), diagram.edges.size());
}

TEST(DrawSvg, DistinguishesTheKindsOfBpmn) {
  const ModelPtr model = model_of("tests/bpmn/every_element.bpmn");
  const auto tree = base::xml::parse(svg_of(*model), "svg");
  ASSERT_TRUE(tree);
  const auto first_path = [&](std::string_view id, std::string_view role, std::string_view attribute) {
    const auto* found = group(*tree->root, id, role);
    for (const auto* one : found ? found->elements() : std::vector<const base::xml::Element*>{})
      if (one->local == "path") return one->attribute_or(attribute, "");
    return std::string("none");
  };
  const auto paths = [&](std::string_view id) {
    std::size_t n = 0;
    for (const auto* one : group(*tree->root, id, "shape")->elements()) n += one->local == "path";
    return n;
  };
  EXPECT_EQ(first_path("startEvent_none", "shape", "stroke-width"), "2");
  EXPECT_EQ(first_path("endEvent_none", "shape", "stroke-width"), "4");
  EXPECT_EQ(paths("startEvent_none"), 1u);
  EXPECT_EQ(paths("intermediateThrowEvent_none"), 2u) << "a double ring";
  EXPECT_EQ(first_path("boundaryEvent_timer", "shape", "stroke-dasharray"), "");
  EXPECT_EQ(first_path("boundaryEvent_timer_soft", "shape", "stroke-dasharray"), "6 3") << "non-interrupting is dashed";
  EXPECT_EQ(first_path("t8", "shape", "stroke-width"), "5") << "a call activity is thick";
  EXPECT_EQ(first_path("mf", "edge", "stroke-dasharray"), "10 8");
  EXPECT_EQ(first_path("w1_w2", "edge", "stroke-dasharray"), "");
  EXPECT_EQ(first_path("t3", "shape", "fill"), "#ffcdd2") << "bioc:fill";
  EXPECT_EQ(first_path("t3", "shape", "stroke"), "#831311");
  EXPECT_EQ(first_path("t4", "shape", "fill"), "#bbdefb") << "color:background-color";
  // Icons: no two kinds look alike.
  std::set<std::string> tasks;
  for (int i = 0; i < 8; ++i) {
    std::string look;
    const auto* found = group(*tree->root, "t" + std::to_string(i), "shape");
    for (const auto* one : found->elements())
      if (one->local == "path") look += std::to_string(one->attribute_or("d", "").size()) + one->attribute_or("fill", "") + " ";
    EXPECT_TRUE(tasks.insert(look).second) << i;
  }
}

TEST(DrawSvg, LetsNoScriptPass) {
  const std::string evil = "\"/><script>alert(1)</script><x a=\"";
  std::string text = write(*model_of("tests/bpmn/every_element.bpmn"));
  const auto put = [&](std::string_view old, const std::string& fresh) {
    const auto at = text.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    text.replace(at, old.size(), fresh);
  };
  put("name=\"Abstrakt\"", "name=\"" + base::xml::escape_attribute(evil) + "\"");
  put("bioc:fill=\"#ffcdd2\"", "bioc:fill=\"" + base::xml::escape_attribute("url(javascript:alert(1))\" onload=\"x") + "\"");
  put("name=\"Alle elementer\"", "name=\"" + base::xml::escape_attribute("</title><script>") + "\"");
  const auto model = read(text, "evil.bpmn");
  ASSERT_TRUE(model) << model.error().message;
  DrawOptions options;
  options.highlight["t1"] = "red;} </style><script>";
  const std::string svg = svg_of(**model, options);
  EXPECT_EQ(count(svg, "<script"), 0u);
  EXPECT_EQ(count(svg, "onload"), 0u);
  EXPECT_EQ(count(svg, "javascript"), 0u);
  EXPECT_EQ(count(svg, "style="), 0u);
  const auto tree = base::xml::parse(svg, "svg");
  ASSERT_TRUE(tree) << tree.error().message;
  std::vector<const base::xml::Element*> open{tree->root.get()};
  const std::set<std::string> allowed{"svg", "g", "path", "text", "title"};
  while (!open.empty()) {
    const auto* one = open.back();
    open.pop_back();
    EXPECT_TRUE(allowed.contains(one->local)) << one->local;
    for (const auto* child : one->elements()) open.push_back(child);
  }
}

TEST(DrawSvg, HighlightsAndBadges) {
  const ModelPtr model = model_of("tests/bpmn/every_element.bpmn");
  DrawOptions options;
  options.highlight = {{"t1", "#00bb66"}, {"w1_w2", "red"}, {"nobody", "red"}};
  options.tokens = {{"t2", 17}, {"w1_w2", 2}, {"t3", 0}};
  const auto tree = base::xml::parse(svg_of(*model, options), "svg");
  ASSERT_TRUE(tree);
  const auto* lit = group(*tree->root, "t1", "shape")->elements().at(1);
  EXPECT_EQ(lit->attribute_or("stroke", ""), "#00bb66");
  EXPECT_EQ(group(*tree->root, "w1_w2", "edge")->elements().at(1)->attribute_or("stroke", ""), "#ff0000");
  const auto* badge = group(*tree->root, "t2", "badge");
  ASSERT_NE(badge, nullptr);
  EXPECT_EQ(badge->elements().back()->text(), "17");
  EXPECT_NE(group(*tree->root, "w1_w2", "badge"), nullptr);
  EXPECT_EQ(group(*tree->root, "t3", "badge"), nullptr) << "no token, no badge";
}

TEST(DrawSvg, IsTheSameEveryTime) {
  const ModelPtr model = model_of("tests/bpmn/every_element.bpmn");
  EXPECT_EQ(svg_of(*model), svg_of(*model_of("tests/bpmn/every_element.bpmn")));
  EXPECT_EQ(draw_pdf(*model, {}).value(), draw_pdf(*model, {}).value());
}

TEST(DrawSvg, Choreographies) {
  const std::string svg = svg_of(*model_of("tests/bpmn/choreography.bpmn"));
  for (const auto name : {">Borger<", ">Kommune<", ">Ansøg<", ">Klag<"}) EXPECT_EQ(count(svg, name), 1u) << name;
}

TEST(Draw, RefusesWhatCannotBeDrawn) {
  const ModelPtr none = model_of("tests/bpmn/valid/deploy.bpmn"), one = model_of("tests/bpmn/choreography.bpmn");
  EXPECT_EQ(draw_svg(*none).error().code, base::ErrorCode::not_found);
  DrawOptions options;
  options.diagram = 1;
  EXPECT_EQ(draw_svg(*one, options).error().code, base::ErrorCode::not_found);
  options.diagram = -1;
  EXPECT_EQ(draw_svg(*one, options).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(draw_png(*one, {}, 0).error().code, base::ErrorCode::invalid_argument);
  EXPECT_EQ(draw_png(*one, {}, 1000).error().code, base::ErrorCode::invalid_argument);
}

std::string placed_at(const std::string& x, const std::string& width) {
  return "<definitions xmlns=\"" + std::string(kBpmnNs) + "\" xmlns:b=\"" + std::string(kBpmnDiNs) + "\" xmlns:dc=\"" + std::string(kDcNs) +
         "\" targetNamespace=\"urn:t\"><process id=\"p\"><task id=\"a\" name=\"x\"/></process><b:BPMNDiagram><b:BPMNPlane bpmnElement=\"p\">"
         "<b:BPMNShape id=\"s\" bpmnElement=\"a\"><dc:Bounds x=\"" + x + "\" y=\"0\" width=\"" + width +
         "\" height=\"80\"/></b:BPMNShape></b:BPMNPlane></b:BPMNDiagram></definitions>";
}

TEST(Draw, CoordinatesHaveLimits) {
  const std::string at_limit = std::to_string(static_cast<long>(base::limits::kDiagramSide));
  EXPECT_TRUE(draw_svg(**read(placed_at(at_limit, "100"), "f")));
  const auto beyond = draw_svg(**read(placed_at(at_limit + ".5", "100"), "f"));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, base::ErrorCode::limit_exceeded);
  EXPECT_EQ(beyond.error().where.element, "s");
  EXPECT_EQ(draw_png(**read(placed_at("0", "90000"), "f"), {}, 1).error().code, base::ErrorCode::limit_exceeded);
  for (const auto odd : {"inf", "nan", "1e308", "-1e308", "x"}) {
    const auto model = read(placed_at(odd, "100"), "f");
    const auto svg = draw_svg(**model);
    if (svg) EXPECT_EQ(svg->find("inf"), std::string::npos);
    else EXPECT_EQ(svg.error().code, base::ErrorCode::limit_exceeded) << odd;
  }
}

TEST(DrawPng, HasTheSizeOfTheDiagram) {
  const auto png = draw_png(**read(placed_at("50", "100"), "f"), {}, 2);
  ASSERT_TRUE(png);
  ASSERT_GT(png->size(), 24u);
  EXPECT_EQ(png->substr(1, 3), "PNG");
  const auto big_endian = [&](std::size_t at) {
    int value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value * 256 + static_cast<unsigned char>((*png)[at + i]);
    return value;
  };
  EXPECT_EQ(big_endian(16), 240);  // (100 + two margins of 10) twice
  EXPECT_EQ(big_endian(20), 200);
}

TEST(DrawPdf, IsAPdf) {
  const auto pdf = draw_pdf(*model_of("tests/bpmn/every_element.bpmn"), {});
  ASSERT_TRUE(pdf);
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
}

TEST(Text, WrapsByTheTable) {
  using namespace draw;
  EXPECT_NEAR(text_width("AÅ", 10), 13.34, 1e-9);
  EXPECT_EQ(wrap("Vurdér ansøgning om hjælp", 80, 12), (std::vector<std::string>{"Vurdér", "ansøgning om", "hjælp"}));
  EXPECT_EQ(wrap("en\nto", 80, 12), (std::vector<std::string>{"en", "to"}));
  EXPECT_EQ(wrap("", 80, 12), std::vector<std::string>{});
  for (const std::string& line : wrap(std::string(500, 'W') + " Speciallægepædagogkonsulentbistandsansøgningsskema", 60, 12))
    EXPECT_LE(text_width(line, 12), 60);
}

TEST(Colour, OnlyColoursPass) {
  using namespace draw;
  EXPECT_EQ(css(parse_colour("#abc", kInk)), "#aabbcc");
  EXPECT_EQ(css(parse_colour(" RGB(1, 2,300) ", kInk)), "#0102ff");
  EXPECT_EQ(css(parse_colour("Orange", kInk)), "#ffa500");
  EXPECT_EQ(css(parse_colour("none", kInk)), "none");
  for (const auto bad : {"", "#12", "#gggggg", "rgb(a,b,c)", "url(#x)", "expression(alert(1))", "rgb(1,2"})
    EXPECT_EQ(parse_colour(bad, kInk), kInk) << bad;
}

}  // namespace
}  // namespace bpmn
