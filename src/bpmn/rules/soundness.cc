// Soundness (van der Aalst: option to complete, proper completion, no dead activities) of what tokens do: every state that
// can be reached is looked at, nearest first, so the way to a flaw is the shortest one.
#include "bpmn/rules/soundness.h"

#include <algorithm>
#include <unordered_map>

#include "bpmn/rules/facts.h"

namespace bpmn::rules {
namespace {

class Exploration {
 public:
  Exploration(const Model& model, const Net& net) : model_(model), net_(net), fired_(model.nodes.size(), false) {
    for (const Net::Places& places : net.beginnings()) {
      std::string marking(net.places(), '\0');
      for (const std::uint32_t place : places) ++marking[place];
      add(std::move(marking), -1, -1);
    }
    for (std::size_t at = 0; at < states_.size() && !over_; ++at) expand(static_cast<int>(at));
    over_ = over_ || net.crowded();
  }

  std::vector<Unsound> run(const Element& scope) {
    if (over_) return {{Flaw::not_checked, &scope, "more than " + std::to_string(kSoundnessStates) + " states, or ways on from one element", "er der mere end " + std::to_string(kSoundnessStates) + " tilstande"}};
    if (unsafe_state_ >= 0) unsynchronised();
    for (const int state : stuck_) deadlock(state);
    if (unsafe_state_ < 0) {  // otherwise not every state was seen
      dead();
      if (!net_.endable()) endless();
    }
    return std::move(found_);
  }

 private:
  struct State { std::string marking; int from, node; std::vector<int> next; };

  int add(std::string marking, int from, int node) {
    const auto [at, fresh] = index_.emplace(marking, static_cast<int>(states_.size()));
    if (fresh) states_.push_back({std::move(marking), from, node, {}});
    over_ = over_ || states_.size() > kSoundnessStates;
    return at->second;
  }

  void expand(int at) {
    const std::string marking = states_[static_cast<std::size_t>(at)].marking;
    const std::vector<Net::Move> moves = net_.moves(marking);
    if (moves.empty() && std::ranges::any_of(marking, [](char tokens) { return tokens != 0; })) stuck_.push_back(at);
    for (const Net::Move& move : moves) {
      fired_[static_cast<std::size_t>(move.node)] = true;
      if (move.boundary >= 0) fired_[static_cast<std::size_t>(move.boundary)] = true;
      std::string next = move.ends ? std::string(marking.size(), '\0') : marking;
      for (const std::uint32_t place : move.takes) --next[place];
      for (const std::uint32_t place : move.gives)
        if (++next[place] > 1 && unsafe_state_ < 0) {
          unsafe_state_ = at;
          unsafe_place_ = place;
          unsafe_node_ = move.node;
        }
      if (std::ranges::any_of(next, [](char tokens) { return tokens > 1; })) continue;
      const int to = add(std::move(next), at, move.boundary >= 0 ? move.boundary : move.node);
      states_[static_cast<std::size_t>(at)].next.push_back(to);
    }
  }

  const Node& node(int n) const { return model_.nodes[static_cast<std::size_t>(n)]; }

  static constexpr std::size_t kShown = 40;  // ids of a way; the rest of a longer one is counted
  std::string way(bool names, int state, int last = -1) const {
    std::vector<std::string> ids;
    const auto add = [&](const Node& one) { ids.push_back(!names ? one.id : "'" + (one.name.empty() ? one.id : one.name) + "'"); };
    if (last >= 0) add(node(last));
    for (int at = state; at >= 0 && states_[static_cast<std::size_t>(at)].node >= 0; at = states_[static_cast<std::size_t>(at)].from) add(node(states_[static_cast<std::size_t>(at)].node));
    std::string text;
    for (std::size_t i = ids.size(); i-- > 0;) {
      if (ids.size() - i > kShown) return text + (names ? " og " : " and ") + std::to_string(i + 1) + (names ? " mere" : " more");
      text += (text.empty() ? "" : ", ") + ids[i];
    }
    return text;
  }

  // A join at which tokens wait for others that cannot come any more.
  void deadlock(int state) {
    const std::string& marking = states_[static_cast<std::size_t>(state)].marking;
    for (std::uint32_t place = 0; place < marking.size(); ++place) {
      const int at = marking[place] != 0 ? net_.target_of(place) : -1;
      if (at < 0 || !net_.is_join(at) || std::ranges::find(told_, at) != told_.end()) continue;
      told_.push_back(at);
      std::string missing;
      for (const int flow : node(at).incoming) {
        bool here = false;
        for (std::uint32_t other = 0; other < marking.size(); ++other) here = here || (marking[other] != 0 && net_.target_of(other) == at && net_.source_of(other) == model_.flows[static_cast<std::size_t>(flow)].source);
        if (!here) missing += (missing.empty() ? "" : ", ") + model_.flows[static_cast<std::size_t>(flow)].id;
      }
      found_.push_back({Flaw::deadlock, node(at).xml, "after " + way(false, state) + " nothing comes over " + missing, "kommer der intet ad " + missing + " efter " + way(true, state)});
    }
  }

  void unsynchronised() {
    const int source = net_.source_of(unsafe_place_);
    const int at = source >= 0 ? source : unsafe_node_;
    found_.push_back({Flaw::no_synchronisation, node(at).xml, "after " + way(false, unsafe_state_, unsafe_node_), "sker det efter " + way(true, unsafe_state_, unsafe_node_)});
  }

  // What no token comes to; of several that only lead to each other the first one in the file.
  void dead() {
    bool unreached = false;
    for (const int n : net_.nodes()) {
      if (fired_[static_cast<std::size_t>(n)] || net_.excused(n) || std::ranges::find(told_, n) != told_.end()) continue;
      if (node(n).type == ElementType::boundary_event) continue;  // its activity says it, or it does not interrupt
      if (!net_.reachable(n)) {
        if (!std::exchange(unreached, true)) found_.push_back({Flaw::dead, node(n).xml, "no way leads to it from where tokens begin", "fører ingen vej dertil fra det, der begynder"});
        continue;
      }
      const bool came = std::ranges::any_of(node(n).incoming, [&](int flow) { const int from = model_.flows[static_cast<std::size_t>(flow)].source; return from >= 0 && fired_[static_cast<std::size_t>(from)]; });
      if (came) found_.push_back({Flaw::dead, node(n).xml, "the tokens that it needs never come together", "mødes de grene, det venter på, aldrig"});
    }
  }

  // A state from which the end cannot be reached, and which is no deadlock.
  void endless() {
    std::vector<std::vector<int>> before(states_.size());
    std::vector<int> open(stuck_);
    std::vector<bool> ends(states_.size(), false);
    for (std::size_t at = 0; at < states_.size(); ++at) {
      for (const int next : states_[at].next) before[static_cast<std::size_t>(next)].push_back(static_cast<int>(at));
      if (std::ranges::all_of(states_[at].marking, [](char tokens) { return tokens == 0; })) open.push_back(static_cast<int>(at));
    }
    for (const int at : open) ends[static_cast<std::size_t>(at)] = true;
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      for (const int from : before[static_cast<std::size_t>(at)])
        if (!ends[static_cast<std::size_t>(from)]) {
          ends[static_cast<std::size_t>(from)] = true;
          open.push_back(from);
        }
    }
    const auto at = std::ranges::find(ends, false);
    if (at == ends.end()) return;
    const int state = static_cast<int>(at - ends.begin());
    const std::string& marking = states_[static_cast<std::size_t>(state)].marking;
    for (std::uint32_t place = 0; place < marking.size(); ++place)
      if (marking[place] != 0) {
        const std::string reached = way(false, state);
        return found_.push_back({Flaw::endless, node(net_.target_of(place)).xml, reached.empty() ? "it begins there" : "after " + reached, reached.empty() ? "begynder det" : "sker det efter " + way(true, state)});
      }
  }

  const Model& model_;
  const Net& net_;
  std::vector<State> states_;
  std::unordered_map<std::string, int> index_;
  std::vector<int> stuck_, told_;
  std::vector<bool> fired_;                            // of the model's nodes
  bool over_ = false;
  int unsafe_state_ = -1, unsafe_node_ = -1;
  std::uint32_t unsafe_place_ = 0;
  std::vector<Unsound> found_;
};

void report(const Facts& facts, Report& into, Flaw flaw) {
  for (const Unsound& one : facts.soundness())
    if (one.flaw == flaw) into.at(*one.at, one.detail, one.detail_da);
}

}  // namespace

std::vector<Unsound> explore(const Model& model, const Net& net, const Element& scope) { return Exploration(model, net).run(scope); }

const std::vector<Unsound>& Facts::soundness() const {
  if (!soundness_) soundness_ = std::make_shared<const std::vector<Unsound>>(unsound(model));
  return *soundness_;
}

void SG060(const Facts& facts, Report& into) { report(facts, into, Flaw::deadlock); }
void SG061(const Facts& facts, Report& into) { report(facts, into, Flaw::no_synchronisation); }
void SG062(const Facts& facts, Report& into) { report(facts, into, Flaw::dead); }
void SG063(const Facts& facts, Report& into) { report(facts, into, Flaw::endless); }
void SG064(const Facts& facts, Report& into) { report(facts, into, Flaw::not_checked); }

}  // namespace bpmn::rules
