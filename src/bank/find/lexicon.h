// The words of the bank, and what follows from them: which compounds a word is part of, what a misspelt one was meant to be, what an
// unfinished one may become. Made anew when the words change; the same words give the same answers in any order of import.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bank::find {

class Lexicon {
 public:
  // words: lower case with the number of workflows that have them, sorted by text; also: known, though no workflow has them
  // (the writers' side of synonyms). Words with digits are found but never parts of compounds or corrections.
  Lexicon(std::vector<std::pair<std::string, std::uint32_t>> words, const std::vector<std::string>& also);

  bool known(const std::string& word) const;                 // itself or another form of it stands in the bank
  std::uint32_t count(const std::string& stem) const;        // workflows with it, at least
  const std::vector<std::string>& related(const std::string& stem) const;  // stems of its root, itself among them
  struct Compound { std::string stem; bool head = false; std::uint32_t count = 0; };
  const std::vector<Compound>& compounds(const std::string& stem) const;   // that have it as a part, most used first; head: as the last part
  // The stems of the parts, first to last; empty where the word is no compound of words that the bank knows.
  std::vector<std::string> parts(const std::string& word) const;
  std::string head(const std::string& word) const;  // the stem that it ends with where only that is known: "forening" of "idrætsforening"
  // What a word that is not known was meant to be, "" where nothing is near; compounds are also mended in one of their parts.
  std::string corrected(const std::string& word) const;
  std::vector<std::string> beginning_with(const std::string& prefix, std::size_t most) const;  // most used first

 private:
  struct Word { std::string text; std::u32string letters; std::uint32_t count = 0, mask = 0; bool plain = false; };
  struct Split { std::vector<std::string> pieces; bool whole = true; };
  struct Nearest { std::string text; int cost = 1 << 20; std::uint32_t count = 0; };
  Split split(const std::string& word, bool rest_may_be_unknown) const;
  const std::string* piece(std::string_view text) const;     // its stem, nullptr where it is no part of compounds
  Nearest nearest(const std::string& word, int most) const;
  Nearest nearest_compound(const std::string& word) const;

  std::vector<Word> words_;                                   // sorted by text
  std::unordered_map<std::string, std::uint32_t> forms_;      // text → place in words_
  std::unordered_map<std::string, std::uint32_t> stems_;      // stem → workflows
  std::unordered_map<std::string, std::string> pieces_;       // text → stem
  std::unordered_map<std::string, std::vector<std::string>> roots_;
  std::unordered_map<std::string, std::vector<Compound>> compounds_;
  std::unordered_map<std::string, std::string> root_of_;
};

}  // namespace bank::find
