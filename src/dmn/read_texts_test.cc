// JSON has no dates: what a text means at the border is said by the declared type of the input data.
#include <gtest/gtest.h>

#include "dmn/dmn.h"

namespace dmn {
namespace {

constexpr const char* kModel = R"(<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="m" name="m" namespace="urn:m">
<itemDefinition name="tStay"><itemComponent name="from"><typeRef>date</typeRef></itemComponent><itemComponent name="length"><typeRef>days and time duration</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tDays" isCollection="true"><typeRef>date</typeRef></itemDefinition>
<inputData id="i1" name="day"><variable name="day" typeRef="date"/></inputData>
<inputData id="i2" name="stay"><variable name="stay" typeRef="tStay"/></inputData>
<inputData id="i3" name="days"><variable name="days" typeRef="tDays"/></inputData>
<inputData id="i4" name="word"><variable name="word" typeRef="string"/></inputData>
<decision id="d" name="d"><variable name="d"/><informationRequirement><requiredInput href="#i1"/></informationRequirement><informationRequirement><requiredInput href="#i2"/></informationRequirement>
<informationRequirement><requiredInput href="#i3"/></informationRequirement><informationRequirement><requiredInput href="#i4"/></informationRequirement>
<literalExpression><text>[day.year, stay.from + stay.length, count(days[item > day]), word]</text></literalExpression></decision></definitions>)";

TEST(ReadTexts, BecomeWhatTheirTypeSays) {
  const auto model = read(kModel, "m.dmn");
  ASSERT_TRUE(model) << model.error().text();
  const auto program = compile({*model});
  ASSERT_TRUE(program) << program.error().text();
  const auto json = base::parse_json(R"({"day": "2026-01-02", "stay": {"from": "2026-02-28", "length": "P1D"}, "days": ["2026-01-01", "2026-01-03"], "word": "2026-01-02"})", "test");
  ASSERT_TRUE(json);
  feel::Context inputs = feel::from_json(*json).as_context().copy();
  const auto plain = (*program)->evaluate("d", inputs, {});
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->value.as_list()[0].is_null()) << "a text is no date before it is read";
  (*program)->read_texts("d", inputs);
  const auto read = (*program)->evaluate("d", inputs, {});
  ASSERT_TRUE(read);
  EXPECT_EQ(feel::text(read->value), R"([2026, 2026-03-01, 1, "2026-01-02"])");

  const auto prepared = (*program)->prepare("d");
  ASSERT_TRUE(prepared);
  const feel::Value day = (*prepared)->read_text(0, feel::Value::string("2026-01-02"));
  EXPECT_EQ(day.kind(), feel::Kind::date);
  const feel::Value wrong = (*prepared)->read_text(0, feel::Value::string("2. januar"));
  EXPECT_EQ(wrong.kind(), feel::Kind::string) << "what is no date stays for the evaluation to refuse";
}

}  // namespace
}  // namespace dmn
