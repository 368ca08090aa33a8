// What each kind of shape and line is taken for, with the reason the report gives.
#include <gtest/gtest.h>

#include <set>

#include "bank/visio/import.h"
#include "bank/visio/plan.h"
#include "base/text.h"
#include "bpmn/model.h"

namespace {

using namespace bank::visio;

// A drawing in the old schema: short to write by hand. Inches, y up; the page is 10 high.
struct Draw {
  std::string masters, shapes, connects, pages;
  int next_master = 1;
  std::map<std::string, int> known;
  std::string master(const std::string& name) {
    if (name.empty()) return {};
    const auto [at, fresh] = known.try_emplace(name, next_master);
    if (fresh) masters += "<Master ID='" + std::to_string(next_master++) + "' NameU='" + name + "'><Shapes><Shape ID='1'/></Shapes></Master>";
    return " Master='" + std::to_string(at->second) + "'";
  }
  static std::string form(double x, double y, double w, double h) {
    const auto n = [](const char* name, double v) { return "<" + std::string(name) + ">" + std::to_string(v) + "</" + name + ">"; };
    return "<XForm>" + n("PinX", x) + n("PinY", y) + n("Width", w) + n("Height", h) + n("LocPinX", w / 2) + n("LocPinY", h / 2) + "</XForm>";
  }
  static std::string rows(const std::vector<std::pair<double, double>>& points) {
    std::string out = "<Geom IX='0'>";
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::string type = i == 0 ? "MoveTo" : "LineTo";
      out += "<" + type + " IX='" + std::to_string(i + 1) + "'><X>" + std::to_string(points[i].first) + "</X><Y>" + std::to_string(points[i].second) + "</Y></" + type + ">";
    }
    return out + "</Geom>";
  }
  static std::string rect(double w, double h) { return rows({{0, 0}, {w, 0}, {w, h}, {0, h}, {0, 0}}); }
  Draw& box(const std::string& id, const std::string& name, double x, double y, const std::string& text, const std::string& more = {}, double w = 1, double h = 0.75) {
    shapes += "<Shape ID='" + id + "'" + master(name) + ">" + form(x, y, w, h) + more + "<Text>" + text + "</Text></Shape>";
    return *this;
  }
  Draw& line(const std::string& id, const std::string& name, double x1, double y1, double x2, double y2, const std::string& text = {}, const std::string& more = "<Line><EndArrow>4</EndArrow></Line>") {
    const auto n = [](const char* name, double v) { return "<" + std::string(name) + ">" + std::to_string(v) + "</" + name + ">"; };
    shapes += "<Shape ID='" + id + "'" + master(name) + "><XForm1D>" + n("BeginX", x1) + n("BeginY", y1) + n("EndX", x2) + n("EndY", y2) + "</XForm1D>" + more + "<Text>" + text + "</Text></Shape>";
    return *this;
  }
  Draw& glue(const std::string& line, const std::string& from, const std::string& to) {
    if (!from.empty()) connects += "<Connect FromSheet='" + line + "' FromCell='BeginX' ToSheet='" + from + "'/>";
    if (!to.empty()) connects += "<Connect FromSheet='" + line + "' FromCell='EndX' ToSheet='" + to + "'/>";
    return *this;
  }
  std::string vdx() const {
    return "<VisioDocument><Masters>" + masters + "</Masters><Pages><Page ID='0' Name='Side-1'><PageSheet><PageProps><PageWidth>20</PageWidth><PageHeight>10</PageHeight></PageProps></PageSheet><Shapes>" + shapes +
           "</Shapes><Connects>" + connects + "</Connects></Page>" + pages + "</Pages></VisioDocument>";
  }
};

struct Got {
  Imported imported;
  bpmn::ModelPtr model;
  const Row& row(const std::string& shape, int page = 1) const {
    static const Row kNone;
    for (const Row& r : imported.report.rows)
      if (r.shape == shape && r.page == page) return r;
    ADD_FAILURE() << "no row for shape " << shape;
    return kNone;
  }
  const bpmn::Node& node(const std::string& shape) const {
    static const bpmn::Node kNone;
    const int i = model->node(row(shape).element);
    if (i < 0) ADD_FAILURE() << "no node of shape " << shape;
    return i < 0 ? kNone : model->nodes[static_cast<std::size_t>(i)];
  }
};
Got import(const Draw& d) {
  auto got = import_drawing(d.vdx(), "mappe/Prøve.vdx");
  EXPECT_TRUE(got) << got.error().text();
  if (!got) return {};
  auto model = got->bpmn.empty() ? base::Result<bpmn::ModelPtr>(std::make_shared<bpmn::Model>()) : bpmn::read(got->bpmn, "t");
  EXPECT_TRUE(model);
  for (const Row& row : got->report.rows) {
    const bool there = !row.element.empty() && row.verdict != Verdict::part && !got->bpmn.empty() && got->report.pages.at(static_cast<std::size_t>(row.page) - 1).imported;
    EXPECT_TRUE(!there || got->bpmn.find(" id=\"" + row.element + "\"") != std::string::npos) << row.type << " " << row.element << " is in the report and not in the diagram";
  }
  return {std::move(*got), *model};
}
void expect(const Row& row, const std::string& type, const std::string& reason, Verdict verdict) {
  EXPECT_EQ(row.type, type) << row.shape;
  EXPECT_EQ(row.reason, reason) << row.shape;
  EXPECT_EQ(name(row.verdict), name(verdict)) << row.shape << " " << row.confidence;
}
std::string data(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::string out;
  for (const auto& [name, value] : rows) out += "<Prop NameU='" + name + "' ID='1'><Value>" + value + "</Value></Prop>";
  return out;
}
std::string link(const std::string& address, const std::string& page = {}) { return "<Hyperlink NameU='Row_1' ID='1'><Address>" + address + "</Address><SubAddress>" + page + "</SubAddress></Hyperlink>"; }
std::string green() { return "<Fill><FillForegnd>#92d050</FillForegnd></Fill>"; }

TEST(VisioImport, ShapeDataComesBeforeTheMaster) {
  Draw d;
  d.box("1", "Task", 2, 8, "a", data({{"BpmnElementType", "Event"}, {"BpmnEventType", "End"}, {"BpmnTriggerOrResult", "Terminate"}}));
  d.box("2", "Gateway", 4, 8, "b", data({{"BpmnElementType", "Gateway"}, {"BpmnGatewayType", "Exclusive Event"}}));
  d.box("3", "Task", 6, 8, "c", data({{"BpmnActivityType", "Task"}, {"BpmnTaskType", "Business Rule"}, {"BpmnLoopType", "SequentialMultiInstance"}}));
  d.box("4", "Task", 8, 8, "d", data({{"BpmnElementType", "Activity"}, {"BpmnActivityType", "Sub-Process"}}));
  d.box("5", "Intermediate Event", 10, 8, "e", data({{"BpmnElementType", "Event"}, {"BpmnEventType", "Intermediate (Throwing)"}, {"BpmnTriggerOrResult", "Signal"}}));
  d.box("6", "Task", 12, 8, "", data({{"BpmnName", "Fra feltet"}, {"BpmnElementType", "Activity"}}));
  d.line("7", "Sequence Flow", 2.5, 8, 3.5, 8, "", data({{"BpmnConditionType", "Default"}})).glue("7", "2", "3");
  const Got g = import(d);
  expect(g.row("1"), "endEvent", "shape_data", Verdict::taken);
  EXPECT_EQ(g.node("1").events.at(0).kind, bpmn::EventKind::terminate);
  expect(g.row("2"), "eventBasedGateway", "shape_data", Verdict::taken);
  expect(g.row("3"), "businessRuleTask", "shape_data", Verdict::taken);
  ASSERT_TRUE(g.node("3").loop);
  EXPECT_TRUE(g.node("3").loop->sequential);
  expect(g.row("4"), "callActivity", "shape_data", Verdict::taken);
  expect(g.row("5"), "intermediateThrowEvent", "shape_data", Verdict::taken);
  EXPECT_EQ(g.row("6").name, "Fra feltet");
  EXPECT_GE(g.node("2").default_flow, 0);
}

TEST(VisioImport, EveryMasterOfTheRegistryIsKnown) {
  static const std::vector<std::tuple<std::string, std::string, std::string>> kMasters = {
#define MASTER(name, kind, reason) {name, #kind, #reason},
#include "bank/visio/masters.def"
#undef MASTER
  };
  Draw d;
  std::vector<std::string> ids;
  for (const auto& [name, kind, reason] : kMasters) {
    std::string plain = name;
    if (plain.ends_with('*')) plain.back() = 'x';
    ids.push_back(std::to_string(1000 + ids.size()));
    d.box(ids.back(), base::upper(plain) + ".17", 1 + static_cast<double>(ids.size()), 1, "n" + ids.back(), "<XForm1D><BeginX>1</BeginX><BeginY>1</BeginY><EndX>2</EndX><EndY>1</EndY></XForm1D>");
  }
  const Got g = import(d);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& [name, kind, reason] = kMasters[i];
    const Row& row = g.row(ids[i]);
    if (kind.ends_with("flow") || kind == "association") EXPECT_EQ(row.type, "flow") << name;  // a line without ends
    else EXPECT_NE(row.reason, "unknown_shape") << name;
  }
}

TEST(VisioImport, CallsOfTheBank) {
  Draw d;
  d.box("1", "Process", 2, 8, "Indhent lægeerklæring KLA 29.30.16", green());
  d.box("2", "Process", 4, 8, "Andet", link("Delarbejdsgang.vsd"));
  d.box("3", "Process", 6, 8, "Tredje", link("", "Side-2"));
  d.box("4", "Process", 8, 8, "KLA 29.30.16.04", green() + link("x.vsdx"));
  d.box("5", "Process", 10, 8, "Kun grøn", green());
  d.box("6", "Process", 12, 8, "Afgør sagen efter § 10, stk. 2 og §§ 12 a, 14", link("https://www.retsinformation.dk/eli/lta/2025/1"));
  d.pages = "<Page ID='1' Name='Side-2'><Shapes><Shape ID='1'" + d.master("Process") + "><XForm><PinX>1</PinX><PinY>1</PinY><Width>1</Width><Height>1</Height></XForm><Text>Trin</Text></Shape></Shapes></Page>";
  const Got g = import(d);
  expect(g.row("1"), "callActivity", "call_marks", Verdict::taken);
  expect(g.row("2"), "callActivity", "call_link", Verdict::guessed);
  expect(g.row("3"), "callActivity", "call_link", Verdict::guessed);
  EXPECT_EQ(g.node("3").zeebe.called_process, "Proces_p2");
  expect(g.row("4"), "callActivity", "call_marks", Verdict::taken);
  expect(g.row("5"), "task", "flowchart_master", Verdict::taken);
  expect(g.row("6"), "task", "flowchart_master", Verdict::taken);
  EXPECT_EQ(g.imported.report.kla, (std::vector<std::string>{"29.30.16", "29.30.16.04"}));
  EXPECT_EQ(g.imported.report.law, (std::vector<std::string>{"§ 10, stk. 2", "§§ 12 a", "https://www.retsinformation.dk/eli/lta/2025/1"}));
  std::vector<std::string> said;
  for (const bpmn::Header& p : g.node("6").zeebe.properties) said.push_back(p.key + "=" + p.value);
  EXPECT_EQ(said.size(), 3u);
  EXPECT_EQ(said.at(0), "lov=§ 10, stk. 2");
}

TEST(VisioImport, KlaAndLawAreFoundInText) {
  EXPECT_EQ(kla_codes("se KLA 29.30.16 og KLA\n01.02.03.04.05, KLA01.02.03."), (std::vector<std::string>{"29.30.16", "01.02.03.04.05", "01.02.03"}));
  EXPECT_TRUE(kla_codes("KLA 29.30 KLA 2.3.4 kla 29.30.16 KLA").empty());
  EXPECT_EQ(law_references("§ 7 og §12, stk. 3, nr. 2. §"), (std::vector<std::string>{"§ 7", "§12, stk. 3, nr. 2"}));
  EXPECT_TRUE(is_green("#92d050") && is_green("#00b050") && !is_green("#ffffff") && !is_green("#808080") && !is_green("") && !is_green("#5b9bd5"));
}

TEST(VisioImport, GlueAndArrowsGiveDirection) {
  Draw d;
  for (int i = 1; i <= 5; ++i) d.box(std::to_string(i), "Process", 2.0 * i, 8, "T" + std::to_string(i));
  d.line("11", "Dynamic connector", 0, 0, 1, 0).glue("11", "1", "2");
  d.line("12", "Dynamic connector", 0, 0, 1, 0, "", "<Line><BeginArrow>4</BeginArrow></Line>").glue("12", "3", "2");
  d.line("13", "Dynamic connector", 0, 0, 1, 0, "", "").glue("13", "3", "4");
  d.line("14", "Dynamic connector", 0, 0, 1, 0, "", "<Line><BeginArrow>4</BeginArrow><EndArrow>4</EndArrow></Line>").glue("14", "4", "5");
  d.line("15", "Dynamic connector", 0, 0, 1, 0, "igen").glue("15", "5", "5");
  d.line("16", "", 4.5, 3, 4.5, 4).glue("16", "", "11");                    // glued to a line, the other end nowhere
  d.line("17", "Dynamic connector", 0, 0, 1, 0).glue("17", "5", "11");      // joins the line to 2
  const Got g = import(d);
  const auto ends = [&](const std::string& id) { return g.row(id).from + ">" + g.row(id).to; };
  expect(g.row("11"), "sequenceFlow", "glued", Verdict::taken);
  EXPECT_EQ(ends("12"), g.row("2").element + ">" + g.row("3").element);
  expect(g.row("12"), "sequenceFlow", "glued_backwards", Verdict::taken);
  expect(g.row("13"), "sequenceFlow", "no_direction", Verdict::guessed);
  expect(g.row("14"), "sequenceFlow", "glued_both_ways", Verdict::guessed);
  EXPECT_EQ(ends("15"), g.row("5").element + ">" + g.row("5").element);
  expect(g.row("16"), "flow", "loose_end", Verdict::refused);
  expect(g.row("17"), "sequenceFlow", "joins_line", Verdict::guessed);
  EXPECT_EQ(ends("17"), g.row("5").element + ">" + g.row("2").element);
}

TEST(VisioImport, LooseLinesSnapByDistance) {
  Draw d;
  d.box("1", "Process", 2, 8, "A").box("2", "Process", 5, 8, "B").box("3", "Process", 5, 5, "C").box("4", "Process", 5, 2, "D");
  d.line("11", "", 2.53, 8, 4.47, 8).line("12", "", 2, 7.5, 4.4, 5).line("13", "", 2.2, 7.62, 4.25, 2).line("14", "", 12, 1, 14, 1).line("15", "", 2.5, 8, 9, 9);
  const Got g = import(d);
  expect(g.row("11"), "sequenceFlow", "touches", Verdict::taken);
  expect(g.row("12"), "sequenceFlow", "near_shape", Verdict::guessed);
  expect(g.row("13"), "sequenceFlow", "far_shape", Verdict::guessed);
  expect(g.row("14"), "flow", "loose_line", Verdict::refused);
  expect(g.row("15"), "flow", "loose_end", Verdict::refused);
}

TEST(VisioImport, DocumentsAndStartsSettleByTheirFlows) {
  Draw d;
  d.box("1", "Terminator", 1, 8, "Borgeren henvender sig").box("2", "Document", 3, 8, "Brev").box("3", "Process", 5, 8, "Læs").box("4", "Start/End", 7, 8, "Sagen er færdig").box("5", "Document", 5, 5, "Kopi");
  d.box("6", "Terminator", 9, 8, "Slut").box("7", "Terminator", 11, 8, "Uden pile").box("8", "On-page reference", 13, 8, "A").box("9", "Off-page reference", 15, 8, "B");
  d.line("11", "Dynamic connector", 0, 0, 1, 0).glue("11", "1", "2").line("12", "Dynamic connector", 0, 0, 1, 0).glue("12", "2", "3").line("13", "Dynamic connector", 0, 0, 1, 0).glue("13", "3", "4");
  d.line("14", "Dynamic connector", 0, 0, 1, 0).glue("14", "3", "5").line("15", "Dynamic connector", 0, 0, 1, 0).glue("15", "8", "9");
  const Got g = import(d);
  expect(g.row("1"), "startEvent", "terminator_flows", Verdict::taken);
  expect(g.row("2"), "task", "document_step", Verdict::guessed);
  expect(g.row("4"), "endEvent", "terminator_flows", Verdict::taken);
  expect(g.row("5"), "dataObjectReference", "document_aside", Verdict::taken);
  expect(g.row("6"), "endEvent", "terminator_text", Verdict::taken);
  expect(g.row("7"), "startEvent", "terminator_guess", Verdict::guessed);
  expect(g.row("8"), "intermediateCatchEvent", "reference_link", Verdict::guessed);
  expect(g.row("9"), "intermediateThrowEvent", "reference_link", Verdict::guessed);
  EXPECT_EQ(g.row("14").type, "association");
}

TEST(VisioImport, EventsOnBordersAndStepsInsideSubProcesses) {
  Draw d;
  d.box("1", "Expanded Sub-Process", 5, 5, "Del", "", 6, 4).box("2", "Task", 4, 5, "Inde").box("3", "Task", 6.5, 5, "Også inde").box("4", "Task", 12, 5, "Ude");
  d.box("5", "Intermediate Event", 4, 4.6, "Frist", data({{"BpmnTriggerOrResult", "Timer"}, {"BpmnEventType", "Intermediate (Non-Interrupting)"}}), 0.3, 0.3);
  d.line("11", "Sequence Flow", 0, 0, 1, 0).glue("11", "2", "3").line("12", "Sequence Flow", 0, 0, 1, 0).glue("12", "1", "4");
  d.box("6", "Message", 15, 5, "").box("7", "Text Annotation", 15, 8, "Husk\nfristen").box("8", "Data Store", 17, 5, "Register");
  d.line("13", "Association", 0, 0, 1, 0).glue("13", "7", "4");
  const Got g = import(d);
  EXPECT_EQ(g.node("2").parent, g.model->node(g.row("1").element));
  EXPECT_EQ(g.node("4").parent, -1);
  expect(g.row("5"), "boundaryEvent", "on_border", Verdict::taken);
  EXPECT_EQ(g.node("5").attached_to, g.model->node(g.row("2").element));
  EXPECT_FALSE(g.node("5").interrupting);
  EXPECT_EQ(g.model->flows.size(), 2u);
  expect(g.row("6"), "decoration", "message_icon", Verdict::refused);
  expect(g.row("7"), "textAnnotation", "bpmn_master", Verdict::taken);
  expect(g.row("8"), "dataStoreReference", "bpmn_master", Verdict::taken);
  EXPECT_EQ(g.row("13").type, "association");
}

TEST(VisioImport, UnknownShapesAndFreeTexts) {
  Draw d;
  d.box("1", "Noget helt andet", 2, 8, "Trin", Draw::rows({{0, 0}, {1, 0}, {0.8, 0.4}, {1, 0.7}, {0, 0.75}, {0, 0}})).box("2", "", 5, 8, "Kasse", Draw::rect(1, 0.75)).box("3", "", 8, 8, "", Draw::rect(1, 0.75));
  const std::string bare = "<Line><LinePattern>0</LinePattern></Line><Fill><FillPattern>0</FillPattern></Fill>";
  d.box("4", "", 3.5, 8.1, "ja", bare, 0.4, 0.2).box("5", "", 15, 2, "Tegnet 2009", bare).box("6", "", 11, 8, "", Draw::rect(1, 0.75)).box("7", "", 11, 8, "Navn i kassen", bare, 0.5, 0.2);
  d.line("11", "", 2.5, 8, 4.5, 8).line("12", "", 5.5, 8, 10.5, 8);
  d.shapes += "<Shape ID='8' Type='Foreign'>" + Draw::form(17, 8, 1, 1) + "</Shape>";
  d.pages = "<Page ID='9' Name='Baggrund' Background='1'><Shapes><Shape ID='1'>" + Draw::form(1, 1, 1, 1) + "<Text>Logo</Text></Shape></Shapes></Page>";
  const Got g = import(d);
  expect(g.row("1"), "task", "unknown_shape", Verdict::guessed);
  expect(g.row("2"), "task", "box", Verdict::guessed);
  expect(g.row("3"), "unknown", "decoration", Verdict::refused);
  expect(g.row("4"), "label", "label_of_line", Verdict::guessed);
  EXPECT_EQ(g.row("11").name, "ja");
  expect(g.row("5"), "textAnnotation", "free_text", Verdict::guessed);
  EXPECT_EQ(g.row("6").name, "Navn i kassen");
  expect(g.row("7"), "label", "label_of_shape", Verdict::guessed);
  expect(g.row("8"), "decoration", "picture", Verdict::refused);
  expect(g.row("1", 2), "unknown", "background", Verdict::refused);
  EXPECT_EQ(g.imported.report.pages.size(), 2u);
  EXPECT_FALSE(g.imported.report.pages[1].imported);
}

TEST(VisioImport, LanesWithoutAndWithFrames) {
  Draw d;
  d.box("1", "Functional band", 8, 8, "Borger", "", 14, 2).box("2", "Functional band", 8, 6, "Kommune", "", 14, 2).box("3", "Process", 4, 8, "Søg").box("4", "Process", 6, 6, "Behandl").box("5", "Separator", 9, 7, "Fase 1");
  d.line("11", "Dynamic connector", 0, 0, 1, 0).glue("11", "3", "4").line("12", "Dynamic connector", 0, 0, 1, 0).glue("12", "4", "1");
  const Got g = import(d);
  ASSERT_EQ(g.model->participants.size(), 1u);
  EXPECT_EQ(g.model->participants[0].name, "Prøve");
  ASSERT_EQ(g.model->lanes.size(), 2u);
  EXPECT_EQ(g.row("11").type, "sequenceFlow");
  expect(g.row("5"), "phase", "phase", Verdict::refused);
  expect(g.row("12"), "flow", "no_flow_end", Verdict::refused);
  Draw one;
  one.box("1", "CFF Container", 8, 8, "", "", 15, 3).box("2", "Swimlane", 8.2, 8, "Lager", "", 14, 3).box("3", "Process", 4, 8, "Pak").box("4", "Process", 4, 1, "Udenfor");
  const Got h = import(one);
  ASSERT_EQ(h.model->participants.size(), 1u);
  EXPECT_EQ(h.model->participants[0].name, "Lager");
  EXPECT_TRUE(h.model->lanes.empty());
  expect(h.row("2"), "lane", "lone_lane", Verdict::taken);
  expect(h.row("4"), "task", "outside_pools", Verdict::guessed);
}

TEST(VisioImport, PartsStructuresAndHiddenLayers) {
  Draw d;
  d.box("1", "Eget rum", 5, 8, "Pulje", "<User NameU='msvStructureType' ID='1'><Value>Container</Value></User><User NameU='msvShapeCategories' ID='2'><Value>Swimlane</Value></User>", 8, 2);
  d.box("2", "Liste", 5, 8, "", "<User NameU='msvStructureType' ID='1'><Value>List</Value></User>", 8, 2);
  d.box("3", "Process", 3, 8, "A").box("4", "Process", 6, 8, "B");
  d.shapes += "<Shape ID='5' Type='Group'" + d.master("Gateway") + ">" + Draw::form(8, 8, 0.5, 0.5) + "<Shapes><Shape ID='6' Type='Foreign'>" + Draw::form(0.25, 0.25, 0.3, 0.3) + "</Shape></Shapes></Shape>";
  d.shapes += "<Shape ID='7' Type='Group'" + d.master("Process") + ">" + Draw::form(3, 4, 1, 1) + "<Shapes><Shape ID='8'>" + Draw::form(0.5, 0.5, 0.3, 0.3) + "<Text>Fra delen</Text></Shape></Shapes></Shape>";
  d.box("9", "Process", 6, 4, "Skjult", "<LayerMem><LayerMember>0</LayerMember></LayerMem>").box("10", "Action", 9, 4, "Handling").box("20", "On-page reference", 6, 1, "X");
  d.line("11", "", 3.2, 8, 5.9, 8.2).line("12", "", 3.4, 8.1, 3.3, 7.8).line("13", "Message Flow", 0, 0, 1, 0).glue("13", "3", "4").line("14", "Dynamic connector", 0, 0, 1, 0).glue("14", "8", "10");
  d.line("15", "Dynamic connector", 0, 0, 1, 0).glue("15", "10", "20").line("16", "Dynamic connector", 0, 0, 1, 0).glue("16", "20", "7");
  std::string vdx = d.vdx();
  vdx.insert(vdx.find("</PageSheet>"), "<Layer IX='0'><Name>Noter</Name><Visible>0</Visible></Layer>");
  const auto got = import_drawing(vdx, "t.vdx");
  ASSERT_TRUE(got) << got.error().text();
  const Got g{*got, *bpmn::read(got->bpmn, "t")};
  expect(g.row("2"), "frame", "structure", Verdict::part);
  expect(g.row("5"), "exclusiveGateway", "picture_marker", Verdict::guessed);
  expect(g.row("6"), "unknown", "part", Verdict::part);
  EXPECT_EQ(g.row("7").name, "Fra delen");
  expect(g.row("8"), "unknown", "part", Verdict::part);
  expect(g.row("9"), "unknown", "hidden_layer", Verdict::refused);
  expect(g.row("10"), "task", "loose_master", Verdict::guessed);
  expect(g.row("11"), "sequenceFlow", "inside_shape", Verdict::guessed);
  expect(g.row("12"), "flow", "same_end", Verdict::refused);
  expect(g.row("13"), "sequenceFlow", "other_kind", Verdict::guessed);
  EXPECT_EQ(g.row("14").from, g.row("7").element);  // glued to a part: the shape around it
  expect(g.row("20"), "intermediateThrowEvent", "reference_joint", Verdict::guessed);
  bool contained = false;
  for (const Row& row : got->report.rows) contained |= row.reason == "container_structure" || row.reason == "lone_lane";
  EXPECT_TRUE(contained);
}

TEST(VisioImport, APageHoldsOnlySoMany) {
  Draw d;
  for (int i = 0; i < 5'001; ++i) d.box(std::to_string(i), "Process", 1 + 2.0 * i, 1, "t");
  const Got g = import(d);
  std::size_t over = 0;
  for (const Row& row : g.imported.report.rows) over += row.reason == "too_many" && row.verdict == Verdict::refused;
  EXPECT_EQ(over, 1u);
}

TEST(VisioImport, TheReportSaysItInJson) {
  Draw d;
  d.box("1", "Process", 2, 8, "Et \"trin\"");
  const base::Json json = import(d).imported.report.json();
  EXPECT_EQ(json["counts"]["taken"].as_int(), 1);
  EXPECT_EQ(json.at_pointer("/shapes/0/name").as_string(), "Et \"trin\"");
  EXPECT_EQ(json.at_pointer("/shapes/0/confidence").number_text(), "0.9");
  EXPECT_EQ(json.at_pointer("/reasons/flowchart_master/da").as_string(), std::string(reason_text("flowchart_master").danish));
  EXPECT_TRUE(reason_text("findes ikke").english.empty());
  const Got nothing = import(Draw());
  EXPECT_TRUE(nothing.imported.bpmn.empty());
}

}  // namespace
