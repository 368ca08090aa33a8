// Text to what is searched: words, references to paragraphs, numbers of KLE and KLA. The same for workflows and for queries.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace bank::find {

enum class TokenKind : std::uint8_t { word, law, number };
struct Token {
  TokenKind kind = TokenKind::word;
  std::string text;  // word: lower case; law: "§10", "§11a"; number: "15.20.00", two to five pairs of digits
  std::size_t begin = 0, end = 0;  // bytes of the text it was read from
};

// In the order of the text. "§ 11 a" gives §11a and §11, "§§ 22-25" its four; "stk. 2" and what stands behind it is left out.
std::vector<Token> tokens(std::string_view text);
// A query's: also numbers in other writings ("152000", "15 20 00", "15-20", "KLE15.20.00-G01-3-26"), "paragraf 10", "par. 10".
std::vector<Token> query_tokens(std::string_view text);

std::string stem(std::string_view word);    // of a lower-case word, Danish
// What nouns and verbs of one stem share: "betal" for betaling, betale, betalt. Empty where nothing is left to share.
std::string root(std::string_view stem);
bool is_stop_word(std::string_view word);   // og, at, hvordan …
bool is_weak_word(std::string_view word);   // arbejdsgang, proces …: they help, but nothing has to have them

// "15.20" is above "15.20.00". Both are pairs of digits with points.
bool number_below(std::string_view number, std::string_view above);
// "15.20.00" → "15", "15.20", "15.20.00".
std::vector<std::string> number_prefixes(std::string_view number);

}  // namespace bank::find
