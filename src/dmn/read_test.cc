// Reading: the shape of a model, positions, older namespaces, and what is refused with where and what would be right.
#include <gtest/gtest.h>

#include "dmn/dmn.h"
#include "dmn/model.h"

namespace dmn {
namespace {

constexpr const char* k15 = "https://www.omg.org/spec/DMN/20230324/MODEL/";

std::string definitions(const std::string& inside, const std::string& ns = k15) {
  return "<definitions xmlns=\"" + ns + "\" id=\"d\" name=\"m\" namespace=\"urn:m\">\n" + inside + "\n</definitions>";
}

base::Error error_of(const std::string& xml) {
  const auto model = read(xml, "t.dmn");
  if (model) {
    ADD_FAILURE() << "was read: " << xml;
    return {};
  }
  return model.error();
}

TEST(Read, EveryNamespaceFrom11To15) {
  for (const auto& [ns, version] : std::vector<std::pair<std::string, std::string>>{
           {"http://www.omg.org/spec/DMN/20151101/dmn.xsd", "1.1"}, {"http://www.omg.org/spec/DMN/20180521/MODEL/", "1.2"},
           {"https://www.omg.org/spec/DMN/20191111/MODEL/", "1.3"}, {"https://www.omg.org/spec/DMN/20211108/MODEL/", "1.4"}, {k15, "1.5"}}) {
    const auto model = read(definitions("<inputData id=\"i\" name=\"A\"/>", ns), "t.dmn");
    ASSERT_TRUE(model) << model.error().text();
    EXPECT_EQ((*model)->version, version);
    EXPECT_EQ((*model)->inputs.at(0).name, "A");
  }
}

TEST(Read, OtherRootOrNamespaceIsRefused) {
  EXPECT_EQ(error_of("<definitions xmlns=\"urn:other\"/>").code, base::ErrorCode::invalid_dmn);
  EXPECT_NE(error_of("<definitions xmlns=\"urn:other\"/>").remedy.find("20230324"), std::string::npos);
  EXPECT_EQ(error_of(std::string("<process xmlns=\"") + k15 + "\"/>").code, base::ErrorCode::invalid_dmn);
  EXPECT_EQ(error_of("<definitions").code, base::ErrorCode::invalid_xml);
}

TEST(Read, PositionOfATextIsItsFirstCharacter) {
  const auto model = read(definitions("<decision id=\"x\" name=\"X\">\n  <literalExpression id=\"l\">\n    <text note=\"a > b\">1 + 1</text></literalExpression></decision>"), "t.dmn");
  ASSERT_TRUE(model) << model.error().text();
  const auto& text = std::get<LiteralExpression>((*model)->decisions.at(0).logic->logic).text;
  EXPECT_EQ(text.text, "1 + 1");
  EXPECT_EQ(text.at.line, 4);
  EXPECT_EQ(text.at.column, 24);
}

TEST(Read, PositionInsideCdata) {
  const auto model = read(definitions("<decision id=\"x\" name=\"X\"><literalExpression><text><![CDATA[a < b]]></text></literalExpression></decision>"), "t.dmn");
  ASSERT_TRUE(model) << model.error().text();
  const auto& text = std::get<LiteralExpression>((*model)->decisions.at(0).logic->logic).text;
  EXPECT_EQ(text.text, "a < b");
  EXPECT_EQ(text.at.column, 27 + 19 + 6 + 9);
}

TEST(Read, QualifiedTypeNamesOfDmn11) {
  const auto model = read("<definitions xmlns=\"http://www.omg.org/spec/DMN/20151101/dmn.xsd\" xmlns:feel=\"http://www.omg.org/spec/FEEL/20140401\" xmlns:own=\"urn:m\" "
                          "id=\"d\" name=\"m\" namespace=\"urn:m\"><inputData name=\"A\"><variable name=\"A\" typeRef=\"feel:number\"/></inputData>"
                          "<inputData name=\"B\"><variable name=\"B\" typeRef=\"own:tLoan\"/></inputData></definitions>", "t.dmn");
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ((*model)->inputs.at(0).variable.type.name, "number");
  EXPECT_EQ((*model)->inputs.at(1).variable.type.name, "tLoan");
}

TEST(Read, EveryBoxedExpression) {
  const std::string x = "<literalExpression><text>1</text></literalExpression>";
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"LITERAL_EXPRESSION", x},
      {"DECISION_TABLE", "<decisionTable><output/></decisionTable>"},
      {"CONTEXT", "<context><contextEntry><variable name=\"a\"/>" + x + "</contextEntry><contextEntry>" + x + "</contextEntry></context>"},
      {"LIST", "<list>" + x + x + "</list>"},
      {"RELATION", "<relation><column name=\"a\"/><row>" + x + "</row></relation>"},
      {"FUNCTION_DEFINITION", "<functionDefinition><formalParameter name=\"p\"/>" + x + "</functionDefinition>"},
      {"INVOCATION", "<invocation>" + x + "<binding><parameter name=\"p\"/>" + x + "</binding></invocation>"},
      {"CONDITIONAL", "<conditional><if>" + x + "</if><then>" + x + "</then><else>" + x + "</else></conditional>"},
      {"FILTER", "<filter><in>" + x + "</in><match>" + x + "</match></filter>"},
      {"FOR", "<for iteratorVariable=\"i\"><in>" + x + "</in><return>" + x + "</return></for>"},
      {"SOME", "<some iteratorVariable=\"i\"><in>" + x + "</in><satisfies>" + x + "</satisfies></some>"},
      {"EVERY", "<every iteratorVariable=\"i\"><in>" + x + "</in><satisfies>" + x + "</satisfies></every>"}};
  for (const auto& [kind, xml] : kinds) {
    const auto model = read(definitions("<decision id=\"x\" name=\"X\">" + xml + "</decision>"), "t.dmn");
    ASSERT_TRUE(model) << kind << ": " << model.error().text();
    EXPECT_EQ(kind_name((*model)->decisions.at(0).logic.get()), kind);
  }
}

TEST(Read, FaultsSayWhereAndWhatWouldBeRight) {
  struct Case {
    std::string xml, message, remedy;
    base::ErrorCode code = base::ErrorCode::invalid_dmn;
  };
  const std::string decision = "<decision id=\"x\" name=\"X\">\n";
  const std::vector<Case> cases = {
      {decision + "<decisionTable id=\"x\" hitPolicy=\"BEST\"><output/></decisionTable></decision>", "hitPolicy \"BEST\"", "UNIQUE, FIRST"},
      {decision + "<decisionTable id=\"x\" aggregation=\"AVG\"><output/></decisionTable></decision>", "aggregation \"AVG\"", "SUM, COUNT"},
      {decision + "<informationRequirement id=\"x\"><requiredInput id=\"x\"/></informationRequirement></decision>", "no href", "href=\"#id\""},
      {decision + "<for id=\"x\"><in/></for></decision>", "no iteratorVariable", "iteratorVariable=\"name\""},
      {decision + "<conditional id=\"x\"><if/></conditional></decision>", "no expression in <if>", "literalExpression"},
      {decision + "<relation id=\"x\"><column name=\"a\"/><row id=\"x\"/></relation></decision>", "0 cells", "one expression"},
      {decision + "<invocation id=\"x\"/></decision>", "does not say what it calls", "name of the function"},
      {"\n<magic id=\"x\"/>", "<magic>", "DMN 1.5", base::ErrorCode::unsupported_element},
      {decision + "<literalExpression id=\"x\" expressionLanguage=\"urn:js\"/></decision>", "urn:js", "FEEL", base::ErrorCode::unsupported_element},
  };
  for (const Case& c : cases) {
    const base::Error error = error_of(definitions(c.xml));
    EXPECT_EQ(error.code, c.code) << c.xml;
    EXPECT_NE(error.message.find(c.message), std::string::npos) << error.text();
    EXPECT_NE(error.remedy.find(c.remedy), std::string::npos) << error.text();
    EXPECT_EQ(error.where.file, "t.dmn");
    EXPECT_EQ(error.where.line, 3) << error.text();
    EXPECT_GT(error.where.column, 0) << error.text();
    EXPECT_EQ(error.where.element, "x") << error.text();
  }
}

TEST(Read, TooManyRulesIsALimit) {
  std::string rules;
  for (std::size_t i = 0; i <= base::limits::kTableRules; ++i) rules += "<rule/>";
  EXPECT_EQ(error_of(definitions("<decision id=\"x\" name=\"X\"><decisionTable><output/>" + rules + "</decisionTable></decision>")).code, base::ErrorCode::limit_exceeded);
}

TEST(Read, TooManyEntriesIsALimit) {
  std::string entries;
  for (std::size_t i = 0; i <= base::limits::kBoxedEntries; ++i) entries += "<contextEntry><variable name=\"a\"/></contextEntry>";
  EXPECT_EQ(error_of(definitions("<decision id=\"x\" name=\"X\"><context>" + entries + "</context></decision>")).code, base::ErrorCode::limit_exceeded);
}

}  // namespace
}  // namespace dmn
