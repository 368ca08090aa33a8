#include "bank/site/words.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bank::site {
namespace {

bool digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7); }
bool vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }
bool plain_consonant(char c) { return c >= 'a' && c <= 'z' && !vowel(c); }

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  for (const char32_t c : base::to_utf32(base::lower(text))) {
    switch (c) {
      case U'æ': case U'ä': out += "ae"; break;
      case U'ø': case U'ö': out += "oe"; break;
      case U'å': out += "aa"; break;
      case U'ü': out += "y"; break;
      case U'é': case U'è': case U'ê': case U'ë': out += 'e'; break;
      case U'á': case U'à': case U'â': out += 'a'; break;
      case U'ó': case U'ò': case U'ô': out += 'o'; break;
      case U'í': case U'ì': case U'ï': out += 'i'; break;
      case U'ú': case U'ù': out += 'u'; break;
      case U'ç': out += 'c'; break;
      case U'\u00ad': break;
      default: base::append_utf8(out, c);
    }
  }
  return out;
}

std::string stem(std::string_view word) {
  static constexpr std::array<std::string_view, 15> kEndings = {"ernes", "erne", "enes", "eres", "ene", "ers", "ens", "ets", "er", "en", "et", "es", "e", "s", ""};
  if (word.empty() || digit(static_cast<unsigned char>(word[0])) || word.find('.') != std::string_view::npos) return std::string(word);
  for (const std::string_view ending : kEndings) {
    if (ending.empty() || !word.ends_with(ending) || word.size() < ending.size() + 3) continue;
    word.remove_suffix(ending.size());
    break;
  }
  for (const std::string_view ending : {std::string_view("ning"), std::string_view("ing")})  // "partshøring" and "partshører"
    if (word.ends_with(ending) && word.size() >= ending.size() + 4) {
      word.remove_suffix(ending.size());
      break;
    }
  if (word.size() > 3 && word.back() == word[word.size() - 2] && plain_consonant(word.back())) word.remove_suffix(1);
  return std::string(word);
}

bool stop_word(std::string_view word) {
  static constexpr std::array<std::string_view, 24> kWords = {"af", "at", "de", "den", "der", "det", "du", "eller", "en", "er", "et", "for", "fra", "har", "hvor", "i", "ikke", "med", "og", "om", "paa", "som", "til", "ved"};
  return std::binary_search(kWords.begin(), kWords.end(), word);
}

std::vector<std::string> words(std::string_view text) {
  const std::u32string all = base::to_utf32(folded(text));
  std::vector<std::string> out;
  bool paragraph = false;  // behind "§" or "paragraf": numbers are paragraphs until another word comes
  for (std::size_t i = 0; i < all.size();) {
    if (all[i] == U'§') paragraph = true;
    if (!letter(all[i]) && !digit(all[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    const bool number = digit(all[i]);
    while (i < all.size() && (letter(all[i]) || digit(all[i]) || (number && all[i] == U'.' && i + 1 < all.size() && digit(all[i + 1])))) ++i;
    const std::string word = base::to_utf8(std::u32string_view(all).substr(begin, i - begin));
    if (word == "paragraf" || word == "paragraffer") {
      paragraph = true;
    } else if (paragraph && number) {
      out.push_back("§" + word);
    } else {
      paragraph = paragraph && (word == "og" || word == "til");
      if (!stop_word(word) && word.size() <= 60) out.push_back(stem(word));
    }
  }
  return out;
}

}  // namespace bank::site
