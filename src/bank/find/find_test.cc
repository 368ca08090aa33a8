// Words, the lexicon and plans, without a bank.
#include <gtest/gtest.h>

#include <algorithm>

#include "bank/find/plan.h"
#include "bank/find/words.h"

namespace {

using namespace bank::find;

std::string told(const std::vector<Token>& tokens) {
  std::string out;
  for (const Token& t : tokens) out += (out.empty() ? "" : " ") + std::string(t.kind == TokenKind::number ? "#" : "") + t.text;
  return out;
}

struct Reading { std::string text, query, document; };
class Reads : public testing::TestWithParam<Reading> {};
TEST_P(Reads, TheSameInQueriesAndWorkflowsWhereItShould) {
  EXPECT_EQ(told(query_tokens(GetParam().text)), GetParam().query);
  EXPECT_EQ(told(tokens(GetParam().text)), GetParam().document);
}
INSTANTIATE_TEST_SUITE_P(Texts, Reads, testing::Values(
  Reading{"§ 10", "§10", "§10"}, Reading{"§10", "§10", "§10"}, Reading{"§§ 22-25", "§22 §23 §24 §25", "§22 §23 §24 §25"}, Reading{"§§ 19 og 22–23", "§19 §22 §23", "§19 §22 §23"},
  Reading{"§ 11 a om", "§11 §11a om", "§11 §11a om"}, Reading{"§ 11a", "§11 §11a", "§11 §11a"}, Reading{"§ 10 i loven", "§10 i loven", "§10 i loven"}, Reading{"§ 7, stk. 2, nr 3", "§7 nr 3", "§7 nr 3"},
  Reading{"Paragraf 10", "§10", "paragraf 10"}, Reading{"par. 85", "§85", "par 85"}, Reading{"et par sko", "et par sko", "et par sko"}, Reading{"§§ 1-900", "§1 §900", "§1 §900"}, Reading{"§", "", ""},
  Reading{"15.20.00", "#15.20.00", "#15.20.00"}, Reading{"15 20 00", "#15.20.00", "15 20 00"}, Reading{"15-20", "#15.20", "15 20"}, Reading{"152000", "#15.20.00", "152000"}, Reading{"KLE15.20", "#15.20", "kle15 20"},
  Reading{"02100603", "#02.10.06.03", "02100603"}, Reading{"32.21.14-G01-5-26", "#32.21.14", "#32.21.14 g01 5 26"}, Reading{"32.21.14 G01 mappe", "#32.21.14 mappe", "#32.21.14 g01 mappe"}, Reading{"2010", "2010 #20.10", "2010"},
  Reading{"22 uger", "22 #22 uger", "22 uger"}, Reading{"LÆ 165", "læ 165", "læ 165"}, Reading{"DP133", "dp133", "dp133"}, Reading{"Ærø, Ål & ÉN", "ærø ål én", "ærø ål én"}, Reading{"60-dages-reglen", "60 #60 dages reglen", "60 dages reglen"}));

TEST(Words, RootsJoinNounsAndVerbs) {
  for (const auto& [noun, verb] : {std::pair("betaling", "betale"), std::pair("ansøgning", "ansøger"), std::pair("fornyelse", "fornyer"), std::pair("vurdering", "vurdere"), std::pair("godkendelse", "godkende"), std::pair("afstemning", "afstemme"),
                                   std::pair("opkrævning", "opkræve"), std::pair("registrering", "registrerer")})
    EXPECT_EQ(root(stem(noun)), root(stem(verb))) << noun << " " << verb;
  EXPECT_NE(root(stem("sagen")), root(stem("sang")));
}

Lexicon lexicon() {
  return Lexicon({{"ansøgning", 9}, {"betaling", 8}, {"bolig", 5}, {"dagpenge", 3}, {"erklæring", 4}, {"fornyelse", 2}, {"godtgørelse", 2}, {"kørekort", 3}, {"kørsel", 3}, {"kørsels", 0}, {"kørselsgodtgørelse", 2}, {"læge", 5}, {"lægeerklæringer", 3},
                  {"parkeringstilladelse", 2}, {"sag", 20}, {"sagsbehandler", 20}, {"syge", 1}, {"sygedagpenge", 6}, {"tilladelse", 4}, {"tilbud", 4}, {"bud", 1}, {"til", 30}}, {"stomipose"});
}

TEST(Lexicon, SplitsCompoundsWithTheirLinkingLetters) {
  const Lexicon words = lexicon();
  using Parts = std::vector<std::string>;
  EXPECT_EQ(words.parts("lægeerklæring"), (Parts{stem("læge"), stem("erklæring")}));
  EXPECT_EQ(words.parts("kørekortsfornyelse"), (Parts{stem("kørekort"), stem("fornyelse")}));
  EXPECT_EQ(words.parts("kørekortsfornyelsen"), (Parts{stem("kørekort"), stem("fornyelse")})) << "a form that nobody wrote yet";
  EXPECT_EQ(words.parts("sygedagpengesag"), (Parts{stem("sygedagpenge"), stem("sag")})) << "fewest parts";
  EXPECT_EQ(words.parts("tilbud"), Parts{}) << "a stop word is no part";
  EXPECT_EQ(words.parts("bolig"), Parts{});
  EXPECT_EQ(words.parts("boligraket"), Parts{}) << "half of it is unknown";
  EXPECT_EQ(words.head("idrætsbetaling"), stem("betaling")) << "only the end is known";
  EXPECT_EQ(words.head("rumraket"), "");
  const auto& with_part = words.compounds(stem("erklæring"));
  ASSERT_EQ(with_part.size(), 1u);
  EXPECT_EQ(with_part[0].stem, stem("lægeerklæringer"));
  EXPECT_TRUE(with_part[0].head);
}

TEST(Lexicon, MendsWordsAndTheirParts) {
  const Lexicon words = lexicon();
  EXPECT_EQ(words.corrected("lægerklæringer"), "lægeerklæringer");
  EXPECT_EQ(words.corrected("parkeringstiladelse"), "parkeringstilladelse");
  EXPECT_EQ(words.corrected("kørekortsfornylse"), "kørekortsfornyelse") << "a compound that the bank never wrote, one part misspelt";
  EXPECT_EQ(words.corrected("koerekort"), "kørekort");
  EXPECT_EQ(words.corrected("ansøgnign"), "ansøgning") << "two letters swapped";
  EXPECT_EQ(words.corrected("korekort"), "kørekort");
  EXPECT_EQ(words.corrected("stomiposse"), "stomipose") << "what people write is known too";
  EXPECT_EQ(words.corrected("rumraket"), "");
  EXPECT_EQ(words.corrected("xy"), "");
  EXPECT_EQ(words.corrected("dp134"), "") << "codes are not guessed";
}

TEST(Lexicon, TheSameWordsInAnotherOrderAnswerTheSame) {
  std::vector<std::pair<std::string, std::uint32_t>> words{{"læge", 2}, {"erklæring", 2}, {"lægeerklæring", 1}, {"attest", 2}, {"lægeattest", 2}};
  const Lexicon one(words, {});
  std::reverse(words.begin(), words.end());
  const Lexicon other(words, {});
  ASSERT_EQ(one.compounds(stem("læge")).size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(one.compounds(stem("læge"))[i].stem, other.compounds(stem("læge"))[i].stem);
}

bool has_leaf(const Plan& plan, const std::string& text) {
  for (const Clause& clause : plan.clauses)
    for (const Choice& choice : clause.choices)
      for (const Slot& slot : choice.slots)
        for (const Leaf& leaf : slot)
          if (leaf.text == text) return true;
  return false;
}
Plan plan_of(const std::string& query, const std::string& synonyms = "format: 1\n") {
  const Lexicon words = lexicon();
  const auto read = Synonyms::read(synonyms, "test.yaml");
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().text());
  return make_plan(query, true, words, *read, [](const std::string& number) { return number == "00.10.05" ? std::vector<std::string>{"15.40.05"} : std::vector<std::string>{}; });
}

TEST(Plans, WordsNumbersAndSynonyms) {
  EXPECT_EQ(plan_of("hvordan betaler jeg en lægeerklæring").clauses.size(), 2u) << "stop words ask for nothing";
  EXPECT_EQ(plan_of("kørsels godtgørelse").clauses.size(), 1u) << "two words that are one";
  EXPECT_TRUE(has_leaf(plan_of("kørsels godtgørelse"), stem("kørselsgodtgørelse")));
  EXPECT_TRUE(has_leaf(plan_of("00.10.05"), "15.40.05")) << "where the number went";
  EXPECT_EQ(plan_of("parkeringstiladelse betaling").corrected, "parkeringstilladelse betaling");
  EXPECT_EQ(plan_of("lægerklæringer").corrected, "") << "its parts are understood as they stand";
  EXPECT_EQ(plan_of("kørek").corrected, "") << "an unfinished word is no misspelt one";
  EXPECT_TRUE(plan_of("og i på").clauses.size() > 0) << "only stop words: they are asked for";
  EXPECT_TRUE(plan_of("").clauses.empty());
  EXPECT_TRUE(plan_of("rumraket").nothing_known);
  const std::string synonyms = "format: 1\nens:\n  - [attest, erklæring]\nogsaa:\n  - {skriv: [kørepenge, penge for at køre], find: [kørselsgodtgørelse]}\n";
  EXPECT_TRUE(has_leaf(plan_of("attest", synonyms), stem("erklæring")));
  EXPECT_TRUE(has_leaf(plan_of("kørepengene", synonyms), stem("kørselsgodtgørelse"))) << "another form of the word";
  EXPECT_TRUE(has_leaf(plan_of("penge for at køre til møde", synonyms), stem("kørselsgodtgørelse"))) << "a phrase with stop words";
  EXPECT_FALSE(has_leaf(plan_of("kørselsgodtgørelse", synonyms), stem("kørepenge"))) << "not the other way";
}

TEST(Plans, AListOfSynonymsThatIsWrongSaysWhere) {
  for (const auto& [text, part] : {std::pair("format: 2\n", "format"), std::pair("format: 1\nogsaa:\n  - {skriv: [a], finder: [b]}\n", "finder"), std::pair("format: 1\nens:\n  - [15, og]\n", "no word"), std::pair("format: 1\nandre: []\n", "andre")}) {
    const auto read = Synonyms::read(text, "s.yaml");
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_NE(read.error().text().find(part), std::string::npos) << read.error().text();
    EXPECT_EQ(read.error().where.file, "s.yaml");
  }
  EXPECT_FALSE(Synonyms::shipped().beginning_with(stem("kørepenge")).empty());
  EXPECT_EQ(system_title("oekonomi").empty(), false);
}

}  // namespace
