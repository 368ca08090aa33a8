// What each decision does to a diagram, and what BPMN does not allow.
#include "bank/imports/settle.h"

#include <gtest/gtest.h>

#include "bank/imports/test_drawing.h"
#include "base/text.h"
#include "bpmn/model.h"

namespace {

using namespace bank::imports;
using bank::visio::Row;

struct Drawn {
  bank::visio::Imported imported;
  std::size_t row(const std::string& shape) const {
    for (std::size_t i = 0; i < imported.report.rows.size(); ++i)
      if (imported.report.rows[i].shape == shape) return i;
    ADD_FAILURE() << "no row for shape " << shape;
    return 0;
  }
  std::string element(const std::string& shape) const { return imported.report.rows[row(shape)].element; }
  base::Result<std::string> settled(const std::vector<Decision>& decisions) const { return settle(imported.bpmn, imported.report.rows, decisions); }
  bpmn::ModelPtr model(const std::vector<Decision>& decisions) const {
    const auto text = settled(decisions);
    EXPECT_TRUE(text) << text.error().text();
    if (!text) return std::make_shared<bpmn::Model>();
    auto read = bpmn::read(*text, "t");
    EXPECT_TRUE(read) << *text;
    return read.value_or(std::make_shared<bpmn::Model>());
  }
  Decision decide(const std::string& shape, Action action, const std::string& value = {}) const { return {row(shape), action, value, {}, {}, "p", 1}; }
};

Drawn drawn(const test::Sketch& sketch = test::three_steps()) {
  auto got = bank::visio::import_drawing(sketch.vdx(), "t.vdx");
  EXPECT_TRUE(got) << got.error().text();
  return {got.value_or(bank::visio::Imported{})};
}

const bpmn::Node& node(const bpmn::Model& model, const std::string& id) {
  static const bpmn::Node none;
  const int at = model.node(id);
  EXPECT_GE(at, 0) << id;
  return at < 0 ? none : model.nodes[static_cast<std::size_t>(at)];
}

const bpmn::Shape* shape(const bpmn::Model& model, const std::string& id) {
  for (const auto& diagram : model.diagrams)
    for (const auto& one : diagram.shapes)
      if (one.element == id) return &one;
  return nullptr;
}

const bpmn::Edge* edge(const bpmn::Model& model, const std::string& id) {
  for (const auto& diagram : model.diagrams)
    for (const auto& one : diagram.edges)
      if (one.element == id) return &one;
  return nullptr;
}

TEST(Settle, EveryKindReadsAndHasItsSize) {
  const Drawn d = drawn(test::Sketch{}.box(1, 2, 8, "Et skridt").box(2, 6, 8, "Et andet").box(3, 6, 5, "Alene").line(4, 2.75, 8, 5.25, 8));
  const std::string id = d.element("1");
  for (const KindInfo& kind : kinds()) {
    if (kind.xml == "endEvent" || kind.family == KindInfo::Family::data || kind.family == KindInfo::Family::note) {
      const auto refused = d.settled({d.decide("1", Action::kind, std::string(kind.value))});
      ASSERT_FALSE(refused) << kind.value;
      EXPECT_EQ(refused.error().code, base::ErrorCode::conflict) << "a flow leads from it";
      continue;
    }
    const auto model = d.model({d.decide("1", Action::kind, std::string(kind.value))});
    EXPECT_EQ(bpmn::xml_name(node(*model, id).type), kind.xml);
    EXPECT_EQ(node(*model, id).name, "Et skridt");
    EXPECT_EQ(node(*model, id).events.size(), kind.definition.empty() ? 0u : 1u) << kind.value;
    const auto* figure = shape(*model, id);
    const auto* line = edge(*model, d.element("4"));
    ASSERT_TRUE(figure != nullptr && line != nullptr);
    EXPECT_EQ(kind.family == KindInfo::Family::activity || figure->bounds.width == kind.width, true) << kind.value;
    EXPECT_NEAR(line->waypoints.front().x, figure->bounds.x + figure->bounds.width, 0.02) << kind.value << ": the flow begins at the border";
  }
}

TEST(Settle, AStepBecomesARemarkADocumentAndAStepAgain) {
  const Drawn d = drawn(test::Sketch{}.box(1, 2, 8, "Modtag").box(2, 6, 8, "Vurder").box(3, 6, 5, "Husk loven").line(4, 2.75, 8, 5.25, 8));
  const std::string id = d.element("3");
  const auto remark = d.model({d.decide("3", Action::kind, "textAnnotation")});
  EXPECT_EQ(remark->node(id), -1);
  ASSERT_EQ(remark->artifacts.size(), 1u);
  EXPECT_EQ(remark->artifacts[0].kind, "textAnnotation");
  EXPECT_EQ(remark->artifacts[0].name, "Husk loven");
  const auto document = d.settled({d.decide("3", Action::kind, "textAnnotation"), d.decide("3", Action::kind, "dataObjectReference")});
  ASSERT_TRUE(document);
  EXPECT_NE(document->find("dataObjectRef=\"Objekt_" + id + "\""), std::string::npos);
  const auto again = d.settled({d.decide("3", Action::kind, "dataObjectReference"), d.decide("3", Action::kind, "userTask"), d.decide("3", Action::name, "Læs loven")});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->find("dataObject"), std::string::npos) << "nothing of the document is left";
  const auto model = bpmn::read(*again, "t").value();
  EXPECT_EQ(node(*model, id).name, "Læs loven");
}

TEST(Settle, LinesAreTurnedDrawnAnewAndConnected) {
  const Drawn d = drawn();
  const std::string a = d.element("1"), b = d.element("2"), c = d.element("3"), first = d.element("4");
  const auto turned = d.model({d.decide("4", Action::reverse)});
  EXPECT_EQ(turned->nodes[static_cast<std::size_t>(turned->flows[static_cast<std::size_t>(node(*turned, a).incoming.at(0))].source)].id, b);
  const auto *before = edge(*d.model({}), first), *after = edge(*turned, first);
  ASSERT_TRUE(before != nullptr && after != nullptr);
  EXPECT_EQ(after->waypoints.front().x, edge(*d.model({}), first)->waypoints.back().x);
  // The line that ends nowhere: from Send brev back to Vurder.
  const std::size_t loose = d.row("6");
  ASSERT_EQ(d.imported.report.rows[loose].verdict, bank::visio::Verdict::refused);
  EXPECT_TRUE(asks(d.imported.report.rows[loose]));
  const auto joined = d.model({{loose, Action::connect, {}, c, a, "p", 1}});
  EXPECT_EQ(joined->flows.size(), d.model({})->flows.size() + 1);
  EXPECT_EQ(node(*joined, a).incoming.size(), 1u);
  const auto* drawn_line = edge(*joined, "Pil_r" + std::to_string(loose));
  ASSERT_NE(drawn_line, nullptr);
  EXPECT_GE(drawn_line->waypoints.size(), 2u);
  const auto moved = d.model({{d.row("4"), Action::connect, {}, a, c, "p", 1}});
  EXPECT_EQ(moved->flows.size(), d.model({})->flows.size()) << "drawn anew, not twice";
  EXPECT_EQ(node(*moved, b).incoming.size(), 0u);
  // An end has no way out, a start none in, and a line has two ends.
  for (const auto& [decisions, code] : std::vector<std::pair<std::vector<Decision>, base::ErrorCode>>{
           {{d.decide("1", Action::kind, "startEvent"), d.decide("4", Action::reverse)}, base::ErrorCode::conflict},
           {{{loose, Action::connect, {}, c, c, "p", 1}}, base::ErrorCode::conflict},
           {{{loose, Action::connect, {}, c, "findes_ikke", "p", 1}}, base::ErrorCode::invalid_argument},
           {{d.decide("1", Action::reverse)}, base::ErrorCode::invalid_argument},
           {{d.decide("6", Action::reverse)}, base::ErrorCode::conflict},
           {{d.decide("1", Action::kind, "userTsk")}, base::ErrorCode::invalid_argument},
           {{{999, Action::remove, {}, {}, {}, "p", 1}}, base::ErrorCode::invalid_argument}}) {
    const auto refused = d.settled(decisions);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code) << refused.error().text();
  }
}

TEST(Settle, WhatIsRemovedTakesItsLinesAlong) {
  const Drawn d = drawn();
  const auto model = d.model({d.decide("2", Action::remove)});
  EXPECT_EQ(model->node(d.element("2")), -1);
  EXPECT_TRUE(model->flows.empty());
  EXPECT_EQ(edge(*model, d.element("4")), nullptr);
  EXPECT_TRUE(node(*model, d.element("1")).outgoing.empty());
  EXPECT_EQ(d.settled({d.decide("2", Action::accept)}).value(), d.imported.bpmn) << "accepting changes nothing";
}

TEST(Settle, NamesAreWordsAndNothingElse) {
  const Drawn d = drawn();
  const std::string words = "<script>alert(1)</script> \"&' æøå";
  const auto text = d.settled({d.decide("1", Action::name, words)});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find("<script"), std::string::npos);
  EXPECT_EQ(node(*bpmn::read(*text, "t").value(), d.element("1")).name, words);
  EXPECT_FALSE(decision(base::Json::Object{{"row", 0}, {"action", "name"}, {"value", std::string("a\x01")}}));
  EXPECT_FALSE(decision(base::Json::Object{{"row", 0}, {"action", "name"}, {"value", std::string(5'000, 'a')}}));
  EXPECT_FALSE(decision(base::Json::Object{{"row", 0}, {"action", "fly"}}));
}

}  // namespace
