#include <gtest/gtest.h>

#include "bpmn/check.h"
#include "bpmn/test_files.h"
#include "bpmn/tree_difference.h"

namespace bpmn {
namespace {
using namespace test;

const Node& at(const Model& model, std::string_view id) {
  const int index = model.node(id);
  if (index < 0) {
    ADD_FAILURE() << "no node " << id;
    static const Node none;
    return none;
  }
  return model.nodes[static_cast<std::size_t>(index)];
}

TEST(Read, FillsTheTypedFacts) {
  const ModelPtr model = model_of("tests/bpmn/valid/deploy.bpmn");
  ASSERT_EQ(model->processes.size(), 1u);
  EXPECT_TRUE(model->processes[0].executable);
  const Node& fetch = at(*model, "fetch");
  EXPECT_EQ(fetch.type, ElementType::service_task);
  EXPECT_EQ(fetch.zeebe.task_type, "demo:fetch");
  EXPECT_EQ(fetch.zeebe.task_retries, "3");
  ASSERT_EQ(fetch.zeebe.inputs.size(), 1u);
  EXPECT_EQ(fetch.zeebe.inputs[0].source, "= id");
  EXPECT_EQ(fetch.zeebe.outputs.at(0).target, "case.data");
  EXPECT_EQ(fetch.zeebe.headers.at(0).key, "k");
  EXPECT_EQ(fetch.boundary.size(), 2u);
  EXPECT_EQ(at(*model, "failed").attached_to, model->node("fetch"));
  EXPECT_TRUE(at(*model, "failed").interrupting);
  EXPECT_FALSE(at(*model, "slow").interrupting);
  EXPECT_EQ(at(*model, "slow").events.at(0).timer, TimerKind::duration);
  EXPECT_EQ(at(*model, "slow").events.at(0).expression, "PT1H");
  EXPECT_EQ(model->error(at(*model, "failed").events.at(0).ref)->code, "REFUSED");
  EXPECT_EQ(at(*model, "judge").zeebe.decision_id, "d");
  EXPECT_EQ(at(*model, "sum").zeebe.script_result, "two");
  EXPECT_TRUE(at(*model, "ask").zeebe.user_task);
  EXPECT_EQ(at(*model, "ask").zeebe.candidate_groups, "sagsbehandler");
  EXPECT_EQ(model->message("answer")->correlation_key, "= case");
  EXPECT_TRUE(at(*model, "call").zeebe.has_called_element);
  EXPECT_FALSE(at(*model, "call").zeebe.propagate_all_child);
  const Node& each = at(*model, "each");
  ASSERT_TRUE(each.loop.has_value());
  EXPECT_TRUE(each.loop->sequential);
  EXPECT_EQ(each.loop->completion_condition, "= done");
  EXPECT_EQ(each.zeebe.output_element, "= result");
  EXPECT_EQ(at(*model, "es").parent, model->node("each"));
}

TEST(Read, ConnectsFlowsInTheOrderOfTheFile) {
  const ModelPtr model = model_of("tests/bpmn/valid/deploy.bpmn");
  const Node& split = at(*model, "split");
  ASSERT_EQ(split.outgoing.size(), 3u);
  std::vector<std::string> order;
  for (const int flow : split.outgoing) order.push_back(model->flows[static_cast<std::size_t>(flow)].id);
  EXPECT_EQ(order, (std::vector<std::string>{"split_sum", "split_ask", "split_thrown"}));
  EXPECT_EQ(model->flows[static_cast<std::size_t>(split.default_flow)].id, "split_ask");
  EXPECT_EQ(model->flows[static_cast<std::size_t>(split.outgoing[0])].condition, "= r > 1");
  EXPECT_TRUE(split.line > 1 && split.column > 0);
}

TEST(Read, KnowsEveryElementOfTheRegistry) {
  const ModelPtr model = model_of("tests/bpmn/every_element.bpmn");
  std::vector<std::string> missing;
#define ELEMENT(name, xml, section, family, executes)                                                       \
  if (std::ranges::none_of(model->nodes, [](const Node& n) { return n.type == ElementType::name; })) missing.push_back(#name);
#include "bpmn/elements.def"
#undef ELEMENT
  EXPECT_EQ(missing, std::vector<std::string>{});
  EXPECT_EQ(model->notes, std::vector<std::string>{});
}

TEST(Read, ResolvesQualifiedNamesByTheirLocalPart) {
  const auto model = read(process_text("<sendTask id=\"a\" messageRef=\"t:m\"/><startEvent id=\"s\">"
                                       "<eventDefinitionRef>t:shared</eventDefinitionRef></startEvent>",
                                       "<message id=\"m\" name=\"M\"/><timerEventDefinition id=\"shared\"><timeCycle> R3/PT1H </timeCycle>"
                                       "</timerEventDefinition>"), "f");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ((*model)->message(at(**model, "a").message_ref)->name, "M");
  ASSERT_EQ(at(**model, "s").events.size(), 1u);
  EXPECT_EQ(at(**model, "s").events[0].timer, TimerKind::cycle);
  EXPECT_EQ(at(**model, "s").events[0].expression, "R3/PT1H");
}

TEST(Read, TellsWhetherASubProcessIsOpenWhenTheFileDoesNot) {
  const ModelPtr model = model_of("tests/bpmn/every_element.bpmn");
  const auto shape = [&](std::string_view id) {
    return *std::ranges::find_if(model->diagrams.at(0).shapes, [&](const Shape& s) { return s.element == id; });
  };
  EXPECT_TRUE(shape("o1").expanded);
  EXPECT_FALSE(shape("c0").expanded);
}

TEST(RoundTrip, KeepsEveryFileOfOurs) {
  auto files = bpmn_files("tests/bpmn");
  for (const auto& one : bpmn_files("bank")) files.push_back(one);
  ASSERT_GT(files.size(), 150u);
  for (const auto& file : files) {
    const ModelPtr model = model_of(file);
    const auto again = read(write(*model), file.string());
    ASSERT_TRUE(again) << file << ": " << again.error().message;
    EXPECT_EQ(tree_difference(model->document, (*again)->document), "") << file;
    EXPECT_EQ(write(*model), write(**again)) << file;
  }
}

TEST(RoundTrip, KeepsWhatItDoesNotUnderstand) {
  const std::string text = "<!-- above --><definitions xmlns=\"" + std::string(kBpmnNs) +
                           "\" xmlns:odd=\"urn:odd\" targetNamespace=\"urn:test\" odd:colour=\"blue &amp; green\"><process id=\"p\">"
                           "<extensionElements><odd:thing deep=\"1\"><odd:inner>æøå &lt;&gt;</odd:inner><!-- kept --></odd:thing>"
                           "</extensionElements><scriptTask id=\"s\"><script><![CDATA[a < b && c]]></script></scriptTask></process></definitions>";
  const auto model = read(text, "f");
  ASSERT_TRUE(model) << model.error().message;
  const std::string out = write(**model);
  for (const auto part : {"<!-- above -->", "odd:colour=\"blue &amp; green\"", "<odd:inner>æøå &lt;", "<!-- kept -->", "xmlns:odd=\"urn:odd\""})
    EXPECT_NE(out.find(part), std::string::npos) << part << "\n" << out;
  const auto again = read(out, "f");
  ASSERT_TRUE(again);
  EXPECT_EQ(at(**again, "s").script, "a < b && c");
  EXPECT_EQ(tree_difference((*model)->document, (*again)->document), "");
}

TEST(RoundTrip, DifferenceIsSeen) {
  const auto a = read(process_text("<task id=\"a\" name=\"x\"/>"), "f"), b = read(process_text("<task id=\"a\" name=\"y\"/>"), "f"),
             c = read(process_text("<task id=\"a\" name=\"x\"><incoming>f</incoming></task>"), "f");
  EXPECT_NE(tree_difference((*a)->document, (*b)->document).find("name 'x' became 'y'"), std::string::npos);
  EXPECT_NE(tree_difference((*a)->document, (*c)->document), "");
}

base::ErrorCode refused(const std::string& text) {
  const auto model = read(text, "bad.bpmn");
  EXPECT_FALSE(model);
  if (model) return base::ErrorCode::internal;
  EXPECT_EQ(model.error().where.file, "bad.bpmn");
  return model.error().code;
}

TEST(BadInput, NotABpmnFile) {
  EXPECT_EQ(refused("<html/>"), base::ErrorCode::invalid_bpmn);
  EXPECT_EQ(refused("<definitions/>"), base::ErrorCode::invalid_bpmn);
  EXPECT_EQ(refused("{}"), base::ErrorCode::invalid_xml);
  EXPECT_EQ(refused(""), base::ErrorCode::invalid_xml);
  EXPECT_EQ(refused(process_text("<task id=\"a\">")), base::ErrorCode::invalid_xml);
}

TEST(BadInput, EntitiesAndBombs) {
  EXPECT_EQ(refused("<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><d>&b;&b;</d>"), base::ErrorCode::invalid_xml);
  EXPECT_EQ(refused("<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><d/>"), base::ErrorCode::invalid_xml);
  EXPECT_EQ(refused("<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><d>&x;</d>"), base::ErrorCode::invalid_xml);
}

TEST(BadInput, DeepNesting) {
  std::string open, close;
  for (int i = 0; i < 10'000; ++i) open += "<subProcess id=\"s" + std::to_string(i) + "\">", close += "</subProcess>";
  EXPECT_EQ(refused(process_text(open + close)), base::ErrorCode::limit_exceeded);
}

TEST(BadInput, TooManyBytes) {
  EXPECT_EQ(refused(process_text("<documentation>" + std::string(base::limits::kXmlBytes, 'x') + "</documentation>")),
            base::ErrorCode::limit_exceeded);
}

TEST(BadInput, TenThousandFlows) {
  std::string content = "<startEvent id=\"n0\"/>";
  for (int i = 1; i <= 10'000; ++i) {
    const std::string n = std::to_string(i), before = std::to_string(i - 1);
    content += "<task id=\"n" + n + "\"/><sequenceFlow id=\"f" + n + "\" sourceRef=\"n" + before + "\" targetRef=\"n" + n + "\"/>";
  }
  const auto model = read(process_text(content), "f");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ((*model)->flows.size(), 10'000u);
  EXPECT_EQ(at(**model, "n10000").incoming.size(), 1u);
  EXPECT_FALSE(check(**model, Profile::strict).empty());
}

TEST(BadInput, ManyFlowsIntoOneGateway) {
  std::string content, listed;
  for (int i = 0; i < 5'000; ++i) {
    const std::string n = std::to_string(i);
    listed += "<incoming>f" + n + "</incoming>";
    content += "<task id=\"n" + n + "\"/><sequenceFlow id=\"f" + n + "\" sourceRef=\"n" + n + "\" targetRef=\"g\"/>";
  }
  const auto model = read(process_text("<parallelGateway id=\"g\">" + listed + "</parallelGateway>" + content), "f");
  ASSERT_TRUE(model);
  EXPECT_EQ(at(**model, "g").incoming.size(), 5'000u);
  EXPECT_FALSE(check(**model, Profile::strict).empty());
}

TEST(BadInput, OpenReferencesStayOpen) {
  const auto model = read(process_text("<task id=\"a\"/><sequenceFlow id=\"f\" sourceRef=\"a\" targetRef=\"nowhere\"/>"
                                       "<boundaryEvent id=\"b\" attachedToRef=\"nobody\"/><startEvent id=\"a\"/>"), "f");
  ASSERT_TRUE(model);
  EXPECT_EQ((*model)->flows[0].target, -1);
  EXPECT_EQ(at(**model, "b").attached_to, -1);
  EXPECT_EQ(at(**model, "a").type, ElementType::task) << "the first of two with one id";
}

}  // namespace
}  // namespace bpmn
