// What a generated workflow tells, before it has words and a drawing: a tree of blocks over concepts. Variants are disturbed copies.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "bank/generate/words.h"
#include "base/random.h"

namespace bank::generate {

// "Indhenter lægeerklæring digitalt": verb, object and tail; or a pattern around the object ("Er {} i orden?").
struct Label {
  Concept verb, pattern, object, tail;
  std::vector<Label> also;                 // steps merged into this one: "… og …"
};

struct Block {
  enum class Kind : std::uint8_t { step, call, sequence, choice, parallel, wait, stop } kind = Kind::step;
  Label label;
  int role = 0;                            // index into Story::roles
  std::string_view type = "bruger";        // the outline's keyword of a step
  bool law = false;                        // a statutory step: it gets a `lov`
  int called = -1;                         // call: index of the workflow in the family; < -1: pattern number -2 - called
  int retry = -1;                          // stop: goes back to the step with this mark, -1 = an end
  int mark = -1;
  std::string_view after;                  // wait: ISO 8601 duration
  std::vector<Block> parts;                // of a sequence; the branches of a choice or parallel (sequences)
  std::vector<Concept> answers;            // choice: one label per branch
  std::vector<Block> late;                 // step: what happens when a time has run out
};

struct Story {
  const Domain* domain = nullptr;
  Concept kind, subject, qualifier, stage; // the title's parts
  Archetype archetype = Archetype::application;
  Label start, end;
  std::vector<Concept> roles;
  Block body;
};

using Random = base::SeededRandom;
std::uint64_t mixed(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0);

// A workflow of its own; `stage` names one of the family's sub-workflows, -1 for the main one, which calls `calls` of them.
struct Theme { const Domain* domain; CaseKind kind; Concept subject, qualifier; };
Story make_story(const Theme&, int stage, int calls, std::uint64_t seed);
inline constexpr int kStages = 6;
// The generic patterns that other workflows call.
inline constexpr int kPatterns = 6;
Story make_pattern(int number, std::uint64_t seed);

// The same workflow redrawn: steps dropped, added, split, merged, swapped and made parallel; branches turned; roles merged; types changed.
// strength 0–100: how much of it.
void disturb(Story&, std::uint64_t seed, int strength);

}  // namespace bank::generate
