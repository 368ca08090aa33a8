// What somebody who draws asks over HTTP: findings, places, the text, the connectors' templates.
#include <fstream>

#include "api/test_house.h"
#include "base/limits_modeller.h"
#include "base/xml.h"
#include "bpmn/model.h"
#include "connectors/connector.h"

namespace {

using api_test::Client;
using api_test::House;
using api_test::kA;
using base::Json;

const api::Fields kXml = {{"Content-Type", "application/xml"}}, kText = {{"Content-Type", "text/plain; charset=utf-8"}};

std::string file(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}
const std::string kShipped = "bank/arbejdsmarked/arbejdsevnevurdering-paa-et-moede/proces.bpmn";

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
bool has(const Json& findings, const std::string& element, const std::string& code) {
  for (const Json& one : findings.as_array())
    if (one["element"] == Json(element) && one["code"] == Json(code)) return true;
  return false;
}

class Modeller : public House {
 protected:
  Json check(Client& who, const std::string& body, const api::Fields& type, const std::string& query = "") {
    const auto reply = who.call("POST", "/api/bank/check" + query, body, type);
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body;
  }
};

TEST_F(Modeller, FindingsAtTheirElementWithTheRemedy) {
  Client anna = signed_in(kA);
  EXPECT_EQ(check(anna, api_test::kProcess, kXml)["errors"], Json(0));
  const std::string broken = changed(api_test::kProcess, "type=\"betaling\"", "type=\"\"");
  const Json found = check(anna, broken, kXml);
  EXPECT_GT(found["errors"].int_or(0), 0) << found.dump();
  const Json& first = found["findings"].as_array().front();
  EXPECT_EQ(first["element"], Json("betal"));
  for (const char* member : {"code", "message", "message_da", "remedy"}) EXPECT_NE(first[member].string_or(""), "") << member;
  EXPECT_EQ(first["error"], Json(true));
  const Json mild = check(anna, broken, kXml, "?profile=lenient");
  EXPECT_EQ(mild["errors"], Json(0));
  EXPECT_GT(mild["total"].int_or(0), 0);
  EXPECT_EQ(anna.call("POST", "/api/bank/check?profile=streng", broken, kXml).status, 400);
}

TEST_F(Modeller, AConditionThatIsNoFeelIsToldWhileDrawing) {
  Client anna = signed_in(kA);
  const Json found = check(anna, changed(api_test::kProcess, "<bpmn:sequenceFlow id=\"f2\" sourceRef=\"vurder\" targetRef=\"betal\" />",
      R"(<bpmn:sequenceFlow id="f2" sourceRef="vurder" targetRef="betal"><bpmn:conditionExpression>=krav &gt; (</bpmn:conditionExpression></bpmn:sequenceFlow>)"), kXml);
  EXPECT_TRUE(has(found["findings"], "f2", "SG-FEEL")) << found.dump();
  EXPECT_GT(found["errors"].int_or(0), 0);
}

TEST_F(Modeller, WhatCannotBeReadIsAFindingAtItsLine) {
  Client anna = signed_in(kA);
  const Json text = check(anna, "proces: Sag\n  start: Ny sag\n  brugr: Vurder\n", kText);
  EXPECT_EQ(text["findings"].as_array().front()["line"], Json(3)) << text.dump();
  EXPECT_EQ(text["errors"], Json(1));
  const Json xml = check(anna, "<definitions>\n<x></definitions>", kXml);
  EXPECT_EQ(xml["findings"].as_array().front()["line"], Json(2)) << xml.dump();
  EXPECT_EQ(check(anna, "proces: Sag\n  start: Ny sag\n  slut: Slut\n", kText)["errors"], Json(0));
}

TEST_F(Modeller, LayoutPlacesAndKeeps) {
  Client anna = signed_in(kA);
  const auto placed = anna.call("POST", "/api/bank/layout", api_test::kProcess, kXml);
  ASSERT_EQ(placed.status, 200) << placed.text;
  const auto model = bpmn::read(placed.text, "x");
  ASSERT_TRUE(model.has_value());
  ASSERT_EQ((*model)->diagrams.size(), 1u);
  EXPECT_EQ((*model)->diagrams[0].shapes.size(), 4u);
  EXPECT_EQ(anna.call("POST", "/api/bank/layout", placed.text, kXml).text, placed.text) << "the same again";
  std::string moved = placed.text;
  const bpmn::Shape* shape = nullptr;
  for (const auto& one : (*model)->diagrams[0].shapes)
    if (one.element == "vurder") shape = &one;
  ASSERT_NE(shape, nullptr);
  const auto at = moved.find("<dc:Bounds", moved.find("bpmnElement=\"vurder\""));
  moved.replace(at, moved.find("/>", at) - at, R"(<dc:Bounds x="333" y="444" width="100" height="80")");
  const auto where = [&](const std::string& xml) {
    const auto read = bpmn::read(xml, "x");
    for (const auto& one : (*read)->diagrams[0].shapes)
      if (one.element == "vurder") return std::pair(one.bounds.x, one.bounds.y);
    return std::pair(-1.0, -1.0);
  };
  EXPECT_EQ(where(anna.call("POST", "/api/bank/layout?keep=true", moved, kXml).text), std::pair(333.0, 444.0));
  EXPECT_NE(where(anna.call("POST", "/api/bank/layout", moved, kXml).text), std::pair(333.0, 444.0));
}

TEST_F(Modeller, TextBothWaysAndPlacesSurviveTheText) {
  Client anna = signed_in(kA);
  const std::string shipped = file(kShipped);
  const auto outline = anna.post("/api/bank/notation", Json::Object{{"bpmn", shipped}});
  ASSERT_EQ(outline.status, 200) << outline.text;
  const std::string text = outline.body["text"].string_or("");
  const std::string edited = changed(text, "Indkalder til møde", "Indkalder borgeren");
  const auto back = anna.post("/api/bank/notation", Json::Object{{"text", changed(edited, ": Indkalder borgeren", " #indkalder_til_moede: Indkalder borgeren")}, {"bpmn", shipped}});
  ASSERT_EQ(back.status, 200) << back.text;
  const auto before = bpmn::read(shipped, "x"), after = bpmn::read(back.body["bpmn"].string_or(""), "x");
  ASSERT_TRUE(before && after);
  int node = (*after)->node("indkalder_til_moede");
  ASSERT_GE(node, 0);
  EXPECT_EQ((*after)->nodes[static_cast<std::size_t>(node)].name, "Indkalder borgeren");
  const auto place = [](const bpmn::Model& model, const std::string& id) {
    for (const auto& one : model.diagrams[0].shapes)
      if (one.element == id) return std::tuple(one.bounds.x, one.bounds.y, one.bounds.width, one.bounds.height);
    return std::tuple(-1.0, -1.0, -1.0, -1.0);
  };
  for (const auto& one : (*before)->nodes) EXPECT_EQ(place(**after, one.id), place(**before, one.id)) << one.id;
  const auto bad = anna.post("/api/bank/notation", Json::Object{{"text", "proces: Sag\n  brugr: x\n"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.body["where"]["line"], Json(2)) << bad.text;
  EXPECT_NE(bad.body["remedy"].string_or(""), "");
  EXPECT_EQ(anna.post("/api/bank/notation", Json::object()).status, 400);
}

TEST_F(Modeller, TemplatesTellEveryConnector) {
  Client anna = signed_in(kA);
  const auto reply = anna.get("/api/bank/element-templates");
  ASSERT_EQ(reply.status, 200);
  ASSERT_EQ(reply.body.size(), connectors::all().size());
  for (std::size_t i = 0; i < reply.body.size(); ++i) {
    const Json& one = reply.body.as_array()[i];
    const auto& connector = *connectors::all()[i];
    EXPECT_EQ(one["name"], Json(connector.title_da()));
    std::size_t inputs = 0, outputs = 0, types = 0;
    for (const Json& property : one["properties"].as_array()) {
      const std::string kind = property["binding"]["type"].string_or("");
      inputs += kind == "zeebe:input", outputs += kind == "zeebe:output";
      if (kind == "zeebe:taskDefinition") types += property["value"] == Json(connector.type());
      EXPECT_TRUE(kind == "zeebe:taskDefinition" || property["description"].string_or("") != "") << property.dump();
    }
    EXPECT_EQ(types, 1u);
    EXPECT_EQ(inputs, connector.input_schema()["properties"].size());
    EXPECT_EQ(outputs, connector.output_schema()["properties"].size());
  }
}

TEST_F(Modeller, LimitsAndFormsAreNamed) {
  Client anna = signed_in(kA);
  const std::string large(base::limits::kModellerBytes + 1, ' ');
  for (const char* path : {"/api/bank/check", "/api/bank/layout"}) {
    const auto reply = anna.call("POST", path, large, kXml);
    EXPECT_EQ(reply.status, 413) << path;
    EXPECT_NE(reply.text.find("kModellerBytes"), std::string::npos) << reply.text;
  }
  EXPECT_EQ(anna.post("/api/bank/notation", Json::Object{{"text", large}}).status, 413);
  EXPECT_EQ(anna.post("/api/bank/check", Json::object()).status, 415);
  EXPECT_EQ(anna.call("POST", "/api/bank/layout", "proces: Sag", kText).status, 415);
  EXPECT_EQ(anna.call("POST", "/api/bank/layout", "proces: Sag", kXml).status, 400);
  EXPECT_EQ(stranger().call("POST", "/api/bank/check", api_test::kProcess, kXml).status, 401);
  const auto entity = anna.call("POST", "/api/bank/layout", "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>", kXml);
  EXPECT_EQ(entity.status, 400);
  EXPECT_EQ(entity.text.find("root:"), std::string::npos);
}

}  // namespace
