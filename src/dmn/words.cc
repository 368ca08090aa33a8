#include "dmn/words.h"

#include <vector>

#include "base/text.h"
#include "feel/cell.h"

namespace dmn {
namespace {

using feel::Language;

bool is_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text[i] == '"') return false;
  }
  return true;
}

// The text inside date("…") and the like, or @"…".
std::string_view temporal_text(std::string_view text) {
  if (text.starts_with('@') && is_string(text.substr(1))) return text.substr(2, text.size() - 3);
  for (const std::string_view call : {"date(", "time(", "date and time(", "duration("})
    if (text.starts_with(call) && text.ends_with(')') && is_string(base::trim(text.substr(call.size(), text.size() - call.size() - 1)))) {
      const std::string_view inside = base::trim(text.substr(call.size(), text.size() - call.size() - 1));
      return inside.substr(1, inside.size() - 2);
    }
  return {};
}

struct Comparison {
  std::string_view sign, english, danish;
};
constexpr Comparison kComparisons[] = {{">=", "at least ", "mindst "}, {"<=", "at most ", "højst "}, {">", "more than ", "mere end "}, {"<", "less than ", "mindre end "}};

// "[a..b]" and its open forms; "" where the text is no range.
std::string range_in_words(std::string_view text, Language language) {
  if (text.size() < 4) return {};
  const char open = text.front(), close = text.back();
  const std::size_t dots = text.find("..");
  if ((open != '[' && open != '(' && open != ']') || (close != ']' && close != ')' && close != '[') || dots == std::string_view::npos) return {};
  const std::string low = literal_in_words(base::trim(text.substr(1, dots - 1)), language);
  const std::string high = literal_in_words(base::trim(text.substr(dots + 2, text.size() - dots - 3)), language);
  const bool danish = language == Language::danish;
  if (open == '[' && close == ']') return danish ? "fra " + low + " til " + high : "from " + low + " to " + high;
  const std::string from = open == '[' ? (danish ? "mindst " : "at least ") : (danish ? "mere end " : "more than ");
  const std::string to = close == ']' ? (danish ? "højst " : "at most ") : (danish ? "mindre end " : "less than ");
  return from + low + (danish ? " og " : " and ") + to + high;
}

std::string one_in_words(std::string_view text, Language language) {
  for (const Comparison& c : kComparisons)
    if (text.starts_with(c.sign))
      return std::string(language == Language::danish ? c.danish : c.english) + literal_in_words(base::trim(text.substr(c.sign.size())), language);
  if (std::string range = range_in_words(text, language); !range.empty()) return range;
  return literal_in_words(text, language);
}

}  // namespace

std::string literal_in_words(std::string_view text, Language language) {
  text = base::trim(text);
  const bool danish = language == Language::danish;
  if (is_string(text)) {
    std::string out;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      if (text[i] == '\\' && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
      out += text[i];
    }
    return out;
  }
  if (const std::string_view inside = temporal_text(text); !inside.empty()) return std::string(inside);
  if (text == "true") return danish ? "ja" : "yes";
  if (text == "false") return danish ? "nej" : "no";
  if (text == "null") return danish ? "ikke oplyst" : "not given";
  return std::string(text);
}

std::string test_in_words(std::string_view cell, Language language) {
  cell = base::trim(cell);
  if (cell.empty() || cell == "-") return {};
  std::string before;
  if (cell.starts_with("not(") && cell.ends_with(')') && feel::alternatives(cell).size() == 1) {
    before = language == Language::danish ? "ikke " : "not ";
    cell = base::trim(cell.substr(4, cell.size() - 5));
  }
  const auto all = feel::alternatives(cell);
  std::string out = before;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += i + 1 < all.size() ? ", " : language == Language::danish ? " eller " : " or ";
    out += one_in_words(all[i], language);
  }
  return out;
}

}  // namespace dmn
