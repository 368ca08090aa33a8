#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/packed.h"
#include "base/random.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xml.h"
#include "base/yaml.h"

namespace base {
namespace {

TEST(Json, keeps_digits_order_and_round_trips) {
  const std::string text = R"({"b":1,"a":[1.50,1e400,-0,12345678901234567890123456789012.34,true,null,"æ\u0001\n"],"c":{}})";
  const auto value = parse_json(text);
  ASSERT_TRUE(value) << value.error().text();
  EXPECT_EQ(value->dump(), R"({"b":1,"a":[1.50,1e400,-0,12345678901234567890123456789012.34,true,null,"æ\u0001\n"],"c":{}})");
  EXPECT_EQ(value->at_pointer("/a/0").number_text(), "1.50");
  EXPECT_TRUE(value->at_pointer("/a/99").is_null());
  EXPECT_EQ(*parse_json(value->dump_pretty()), *value);
}

TEST(Json, refuses_with_position) {
  for (const char* bad : {"", "{", "{\"a\":}", "[1,]", "01", "[1] 2", "{\"a\":1,\"a\":2}", "\"\xff\"", "nul", "[1.]", "+1", "NaN"}) {
    const auto value = parse_json(bad, "f.json");
    ASSERT_FALSE(value) << bad;
    EXPECT_EQ(value.error().code, ErrorCode::invalid_json) << bad;
    EXPECT_EQ(value.error().where.file, "f.json");
  }
  const auto repeated = parse_json("{\n \"x\": {\"a\": 1,\n \"a\": 2}}", "f.json");
  ASSERT_FALSE(repeated);
  EXPECT_EQ(repeated.error().where.line, 3);
  EXPECT_EQ(repeated.error().where.pointer, "/x");
}

TEST(Json, depth_and_size_are_limited) {
  const auto nested = [](int n) { return std::string(static_cast<std::size_t>(n), '[') + std::string(static_cast<std::size_t>(n), ']'); };
  EXPECT_TRUE(parse_json(nested(limits::kJsonDepth)));
  for (const int depth : {limits::kJsonDepth + 2, 1'000'000}) {
    const auto value = parse_json(nested(depth));
    ASSERT_FALSE(value) << depth;
  }
  EXPECT_EQ(parse_json("[1,2,3]", "", 3).error().code, ErrorCode::limit_exceeded);
}

TEST(Json, equality_ignores_member_order) {
  EXPECT_EQ(*parse_json(R"({"a":1,"b":[2]})"), *parse_json(R"({"b":[2],"a":1})"));
  EXPECT_FALSE(*parse_json(R"({"a":1})") == *parse_json(R"({"a":2})"));
}

TEST(Packed, round_trips_and_reads_in_place) {
  const auto value = *parse_json(R"({"n":-5,"d":1.250,"s":"hej","l":[1,[2,3],{}],"t":true,"z":null})");
  const std::string bytes = pack(value);
  EXPECT_EQ(*unpack(bytes), value);
  Packed view(bytes), found(bytes);
  EXPECT_EQ(view.count(), 6u);
  ASSERT_TRUE(view.find("n", found));
  EXPECT_EQ(found.as_int(), -5);
  ASSERT_TRUE(view.find("d", found));
  EXPECT_EQ(found.text(), "1.250");
  ASSERT_TRUE(view.find("l", found));
  EXPECT_EQ(found.count(), 3u);
  EXPECT_FALSE(view.find("nope", found));
}

TEST(Packed, every_damaged_prefix_is_refused) {
  const std::string bytes = pack(*parse_json(R"({"a":[1,"xx",{"b":2.5}],"c":"æøå"})"));
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(unpack(bytes.substr(0, n))) << n;
  SeededRandom random(7);
  for (int i = 0; i < 20'000; ++i) {  // must not crash; most are refused
    std::string broken = bytes;
    broken[random.below(broken.size())] = static_cast<char>(random.next());
    (void)Packed::check(broken);
  }
}

TEST(Xml, round_trips_with_prefixes_and_unknown_elements) {
  const std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- top -->\n<a:x xmlns:a=\"urn:a\" xmlns=\"urn:d\" id=\"1\" a:q=\"&lt;&#10;\">\n"
      "  <y><![CDATA[1 < 2]]></y>\n  <!-- c -->\n  <a:z> mixed <b/> text </a:z>\n</a:x>\n";
  const auto first = xml::parse(text, "t.xml");
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->root->ns, "urn:a");
  EXPECT_EQ(first->root->child("urn:d", "y")->text(), "1 < 2");
  EXPECT_EQ(*first->root->attribute("urn:a", "q"), "<\n");
  const std::string once = xml::write(*first);
  EXPECT_EQ(xml::write(*xml::parse(once)), once);
  EXPECT_NE(once.find("<!-- top -->"), std::string::npos);
  EXPECT_NE(once.find("<a:z> mixed <b/> text </a:z>"), std::string::npos);
}

TEST(Xml, refuses_bombs_entities_depth_and_faults) {
  const auto code = [](const std::string& text) {
    const auto read = xml::parse(text, "t.xml");
    return read ? ErrorCode::internal : read.error().code;
  };
  EXPECT_EQ(code("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>"), ErrorCode::invalid_xml);
  EXPECT_EQ(code("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>"), ErrorCode::invalid_xml);
  EXPECT_EQ(code("<x>&undefined;</x>"), ErrorCode::invalid_xml);
  EXPECT_EQ(code("<x a='1' a='2'/>"), ErrorCode::invalid_xml);
  EXPECT_EQ(code("<p:x/>"), ErrorCode::invalid_xml);
  EXPECT_EQ(code("<x/><y/>"), ErrorCode::invalid_xml);
  EXPECT_EQ(code(""), ErrorCode::invalid_xml);
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  EXPECT_EQ(code(deep), ErrorCode::limit_exceeded);
  EXPECT_EQ(code(std::string(limits::kXmlBytes + 1, ' ')), ErrorCode::limit_exceeded);
  const auto placed = xml::parse("<x>\n  <y></z>\n</x>", "t.xml");
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().where.line, 2);
}

TEST(Xml, deep_trees_are_destroyed_without_recursion) {
  std::string deep;
  for (int i = 0; i < 300'000; ++i) deep += "<a>";
  for (int i = 0; i < 300'000; ++i) deep += "</a>";
  const auto read = xml::parse(deep, "", {.bytes = 100u << 20, .depth = 1'000'000});
  ASSERT_TRUE(read);
  EXPECT_NE(read->root->clone(), nullptr);
}

TEST(Xml, windows_1252_is_read) {
  const auto read = xml::parse("<?xml version=\"1.0\" encoding=\"WINDOWS-1252\"?><x a=\"\xe6\x80\"/>", "");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read->root->attribute("a"), "æ€");
}

TEST(Yaml, scalars_positions_and_faults) {
  const auto doc = parse_yaml("a: 1\nb: \"2\"\nc:\n  - 1.50\n  - 2026-11-21\n  - true\nd: ~\n", "f.yaml");
  ASSERT_TRUE(doc) << doc.error().text();
  EXPECT_EQ(doc->value.dump(), R"({"a":1,"b":"2","c":[1.50,"2026-11-21",true],"d":null})");
  EXPECT_EQ(doc->where("/c/1").line, 5);
  const auto repeated = parse_yaml("a: 1\na: 2\n", "f.yaml");
  ASSERT_FALSE(repeated);
  EXPECT_EQ(repeated.error().where.line, 2);
  EXPECT_FALSE(parse_yaml("a: [1\nb: 2", "f.yaml"));
}

TEST(Yaml, anchors_and_aliases_are_refused) {
  const auto doc = parse_yaml("a: &x [1,1]\nb: [*x,*x]\n", "f.yaml");
  ASSERT_FALSE(doc);
  EXPECT_EQ(doc.error().code, ErrorCode::invalid_yaml);
  EXPECT_EQ(doc.error().where.line, 1);
}

TEST(Text, code_points_case_and_collation) {
  EXPECT_EQ(code_points("🐎ab"), 3u);
  EXPECT_EQ(upper("æøåß"), "ÆØÅSS");
  EXPECT_LT(collate_danish("zebra", "ærø"), 0);
  EXPECT_LT(collate_danish("ærø", "øl"), 0);
  EXPECT_LT(collate_danish("øl", "ål"), 0);
  EXPECT_FALSE(valid_utf8("\xc0\x80"));
  EXPECT_TRUE(valid_utf8("æ€🐎"));
  EXPECT_EQ(nearest("titel", {"title", "summary"}), "title");
  EXPECT_EQ(nearest("xyz", {"title"}), "");
  for (const char* text : {"", "a", "ab", "abc", "\xff\x01"}) EXPECT_EQ(*unbase64(base64(text)), text);
  EXPECT_FALSE(unbase64("a"));
}

TEST(Time, iso_round_trip) {
  for (const Millis at : {Millis{0}, Millis{1'795'253'400'123}, Millis{-1}, Millis{951'782'400'000}}) EXPECT_EQ(*parse_iso_utc(iso_utc(at)), at);
  EXPECT_EQ(*parse_iso_utc("2026-11-21T10:30:00+01:00"), *parse_iso_utc("2026-11-21T09:30:00Z"));
  EXPECT_FALSE(parse_iso_utc("2026-13-21T10:30:00Z"));
  EXPECT_FALSE(parse_iso_utc("i morgen"));
}

TEST(Error, every_code_has_name_title_and_status) {
#define ERROR(code, http, title, doc)                  \
  EXPECT_EQ(name(ErrorCode::code), #code);              \
  EXPECT_FALSE(title_da(ErrorCode::code).empty());      \
  EXPECT_GE(http_status(ErrorCode::code), 400);
#include "base/errors.def"
#undef ERROR
}

TEST(Bytes, varints_at_their_edges) {
  Writer out;
  const std::uint64_t values[] = {0, 127, 128, 16383, 16384, UINT64_MAX};
  for (const auto v : values) out.varint(v);
  for (const std::int64_t v : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) out.zigzag(v);
  Reader in(out.bytes());
  for (const auto v : values) EXPECT_EQ(in.varint(), v);
  for (const std::int64_t v : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) EXPECT_EQ(in.zigzag(), v);
  EXPECT_TRUE(in.ok() && in.done());
  in.u8();
  EXPECT_FALSE(in.ok());
}

}  // namespace
}  // namespace base
