#include "bank/find/hits.h"

#include <algorithm>
#include <unordered_map>

#include "bank/find/words.h"
#include "base/limits_find.h"

namespace bank::find {
namespace {

using base::Json;
constexpr std::size_t kStems = 100'000;  // remembered per thread

// The same few thousand words stand in all workflows.
const std::string& remembered_stem(const std::string& word) {
  thread_local std::unordered_map<std::string, std::string> stems;
  if (const auto found = stems.find(word); found != stems.end()) return found->second;
  if (stems.size() >= kStems) stems.clear();
  return stems.emplace(word, stem(word)).first->second;
}

int rank(const std::string& field) {
  if (field == "titel") return 0;
  if (field == "aktivitet" || field == "beslutning" || field == "blanket") return 1;
  return field == "resume" ? 3 : 2;
}

}  // namespace

Places::Places(const Plan& plan) {
  for (std::size_t clause = 0; clause < plan.clauses.size(); ++clause)
    for (const Choice& choice : plan.clauses[clause].choices)
      for (const Slot& slot : choice.slots)
        for (const Leaf& leaf : slot) {
          if (leaf.kind == LeafKind::number) numbers_.push_back(leaf.text);
          if (leaf.kind == LeafKind::number) continue;
          double& weight = leaves_[leaf.text][clause];
          weight = std::max(weight, leaf.weight * choice.weight * (plan.clauses[clause].weak ? 0.4 : 1) / static_cast<double>(choice.slots.size()));
        }
}

double Places::score(const std::string& field, const std::string& text) const {
  if (field == "kle" || field == "kla") return std::any_of(numbers_.begin(), numbers_.end(), [&](const std::string& n) { return number_below(text, n); }) ? 1 : 0;
  std::map<std::size_t, double> best;
  for (const Token& token : tokens(text)) {
    const auto found = leaves_.find(token.kind == TokenKind::word ? remembered_stem(token.text) : token.text);
    if (found == leaves_.end()) continue;
    for (const auto& [clause, weight] : found->second) best[clause] = std::max(best[clause], weight);
  }
  double sum = 0;
  for (const auto& [clause, weight] : best) sum += weight;
  return sum;
}

std::vector<Part> Places::in(const Json& parts) const {
  struct Scored { Part part; double score; };
  std::vector<Scored> found;
  for (const Json& part : parts.is_array() ? parts.as_array() : Json::Array{}) {
    const Json::Array& p = part.as_array();
    const double points = score(p[0].string_or(""), p[1].string_or(""));
    if (points > 0) found.push_back({{p[0].string_or(""), p[1].string_or(""), p[2].string_or("")}, points});
  }
  std::stable_sort(found.begin(), found.end(), [](const Scored& a, const Scored& b) { return a.score != b.score ? a.score > b.score : rank(a.part.field) < rank(b.part.field); });
  std::vector<Part> out;
  for (Scored& one : found) {
    if (out.size() == base::limits::kFindPartsPerHit) break;
    out.push_back(std::move(one.part));
  }
  return out;
}

Json parts_json(const std::vector<Part>& parts) {
  Json out = Json::array();
  for (const Part& p : parts) out.push(Json(Json::Array{p.field, p.text, p.element}));
  return out;
}

std::vector<Part> read_parts(const Json& json) {
  std::vector<Part> out;
  for (const Json& p : json.is_array() ? json.as_array() : Json::Array{}) out.push_back({p.as_array()[0].string_or(""), p.as_array()[1].string_or(""), p.as_array()[2].string_or("")});
  return out;
}

}  // namespace bank::find
