// Labels as words that can be compared: Danish stems, light words weighted down, verb and object, compounds, edit distance, a few synonyms.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bpmn::comparing {

struct Term {
  std::string stem;      // æ ø å as { | }, so that every letter is one byte; never shown
  double weight = 1;     // of the kind of word: the verb that begins an activity weighs less than what it is done to
};
struct Words {
  std::string plain;     // lower case, blanks joined, no end mark: equal where only the writing differs
  std::vector<Term> terms;
};

struct WordOptions { bool synonyms = true; };

Words words_of(std::string_view label);
std::string stem(std::string_view word);               // of a lower-case word in the one-byte form
std::string fold(std::string_view text);               // UTF-8 → lower case in the one-byte form; other letters lose their accents or become '?'
// A word that means the same in this vocabulary, the first of its class; the stem itself where there is none.
std::string_view sense(std::string_view stem);

// 0 … 1: equal, same sense, one part of the other (compounds), nearly the same spelling.
double term_likeness(std::string_view, std::string_view, const WordOptions& = {});
// 0 … 1 over the terms of both, each weighed by its own weight times `rarity` of its stem.
double label_likeness(const Words&, const Words&, const std::function<double(std::string_view)>& rarity = {}, const WordOptions& = {});

}  // namespace bpmn::comparing
