// Stories in words: the outline (docs/notation.md) of a diagram, the title and the roles, in the language of one variant.
#pragma once
#include <string>
#include <vector>

#include "bank/generate/story.h"

namespace bank::generate {

// How one drawer writes: which synonyms, which form of the verb, which ids.
struct Style {
  std::uint64_t seed = 0;
  bool plainest = false;                     // the first word of every concept: the correct workflow
  enum class Form : std::uint8_t { present, imperative, noun } form = Form::present;
  enum class Ids : std::uint8_t { by_name, bpmn_js, numbered } ids = Ids::by_name;
};
Style style_of(std::uint64_t seed, bool plainest);

struct Called { std::string slug, process; std::string title; };  // a workflow that a call activity opens

std::string title_of(const Story&, const Style&);
struct Outline { std::string text; std::vector<std::string> roles; std::vector<std::string> laws; };
// calls: of the family; patterns: the generic ones (may be empty: such calls are then plain steps).
Outline outline_of(const Story&, const Style&, const std::string& process_id, const std::vector<Called>& calls, const std::vector<Called>& patterns);

}  // namespace bank::generate
