// The registry of reasons: both languages, the same placeholders, and what a reason says is no input's value.
#include "feel/reason.h"

#include <gtest/gtest.h>

#include <set>

#include "feel/feel.h"

namespace feel {
namespace {

std::set<char> placeholders(std::string_view sentence) {
  std::set<char> out;
  for (std::size_t i = 0; i + 2 < sentence.size(); ++i)
    if (sentence[i] == '{' && sentence[i + 2] == '}') out.insert(sentence[i + 1]);
  return out;
}

TEST(Reasons, SpeakBothLanguagesAboutTheSameThings) {
  std::set<std::string_view> names, english;
  for (const ReasonSentence& one : reason_sentences()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name << " comes twice";
    EXPECT_FALSE(one.english.empty() || one.danish.empty()) << one.name << " lacks a language";
    EXPECT_EQ(placeholders(one.english), placeholders(one.danish)) << one.name << ": the placeholders differ";
    EXPECT_TRUE(english.insert(one.english).second) << one.name << " says what another code says: " << one.english;
    if (one.code != ReasonCode::text) {
      EXPECT_NE(one.english, one.danish) << one.name << " is not translated";
    }
  }
}

TEST(Reasons, AreMadeWhenRead) {
  Reason reason(ReasonCode::argument_kind, std::string_view("list"), Kinds{1u << 2 | 1u << 3 | 1u << 4}, Kind::null);
  reason.function = "sum";
  reason.line = 3;
  reason.column = 7;
  EXPECT_EQ(reason.text(), "3:7: sum(): argument 'list' must be number, string or date, not null");
  EXPECT_EQ(reason.message(Language::danish), "sum(): argumentet 'list' skal være tal, tekst eller dato, ikke null");
  EXPECT_EQ(Reason(ReasonCode::no_item, 3).text(), "the list of 3 has no item at that position");
  EXPECT_EQ(Reason(ReasonCode::no_parameter_of, std::string_view("a"), std::string_view("b")).message(Language::danish), "'a' har ingen parameter 'b'");
}

struct Told {
  const char* text;
  ReasonCode code;
};

// One expression for each code that an expression alone can give.
TEST(Reasons, AreTheOnesThatBelong) {
  const Told kTold[] = {
      {"1 + \"a\"", ReasonCode::cannot_add}, {"1 - \"a\"", ReasonCode::cannot_subtract}, {"true * 2", ReasonCode::cannot_multiply},
      {"1 / \"a\"", ReasonCode::cannot_divide}, {"1 ** \"a\"", ReasonCode::cannot_raise}, {"-\"a\"", ReasonCode::cannot_negate},
      {"1 = \"a\"", ReasonCode::cannot_compare}, {"1 < \"a\"", ReasonCode::cannot_order}, {"1 < null", ReasonCode::cannot_order},
      {"1 / 0", ReasonCode::division_by_zero}, {"10 ** 9999", ReasonCode::number_out_of_range}, {"true and 1", ReasonCode::not_a_boolean},
      {"some x in [1, 2] satisfies x", ReasonCode::undecided}, {"[1, 2][3]", ReasonCode::no_item}, {"{a: 1}.b", ReasonCode::no_entry},
      {"get value({a: 1}, \"b\")", ReasonCode::no_such_entry}, {"[1..\"a\"]", ReasonCode::range_ends},
      {"for x in [\"a\"..\"c\"] return x", ReasonCode::not_iterable}, {"for x in null return x", ReasonCode::nothing_to_iterate},
      {"for x in 1..2000000 return x", ReasonCode::limit_iterations}, {"@\"P1D\".year", ReasonCode::no_property},
      {"sum(\"a\")", ReasonCode::items_not_summable}, {"sqrt(-1)", ReasonCode::negative_number}, {"log(0)", ReasonCode::not_positive},
      {"decimal(1, 9999)", ReasonCode::scale_range}, {"even(1.5)", ReasonCode::not_whole}, {"date(\"x\")", ReasonCode::no_date_text},
      {"date(2025, 2, 30)", ReasonCode::no_such_date}, {"time(\"x\")", ReasonCode::no_time_text}, {"time(25, 0, 0)", ReasonCode::no_such_time},
      {"date and time(\"x\")", ReasonCode::no_date_time_text}, {"duration(\"x\")", ReasonCode::no_duration_text},
      {"number(\"x\")", ReasonCode::no_number_text}, {"number(\"1\", \"x\", \".\")", ReasonCode::grouping_separator},
      {"number(\"1\", \",\", \",\")", ReasonCode::separators_differ}, {"string(null)", ReasonCode::no_text_of_null}, {"@\"x\"", ReasonCode::no_temporal_literal},
      {"min([])", ReasonCode::list_empty}, {"min([1, \"a\"])", ReasonCode::items_not_ordered}, {"mean([true])", ReasonCode::items_not_summable},
      {"all([1])", ReasonCode::items_not_boolean}, {"median([\"a\"])", ReasonCode::items_not_numbers}, {"stddev([1])", ReasonCode::sample_too_small},
      {"remove([1], 3)", ReasonCode::position_outside}, {"sublist([1], 3)", ReasonCode::start_outside_list},
      {"sublist([1], 1, 3)", ReasonCode::length_beyond_list}, {"string join([1])", ReasonCode::items_not_strings},
      {"substring(\"abc\", 0)", ReasonCode::start_from_one}, {"substring(\"abc\", 1, 0)", ReasonCode::length_at_least_one},
      {"matches(\"a\", \"(\")", ReasonCode::regex_wrong}, {"matches(\"a\", \"a\", \"z\")", ReasonCode::regex_flag},
      {"replace(\"a\", \"a*\", \"b\")", ReasonCode::regex_matches_empty}, {"replace(\"a\", \"a\", \"$\")", ReasonCode::replacement_dollar},
      {"replace(\"a\", \"a\", \"\\\\x\")", ReasonCode::replacement_backslash}, {"range(\"x\")", ReasonCode::no_range_text},
      {"range(\"[2..1]\")", ReasonCode::range_out_of_order}, {"context merge([1])", ReasonCode::item_no_context}, {"context([1])", ReasonCode::entry_form},
      {"context put({}, [], 1)", ReasonCode::path_empty}, {"abs(1, 2)", ReasonCode::argument_count}, {"abs(x: 1)", ReasonCode::no_parameter},
      {"abs(\"a\")", ReasonCode::argument_kind}, {"{f: function(x: number) x, r: f(\"a\")}.r", ReasonCode::parameter_type},
      {"{f: function(x) x, r: f(1, 2)}.r", ReasonCode::function_argument_count}, {"{f: function(x) x, r: f(y: 1)}.r", ReasonCode::function_no_parameter},
      {"{a: 1}(2)", ReasonCode::not_callable},
  };
  for (const Told& one : kTold) {
    const auto compiled = compile(one.text);
    ASSERT_TRUE(compiled) << one.text << ": " << compiled.error().text();
    const Value value = compiled->evaluate({}, {});
    ASSERT_TRUE(value.has_reason()) << one.text << " = " << text(value);
    EXPECT_EQ(name(value.why()->code), name(one.code)) << one.text << ": " << value.reason();
    EXPECT_TRUE(value.why()->placed()) << one.text << ": " << value.reason();
  }
}

// What an input holds may be somebody's: it stands in no sentence.
TEST(Reasons, HoldNoInputsValue) {
  constexpr const char* kSecret = "0101011234";
  for (const char* text : {"date(x)", "time(x)", "date and time(x)", "duration(x)", "number(x)", "x + 1", "x < 1", "range(x)", "matches(\"a\", \"a\", x)",
                           "get value({}, x)", "context([{key: x, value: 1}, {key: x, value: 2}])", "[1, 2][x]", "x.y", "for i in [x..1] return i"}) {
    std::vector<Reason> told;
    Environment env;
    env.reasons = &told;
    const Value value = compile(text)->evaluate(std::vector{Value::string(kSecret)}, env);
    EXPECT_EQ(value.reason().find(kSecret), std::string::npos) << text << ": " << value.reason();
    for (const Reason& reason : told) EXPECT_EQ(reason.text(Language::danish).find(kSecret), std::string::npos) << text << ": " << reason.text();
  }
}

}  // namespace
}  // namespace feel
