// Redrawing: what another municipality, or another year, makes of the same workflow. Words are changed when the outline is written.
#include <algorithm>

#include "bank/generate/story.h"

namespace bank::generate {
namespace {

constexpr Concept kFillerVerbs[] = {verb::file, verb::inspect, verb::inform, verb::record, verb::follow, verb::write};
// A step of the first kind is also told as two, the second kind after it.
struct Split { Concept verb, second; };
constexpr Split kSplits[] = {{verb::obtain, verb::receive}, {verb::assess, verb::discuss}, {verb::decide, verb::write}, {verb::send, verb::file}, {verb::order, verb::approve},
                             {verb::visit, verb::record}, {verb::write, verb::approve}, {verb::inspect, verb::record}, {verb::meet, verb::record}, {verb::plan, verb::approve}};

class Redrawer {
 public:
  Redrawer(Story& story, std::uint64_t seed, int strength) : story_(story), random_(seed), strength_(strength) {}

  void run() {
    if (strength_ == 0) return;
    // Somebody else does some of the work: a role of the house is taken over by another one.
    if (happens(30)) taken_over_ = 1 + static_cast<int>(random_.below(story_.domain->roles.size() - 1));
    block(story_.body);
  }

 private:
  // `share` is in percent at strength 100.
  bool happens(int share) { return random_.chance(static_cast<std::uint32_t>(share * strength_ / 100)); }
  static bool plain(const Block& b) { return b.kind == Block::Kind::step && b.late.empty() && b.mark < 0; }

  void block(Block& b) {
    if (b.kind == Block::Kind::step) step(b);
    for (Block& part : b.parts) block(part);
    for (Block& part : b.late) block(part);
    if (b.kind == Block::Kind::sequence) sequence(b.parts);
    if (b.kind == Block::Kind::choice && happens(60)) {
      std::reverse(b.parts.begin(), b.parts.end());
      std::reverse(b.answers.begin(), b.answers.end());
    }
  }

  void step(Block& b) {
    if (b.role == taken_over_) b.role = 0;
    if (happens(12) && b.role < static_cast<int>(story_.domain->roles.size())) b.role = static_cast<int>(random_.below(story_.domain->roles.size()));
    if (b.type == "bruger" && happens(35)) b.type = random_.chance(60) ? "opgave" : "manuel";
    else if (b.type == "service" && happens(30)) b.type = "bruger";
    if (!b.late.empty() && happens(40)) b.late.clear();
    if (happens(35)) b.label.tail = random_.chance(50) ? Concept() : tails()[random_.below(tails().size())];
  }

  void sequence(std::vector<Block>& parts) {
    std::vector<Block> out;
    for (Block& part : parts) {
      if (plain(part) && parts.size() > 2 && happens(14)) continue;
      if (part.kind == Block::Kind::choice && happens(10)) continue;  // an exception the other drawing does not show
      const bool split = plain(part) && part.label.also.empty() && happens(22);
      out.push_back(part);
      if (split) second_half(out);
      if (happens(10) && part.kind != Block::Kind::stop) out.push_back(filler(part.role));
    }
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
      if (!plain(out[i]) || !plain(out[i + 1])) continue;
      if (happens(20)) {
        std::swap(out[i], out[i + 1]);
        ++i;
      } else if (out[i].role == out[i + 1].role && out[i].label.also.empty() && happens(16)) {
        out[i].label.also.push_back(out[i + 1].label);
        out[i].law |= out[i + 1].law;
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      } else if (happens(7)) {
        Block both;
        both.kind = Block::Kind::parallel;
        for (int k = 0; k < 2; ++k) {
          Block branch;
          branch.kind = Block::Kind::sequence;
          branch.parts.push_back(std::move(out[i + static_cast<std::size_t>(k)]));
          both.parts.push_back(std::move(branch));
        }
        out[i] = std::move(both);
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
    }
    parts = std::move(out);
  }

  void second_half(std::vector<Block>& out) {
    for (const Split& s : kSplits) {
      if (out.back().label.verb != s.verb) continue;
      Block next = out.back();
      next.label.verb = s.second;
      next.law = false;
      if (s.second == verb::record || s.second == verb::file) next.label.object = generic_objects()[random_.below(generic_objects().size())];
      out.push_back(std::move(next));
      return;
    }
  }

  Block filler(int role) {
    Block out;
    out.label.verb = kFillerVerbs[random_.below(std::size(kFillerVerbs))];
    out.label.object = generic_objects()[random_.below(generic_objects().size())];
    out.role = role < static_cast<int>(story_.domain->roles.size()) ? role : 0;
    return out;
  }

  Story& story_;
  Random random_;
  int strength_, taken_over_ = -1;
};

}  // namespace

void disturb(Story& story, std::uint64_t seed, int strength) { Redrawer(story, seed, strength).run(); }

}  // namespace bank::generate
