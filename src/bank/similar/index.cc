#include "bank/similar/index.h"

#include <algorithm>
#include <cmath>

#include "bank/similar/graphs.h"
#include "bpmn/compare/words.h"

namespace bank::similar {
namespace {

constexpr std::size_t kCandidates = 80;       // whose graphs are compared
constexpr double kGraph = 0.8, kWords = 0.2;  // shares of a likeness
constexpr double kCommon = 0.25;              // a feature that more workflows have chooses no candidates
constexpr float kTitle = 2.0f, kAffix = 0.4f;
constexpr std::size_t kLongWord = 7, kPrefix = 4, kSuffix = 5;   // parts of compounds: "lægeerklæring" has "læge…" and "…æring"
constexpr double kGrowth = 1.3;               // sizes are weighed anew when the bank has grown by that

}  // namespace

Index::Id Index::number(const std::string& stem) {
  const auto [found, fresh] = numbers_.try_emplace(stem, static_cast<Id>(stems_.size()));
  const Id own = found->second;
  if (!fresh) return own;
  stems_.push_back(stem);
  senses_.push_back(own);
  postings_.emplace_back();
  in_.push_back(0);
  if (const std::string first(bpmn::comparing::sense(stem)); first != stem) {
    const Id sense = number(first);  // after this stem's own place is made: the first of a class means itself
    senses_[own] = sense;
  }
  return own;
}

// number: text → Id. Features are the senses of all terms and the affixes of long ones, the more often the heavier, slowly.
template <class Number>
Index::Flat Index::flatten(const Profile& profile, Number number_of) const {
  Flat out;
  std::unordered_map<Id, float> bag;
  const auto feature = [&](const std::string& stem, float weight) {
    bag[number_of(std::string(bpmn::comparing::sense(stem)))] += weight;
    if (stem.size() < kLongWord || stem[0] == kReferenceMark) return;
    bag[number_of("^" + stem.substr(0, kPrefix))] += weight * kAffix;
    bag[number_of("$" + stem.substr(stem.size() - kSuffix))] += weight * kAffix;
  };
  for (const ProfileTerm& t : profile.title) feature(t.stem, t.weight * kTitle);
  for (const ProfileNode& n : profile.nodes) {
    out.nodes.push_back({n.kind, static_cast<std::uint32_t>(out.terms.size()), static_cast<std::uint32_t>(n.terms.size()), static_cast<std::uint32_t>(out.after.size()), static_cast<std::uint32_t>(n.after.size())});
    for (const ProfileTerm& t : n.terms) {
      out.terms.push_back(number_of(t.stem));
      out.weights.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(t.weight * 50), 0l, 255l)));
      feature(t.stem, t.weight);
    }
    out.after.insert(out.after.end(), n.after.begin(), n.after.end());
  }
  for (const auto& [id, weight] : bag) out.features.push_back({id, std::log1p(weight)});
  std::sort(out.features.begin(), out.features.end(), [](const Weighted& a, const Weighted& b) { return a.feature < b.feature; });
  for (auto* all : {&out.terms}) all->shrink_to_fit();
  out.features.shrink_to_fit();
  out.nodes.shrink_to_fit();
  out.after.shrink_to_fit();
  out.weights.shrink_to_fit();
  return out;
}

double Index::rarity(Id id) const {
  const double n = static_cast<double>(slots_.size()) + 1;
  const double in = id < in_.size() ? static_cast<double>(std::max(in_[id], in_[senses_[id]])) : 0;
  return std::max(0.05, std::log((n + 1) / (in + 0.5)) / std::log(n + 2));
}

float Index::size_of(const Flat& flat) const {
  double out = 0;
  for (const Weighted& f : flat.features) out += f.weight * rarity(f.feature);
  return static_cast<float>(out);
}

void Index::put(std::int64_t id, const std::string& owner, bool published, const Profile& profile) {
  remove(id);
  const auto slot = static_cast<std::uint32_t>(entries_.size());
  Entry entry{id, owner, published, 0, flatten(profile, [&](const std::string& stem) { return number(stem); })};
  for (const Weighted& f : entry.flat.features) {
    postings_[f.feature].push_back({slot, f.weight});
    ++in_[f.feature];
  }
  slots_[id] = slot;
  entry.size = size_of(entry.flat);
  entries_.push_back(std::move(entry));
  if (static_cast<double>(slots_.size()) > kGrowth * static_cast<double>(weighed_at_)) weigh_all();
}

void Index::remove(std::int64_t id) {
  const auto found = slots_.find(id);
  if (found == slots_.end()) return;
  Entry& entry = entries_[found->second];
  for (const Weighted& f : entry.flat.features) --in_[f.feature];
  entry = {};
  slots_.erase(found);
  if (++dead_ > 1000 && dead_ > slots_.size() / 4) compact();
}

void Index::weigh_all() {
  weighed_at_ = slots_.size();
  for (Entry& e : entries_)
    if (e.id >= 0) e.size = size_of(e.flat);
}

// Slots of what is gone are given back; words stay, they are few.
void Index::compact() {
  std::vector<Entry> kept;
  kept.reserve(slots_.size());
  for (auto& p : postings_) p.clear();
  for (Entry& e : entries_) {
    if (e.id < 0) continue;
    const auto slot = static_cast<std::uint32_t>(kept.size());
    slots_[e.id] = slot;
    for (const Weighted& f : e.flat.features) postings_[f.feature].push_back({slot, f.weight});
    kept.push_back(std::move(e));
  }
  entries_ = std::move(kept);
  dead_ = 0;
}

std::vector<std::uint32_t> Index::candidates(const Flat& query, const Query& how) const {
  std::vector<float> shared(entries_.size(), 0);
  const auto common = static_cast<std::uint32_t>(std::max(50.0, kCommon * static_cast<double>(slots_.size())));
  for (const bool all : {false, true}) {  // a query of common words only is answered by them
    bool any = false;
    for (const Weighted& f : query.features) {
      if (f.feature >= postings_.size() || (!all && in_[f.feature] > common)) continue;
      const auto rare = static_cast<float>(rarity(f.feature));
      for (const Posting& p : postings_[f.feature]) shared[p.slot] += rare * std::min(f.weight, p.weight), any = true;
    }
    if (any) break;
  }
  const float own = size_of(query);
  std::vector<std::pair<float, std::uint32_t>> best;
  for (std::uint32_t slot = 0; slot < entries_.size(); ++slot) {
    const Entry& e = entries_[slot];
    if (shared[slot] <= 0 || e.id < 0 || e.id == how.except || (!how.authority.empty() && e.owner != how.authority && !e.published)) continue;
    best.emplace_back(how.fragment ? shared[slot] / own : 2 * shared[slot] / (own + e.size), slot);
  }
  const std::size_t count = std::min(best.size(), std::max(kCandidates, 2 * how.max));
  std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(count), best.end(), [](const auto& a, const auto& b) { return std::tie(b.first, a.second) < std::tie(a.first, b.second); });
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(best[i].second);
  return out;
}

double Index::words_likeness(const Flat& a, const Flat& b, bool fragment) const {
  double shared = 0;
  for (std::size_t i = 0, j = 0; i < a.features.size() && j < b.features.size();) {
    if (a.features[i].feature < b.features[j].feature) ++i;
    else if (a.features[i].feature > b.features[j].feature) ++j;
    else shared += rarity(a.features[i].feature) * std::min(a.features[i].weight, b.features[j].weight), ++i, ++j;
  }
  const double total = fragment ? size_of(a) : (static_cast<double>(size_of(a)) + size_of(b)) / 2;
  return total > 0 ? shared / total : 0;
}

std::vector<Hit> Index::find(const Profile& profile, const Query& how) const {
  std::vector<std::string> extra;
  std::unordered_map<std::string, Id> extras;
  const Flat query = flatten(profile, [&](const std::string& stem) {
    if (const auto known = numbers_.find(stem); known != numbers_.end()) return known->second;
    const auto [found, fresh] = extras.try_emplace(stem, static_cast<Id>(stems_.size() + extra.size()));
    if (fresh) extra.push_back(stem);
    return found->second;
  });
  Graphs graphs(*this, query, extra);
  std::vector<Hit> out;
  for (const std::uint32_t slot : candidates(query, how)) {
    const Entry& e = entries_[slot];
    const double likeness = kWords * words_likeness(query, e.flat, how.fragment) + kGraph * graphs.likeness(e.flat, how.fragment);
    if (likeness >= how.least) out.push_back({e.id, std::min(likeness, 1.0)});
  }
  std::sort(out.begin(), out.end(), [](const Hit& a, const Hit& b) { return std::tie(b.likeness, a.id) < std::tie(a.likeness, b.id); });
  if (out.size() > how.max) out.resize(how.max);
  return out;
}

std::size_t Index::bytes() const {
  std::size_t out = entries_.capacity() * sizeof(Entry) + slots_.size() * 40;
  for (const Entry& e : entries_)
    out += e.flat.nodes.capacity() * sizeof(Node) + e.flat.terms.capacity() * sizeof(Id) + e.flat.weights.capacity() + e.flat.after.capacity() * 2 + e.flat.features.capacity() * sizeof(Weighted);
  for (const auto& p : postings_) out += p.capacity() * sizeof(Posting) + sizeof(p);
  for (const std::string& s : stems_) out += 2 * sizeof(std::string) + 2 * s.size() + 48;
  return out;
}

}  // namespace bank::similar
