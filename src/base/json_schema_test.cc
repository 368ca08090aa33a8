#include "base/json_schema.h"

#include <gtest/gtest.h>

namespace {

base::Json json(const char* text) {
  auto v = base::parse_json(text);
  EXPECT_TRUE(v.has_value()) << v.error().text();
  return std::move(*v);
}
std::string faults(const char* schema, const char* value) {
  std::string out;
  for (const auto& f : base::check_schema(json(schema), json(value))) out += f.pointer + ": " + f.message + (f.remedy.empty() ? "" : " (" + f.remedy + ")") + "\n";
  return out;
}

TEST(Json, SetCanBeChained) {
  base::Json o = base::Json::object();
  o.set("a", 1).set("b", "x").set("a", 2);
  EXPECT_EQ(o.dump(), R"({"a":2,"b":"x"})");
}

TEST(JsonSchema, TypesAndBounds) {
  EXPECT_EQ(faults(R"({"type":"integer","minimum":1,"maximum":3})", "2"), "");
  EXPECT_EQ(faults(R"({"type":"integer","minimum":1})", "0"), ": is less than 1\n");
  EXPECT_EQ(faults(R"({"type":"integer"})", "1.5"), ": has type number (write a value of type integer)\n");
  EXPECT_EQ(faults(R"({"type":["string","null"]})", "null"), "");
  EXPECT_EQ(faults(R"({"type":"string","pattern":"^[0-9]+$"})", "\"1a\""), ": does not have the form asked for (text that matches ^[0-9]+$)\n");
  EXPECT_EQ(faults(R"({"type":"string","maxLength":2})", "\"æøå\""), ": is longer than 2 characters\n");
}

TEST(JsonSchema, ObjectsNameTheNearestKey) {
  const char* schema = R"({"type":"object","properties":{"titel":{"type":"string"},"kle":{}},"required":["titel"],"additionalProperties":false})";
  EXPECT_EQ(faults(schema, R"({"titel":"x"})"), "");
  EXPECT_EQ(faults(schema, R"({"title":"x"})"), ": 'titel' is missing (add it)\n/title: 'title' is not a known key (did you mean 'titel'?)\n");
}

TEST(JsonSchema, RefsChoicesAndArrays) {
  const char* schema = R"({"$defs":{"d":{"enum":["a","b"]}},"type":"array","minItems":1,"items":{"anyOf":[{"$ref":"#/$defs/d"},{"type":"null"}]}})";
  EXPECT_EQ(faults(schema, R"(["a",null])"), "");
  EXPECT_EQ(faults(schema, "[]"), ": has fewer than 1 items\n");
  EXPECT_EQ(faults(schema, R"(["c"])"), "/0: is none of the values allowed here (one of [\"a\",\"b\"])\n");
}

TEST(JsonSchema, UnknownKeywordsAreNamed) {
  EXPECT_TRUE(base::unknown_keywords(json(R"({"type":"object","properties":{"oneOf":{"type":"string"}}})")).empty());
  EXPECT_EQ(base::unknown_keywords(json(R"({"items":{"oneOf":[]}})")), std::vector<std::string>{"/items/oneOf"});
}

}  // namespace
