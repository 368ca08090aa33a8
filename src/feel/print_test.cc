// parse(print(x)) = x, over random trees, over every expression of tests/feel and, where it is present, of the TCK's models; and no
// pair of parentheses in a printed text can be left out.
#include "feel/print.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "base/text.h"
#include "feel/parser.h"

namespace feel {
namespace {

namespace fs = std::filesystem;

using Parse = std::expected<Tree, ParseError> (*)(std::string_view, const CompileOptions&);

// "" when it holds. Texts that do not parse say nothing.
std::string round_trip(const std::string& text, const CompileOptions& options, Parse parse, int& parsed) {
  const auto tree = parse(text, options);
  if (!tree) return {};
  ++parsed;
  const std::string printed = print(*tree, options);
  const auto back = parse(printed, options);
  if (!back) return text + "\n  prints as " + printed + "\n  which does not parse: " + back.error().message;
  if (!same_tree(*tree, *back)) return text + "\n  prints as " + printed + "\n  which is another tree";
  if (print(*back, options) != printed) return text + "\n  prints as " + printed + ", then as " + print(*back, options);
  return {};
}

// A random expression with a parenthesis around every part, so that its tree is any tree.
class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  int draw(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  const std::string& one_of(const std::vector<std::string>& from) { return from[static_cast<std::size_t>(draw(static_cast<int>(from.size())))]; }

  std::string expression(int depth) {
    if (depth == 0) return leaf();
    const auto e = [&] { return "(" + expression(depth - 1) + ")"; };
    static const std::vector<std::string> kBinary = {"+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in"};
    static const std::vector<std::string> kRelations = {"<", "<=", ">", ">=", "=", "!="};
    static const std::vector<std::string> kTypes = {"number", "list<string>", "context<a: number, b c: Any>", "function<number, date and time>->string", "range<date>", "list"};
    switch (draw(24)) {
      case 0: return "-" + e();
      case 1: return e() + " between " + e() + " and " + e();
      case 2: return e() + " in (" + one_of(kRelations) + e() + ", " + e() + ")";
      case 3: return e() + " in " + one_of(kRelations) + e();
      case 4: return "if " + e() + " then " + e() + " else " + e();
      case 5: return "for " + fresh() + " in " + e() + ", " + fresh() + " in " + e() + ".." + e() + " return " + e();
      case 6: return (draw(2) ? "some " : "every ") + fresh() + " in " + e() + " satisfies " + e();
      case 7: return e() + "[" + e() + "]";
      case 8: return e() + "." + one_of({"a", "b c", "end included"});
      case 9: return "[" + e() + ", " + e() + "]";
      case 10: return "{" + one_of({"a", "b c", "\"x+y\"", "\"d\\\"q\""}) + ": " + e() + ", z" + std::to_string(draw(9)) + ": " + e() + "}";
      case 11: return one_of({"[", "(", "]"}) + e() + ".." + e() + one_of({"]", ")", "["});
      case 12: return "(" + one_of(kRelations) + e() + ")";
      case 13: return e() + " instance of " + one_of(kTypes);
      case 14: return e() + "(" + e() + ", " + e() + ")";
      case 15: return "substring(string: " + e() + ", start position: " + e() + ")";
      case 16: return "count(" + e() + ")";
      case 17: return "function(" + fresh() + ": " + one_of(kTypes) + ", " + fresh() + ") " + e();
      case 18: return one_of({"not", "abs", "sum"}) + "(" + e() + ")";
      default: return e() + " " + one_of(kBinary) + " " + e();
    }
  }

 private:
  std::string fresh() { return one_of({"v", "my v", "w"}) + std::to_string(++names_); }
  std::string leaf() {
    static const std::vector<std::string> kLeaves = {"1", "0.5", "1e400", "9e99999", "\"a\\\"b\\\\n\\u00e6\"", "true", "null", "[]", "{}", "x", "first name", "a", "b", "a-b", "a and b",
        "abs", "@\"2024-02-29\"", "@\"P1Y2M\"", "@\"nonsense\"", "@\"2020-01-01T10:00:00@Europe/Paris\"", "today()", "item", "partial", "?"};
    return one_of(kLeaves);
  }
  std::mt19937 random_;
  int names_ = 0;
};

CompileOptions with_names() {
  CompileOptions options;
  options.names = {{"a", nullptr}, {"b", nullptr}, {"a-b", nullptr}, {"a and b", nullptr}, {"first name", nullptr}, {"?", nullptr}};
  return options;
}

TEST(Print, ReadsBackTheSameForRandomTrees) {
  const CompileOptions options = with_names();
  Random random(20'261'122);
  int parsed = 0;
  for (int round = 0; round < 6'000; ++round) {
    const std::string text = random.expression(1 + random.draw(4));
    ASSERT_EQ(round_trip(text, options, parse_expression, parsed), "") << "round " << round;
  }
  EXPECT_EQ(parsed, 6'000);
}

TEST(Print, RandomUnaryTests) {
  CompileOptions options = with_names();
  options.names.pop_back();
  Random random(7);
  int parsed = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string text = random.one_of({"", "< ", ">= ", "!= "}) + "(" + random.expression(1 + random.draw(2)) + ")";
    if (random.draw(2) == 0) text += ", " + random.expression(1);
    if (random.draw(3) == 0) text = "not(" + text + ")";
    ASSERT_EQ(round_trip(text, options, parse_unary_tests, parsed), "") << "round " << round;
  }
  EXPECT_EQ(parsed, 2'000);
}

// Leaving out any pair of parentheses changes the tree, or what does not parse any more. Left aside: parentheses around what takes in all
// that follows ("if" …), which are kept for the reader, and around names that others start with ("a" beside "a and b").
TEST(Print, UsesTheLeastParentheses) {
  CompileOptions options;
  options.names = {{"?", nullptr}};
  constexpr const char* kGreedy[] = {"if ", "for ", "some ", "every ", "function("};
  Random random(42);
  int pairs = 0;
  for (int round = 0; round < 1'500; ++round) {
    const auto tree = parse_expression(random.expression(3), options);
    ASSERT_TRUE(tree);
    const std::string text = print(*tree, options);
    std::vector<std::size_t> open;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (quoted && text[i] == '\\') { ++i; continue; }
      if (text[i] == '"') quoted = !quoted;
      if (quoted) continue;
      if (text[i] == '(') open.push_back(i);
      if (text[i] != ')' || open.empty()) continue;
      const std::string inside = text.substr(open.back() + 1, i - open.back() - 1);
      const bool greedy = std::any_of(std::begin(kGreedy), std::end(kGreedy), [&](const char* word) { return inside.find(word) != std::string::npos; });
      if (greedy || inside == "a" || inside == "b" || inside == "item") {
        open.pop_back();
        continue;
      }
      std::string less = text;
      less[i] = less[open.back()] = ' ';
      open.pop_back();
      ++pairs;
      const auto other = parse_expression(less, options);
      EXPECT_FALSE(other && same_tree(*tree, *other)) << text << "\n  means the same without the parentheses in\n  " << less;
    }
  }
  EXPECT_GT(pairs, 1'000);
}

TEST(Print, WritesWhatPeopleWrite) {
  const auto shown = [](const std::string& text) {
    const auto tree = parse_expression(text, {});
    return tree ? print(*tree, {}) : "does not parse";
  };
  EXPECT_EQ(shown("((a+b))*c"), "(a + b) * c");
  EXPECT_EQ(shown("(a*b)+c"), "a * b + c");
  EXPECT_EQ(shown("1 + (if a then 1 else 2)"), "1 + if a then 1 else 2");
  EXPECT_EQ(shown("(if a then 1 else 2) + 1"), "(if a then 1 else 2) + 1");
  EXPECT_EQ(shown("]1..x[1][ "), "(1..x[1])");
  EXPECT_EQ(shown("[1..x[1] + 2]"), "[1..x[1] + 2]");
  EXPECT_EQ(shown("x in (<5)"), "x in < 5");
  EXPECT_EQ(shown("x in ((<5))"), "x in ((< 5))");
  EXPECT_EQ(shown("function(a:number,b) external {java: {class: \"java.lang.Math\", method signature: \"max(double,double)\"}}"),
            "function(a:number,b) external {java: {class: \"java.lang.Math\", method signature: \"max(double,double)\"}}");
  EXPECT_EQ(shown("{\"a\": 1, \"b+c\": \"x\\ty\"}"), "{a: 1, \"b+c\": \"x\\ty\"}");
  EXPECT_EQ(shown("a[b = 1].c d"), "a[b = 1].c d");
}

TEST(Print, EveryCaseOfTheCaseFiles) {
  int parsed = 0;
  for (const auto& entry : fs::directory_iterator("tests/feel")) {
    if (entry.path().extension() != ".feel-cases") continue;
    std::ifstream file(entry.path());
    CompileOptions options;
    options.dialect = Dialect::zeebe;
    for (std::string line; std::getline(file, line);) {
      const std::size_t split = line.rfind(" ; ");
      if (split == std::string::npos || line[0] == '#') continue;
      std::string text = line.substr(0, split);
      for (const char* word : {"text ", "reason ", "error "})
        if (text.starts_with(word)) text = text.substr(std::string_view(word).size());
      const bool cell = text.starts_with("cell ");
      if (cell) text = text.substr(text.find(" ? ") + 3);
      EXPECT_EQ(round_trip(text, options, cell ? parse_unary_tests : parse_expression, parsed), "") << entry.path() << ": " << line;
      EXPECT_EQ(round_trip(line.substr(split + 3), options, parse_expression, parsed), "");
    }
  }
  EXPECT_GT(parsed, 500);
}

// Every <text> of the models, under no names at all: names run together, operators and calls stay.
TEST(Print, EveryTextOfTheTckModels) {
  const fs::path folder = "../shared/conformance/dmn-tck";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is absent";
  int parsed = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".dmn") continue;
    std::ifstream file(entry.path());
    const std::string xml{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t at = 0; (at = xml.find("text>", at)) != std::string::npos;) {
      const std::size_t end = xml.find("</", at += 5);
      if (end == std::string::npos) break;
      std::string text = xml.substr(at, end - at);
      if (text.find("CDATA") != std::string::npos) continue;
      for (const auto& [escape, sign] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}})
        for (std::size_t i = 0; (i = text.find(escape, i)) != std::string::npos; ++i) text.replace(i, std::string_view(escape).size(), sign);
      EXPECT_EQ(round_trip(text, {}, parse_expression, parsed), "") << entry.path();
      EXPECT_EQ(round_trip(text, {}, parse_unary_tests, parsed), "") << entry.path();
      at = end;
    }
  }
  EXPECT_GT(parsed, 1'000);
}

}  // namespace
}  // namespace feel
