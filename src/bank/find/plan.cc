#include "bank/find/plan.h"

#include <algorithm>

#include "bank/find/words.h"
#include "base/limits_find.h"

namespace bank::find {
namespace {

// How much less than the word itself what follows from it counts.
constexpr double kRelated = 0.8, kHead = 0.6, kModifier = 0.5, kParts = 0.75, kJoined = 1.1, kSynonym = 0.8, kEqual = 0.9, kBegun = 0.9, kMended = 0.9;
constexpr std::size_t kRelatedWords = 8;

// Tokens that stand at the same place mean one thing: "§ 11 a" is §11a or §11, "22" a word or a number.
struct Place { std::vector<Token> tokens; std::string word; bool mended = false; };

class Planner {
 public:
  Planner(std::string_view query, bool unfinished, const Lexicon& lexicon, const Synonyms& synonyms, const std::function<std::vector<std::string>(const std::string&)>& same)
      : query_(query), unfinished_(unfinished), lexicon_(lexicon), synonyms_(synonyms), same_(same) {}

  Plan run() {
    read();
    mend();
    for (std::size_t at = 0; at < places_.size();) at += clause(at);
    const bool all_weak = std::all_of(plan_.clauses.begin(), plan_.clauses.end(), [](const Clause& c) { return c.weak; });
    if (all_weak)
      for (Clause& c : plan_.clauses) c.weak = false;
    return std::move(plan_);
  }

 private:
  void read() {
    std::size_t words = 0;
    for (Token& token : query_tokens(query_)) {
      if (!places_.empty() && places_.back().tokens[0].begin == token.begin) {
        places_.back().tokens.push_back(std::move(token));
        continue;
      }
      if (++words > base::limits::kFindQueryWords) break;
      Place place;
      if (token.kind == TokenKind::word) place.word = token.text;
      place.tokens.push_back(std::move(token));
      places_.push_back(std::move(place));
    }
    for (Place& place : places_)
      if (place.tokens.size() > 1) place.word.clear();
    const bool at_end = !places_.empty() && places_.back().tokens.back().end == query_.size();
    unfinished_ = unfinished_ && at_end && !places_.back().word.empty();
  }

  bool last(std::size_t at) const { return unfinished_ && at + 1 == places_.size(); }
  bool stop(std::size_t at) const { return is_stop_word(places_[at].word); }
  bool understood(std::size_t at) const {
    const std::string& word = places_[at].word;
    if (word.empty() || stop(at) || lexicon_.known(word) || !lexicon_.related(stem(word)).empty() || !synonyms_.beginning_with(stem(word)).empty()) return true;
    if (last(at) && !lexicon_.beginning_with(word, 1).empty()) return true;
    return !lexicon_.parts(word).empty();
  }
  // "kørsels godtgørelse": two words of which one does not stand alone.
  bool joins_with_next(std::size_t at) const {
    if (at + 1 >= places_.size() || places_[at].word.empty() || places_[at + 1].word.empty() || stop(at) || stop(at + 1)) return false;
    return lexicon_.known(places_[at].word + places_[at + 1].word);
  }

  void mend() {
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < places_.size(); ++at) {
      if (understood(at) || joins_with_next(at) || (at > 0 && joins_with_next(at - 1))) continue;
      std::string better = lexicon_.corrected(places_[at].word);
      if (better.empty()) {
        plan_.nothing_known = plan_.nothing_known || !is_weak_word(places_[at].word);
        continue;
      }
      const Token& token = places_[at].tokens[0];
      out += std::string(query_.substr(copied, token.begin - copied)) + better;
      copied = token.end;
      places_[at].word = std::move(better);
      places_[at].mended = true;
    }
    if (copied > 0) plan_.corrected = out + std::string(query_.substr(copied));
  }

  // One clause from here; how many places it took.
  std::size_t clause(std::size_t at) {
    const Place& place = places_[at];
    if (place.word.empty()) {
      Clause clause;
      for (const Token& token : place.tokens) clause.choices.push_back({{token_slot(token)}, 1});
      plan_.clauses.push_back(std::move(clause));
      return 1;
    }
    const auto entries = phrases(at);
    if (!entries.empty()) return synonym_clause(at, entries);
    if (stop(at)) {
      const bool only = std::all_of(places_.begin(), places_.end(), [](const Place& p) { return is_stop_word(p.word); });
      if (!only) return 1;
    }
    if (joins_with_next(at) && phrases(at + 1).empty()) {
      Clause clause{word_choices(at), false};
      const auto next = word_choices(at + 1);
      if (!clause.choices.empty() && !next.empty()) {
        Choice both{{clause.choices[0].slots[0], next[0].slots[0]}, 1};
        clause.choices = {std::move(both)};
      } else {
        clause.choices.clear();
      }
      clause.choices.push_back({{word_slot(places_[at].word + places_[at + 1].word, last(at + 1))}, kJoined});
      plan_.clauses.push_back(std::move(clause));
      return 2;
    }
    plan_.clauses.push_back({word_choices(at), is_weak_word(place.word)});
    return 1;
  }

  Slot token_slot(const Token& token) const {
    if (token.kind != TokenKind::number) return {{LeafKind::text, token.text, 1}};
    Slot slot{{LeafKind::number, token.text, 1}};
    for (std::string& number : same_(token.text)) slot.push_back({LeafKind::number, std::move(number), kEqual});
    return slot;
  }

  // The longest phrases of the synonyms that stand here, word for word.
  std::vector<const Synonyms::Entry*> phrases(std::size_t at) const {
    std::vector<const Synonyms::Entry*> out;
    for (const Synonyms::Entry& entry : synonyms_.beginning_with(stem(places_[at].word))) {
      if (!out.empty() && entry.from.size() < out[0]->from.size()) break;
      bool fits = at + entry.from.size() <= places_.size();
      for (std::size_t i = 1; fits && i < entry.from.size(); ++i) {
        const std::string& word = places_[at + i].word;
        fits = word.empty() ? places_[at + i].tokens[0].text == entry.from[i] : stem(word) == entry.from[i];
      }
      if (fits) out.push_back(&entry);
    }
    return out;
  }

  std::size_t synonym_clause(std::size_t at, const std::vector<const Synonyms::Entry*>& entries) {
    const std::size_t length = entries[0]->from.size();
    Clause clause;
    if (length == 1) {
      clause.choices = word_choices(at);
      clause.weak = is_weak_word(places_[at].word);
    } else {
      Choice written;
      for (std::size_t i = at; i < at + length; ++i) {
        if (places_[i].word.empty() || stop(i)) continue;
        const auto choices = word_choices(i);
        if (!choices.empty()) written.slots.push_back(choices[0].slots[0]);
      }
      if (!written.slots.empty()) clause.choices.push_back(std::move(written));
    }
    for (const Synonyms::Entry* entry : entries) {
      for (const auto& phrase : entry->to) {
        Choice choice{{}, kSynonym};
        for (const std::string& word : phrase) choice.slots.push_back(word_slot(word, false));
        clause.choices.push_back(std::move(choice));
      }
      for (const std::string& kind : entry->systems) clause.choices.push_back({{{{LeafKind::system, kind, 1}}}, kSynonym});
    }
    plan_.clauses.push_back(std::move(clause));
    return length;
  }

  // The word, its relatives and the compounds it is part of; then, where it is a compound itself, its parts.
  std::vector<Choice> word_choices(std::size_t at) const {
    const Place& place = places_[at];
    std::vector<Choice> out{{{word_slot(place.word, last(at))}, place.mended ? kMended : 1}};
    if (const auto parts = lexicon_.parts(place.word); !parts.empty()) {
      Choice choice{{}, kParts};
      for (const std::string& part : parts) choice.slots.push_back(stem_slot(part, base::limits::kFindCompounds / 3));
      out.push_back(std::move(choice));
    } else if (!lexicon_.known(place.word)) {
      if (const std::string head = lexicon_.head(place.word); !head.empty()) out.push_back({{stem_slot(head, base::limits::kFindCompounds / 3)}, kHead});
    }
    return out;
  }

  Slot word_slot(const std::string& word, bool begun) const {
    Slot slot = stem_slot(stem(word), base::limits::kFindCompounds);
    if (begun)
      for (const std::string& longer : lexicon_.beginning_with(word, base::limits::kFindPrefixes)) add(slot, stem(longer), kBegun);
    return slot;
  }
  Slot stem_slot(const std::string& stem, std::size_t most_compounds) const {
    Slot slot{{LeafKind::text, stem, 1}};
    std::size_t n = 0;
    for (const std::string& related : lexicon_.related(stem)) {
      if (++n > kRelatedWords) break;
      add(slot, related, kRelated);
    }
    n = 0;
    std::vector<std::string> family = lexicon_.related(stem);
    if (std::find(family.begin(), family.end(), stem) == family.end()) family.insert(family.begin(), stem);
    for (const std::string& member : family)
      for (const auto& compound : lexicon_.compounds(member)) {
        if (++n > most_compounds) return slot;
        add(slot, compound.stem, (compound.head ? kHead : kModifier) * (member == stem ? 1 : kRelated));
      }
    return slot;
  }
  static void add(Slot& slot, const std::string& stem, double weight) {
    for (Leaf& leaf : slot)
      if (leaf.text == stem) {
        leaf.weight = std::max(leaf.weight, weight);
        return;
      }
    slot.push_back({LeafKind::text, stem, weight});
  }

  std::string_view query_;
  bool unfinished_;
  const Lexicon& lexicon_;
  const Synonyms& synonyms_;
  const std::function<std::vector<std::string>(const std::string&)>& same_;
  std::vector<Place> places_;
  Plan plan_;
};

}  // namespace

Plan make_plan(std::string_view query, bool unfinished, const Lexicon& lexicon, const Synonyms& synonyms, const std::function<std::vector<std::string>(const std::string&)>& same) {
  return Planner(query, unfinished, lexicon, synonyms, same).run();
}

}  // namespace bank::find
