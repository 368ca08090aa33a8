#include "bank/find/query.h"

#include <algorithm>
#include <cmath>

namespace bank::find {
namespace {

using Xapian::Query;

constexpr double kTitle = 4, kActivity = 1.6, kRest = 1, kBackground = 0.5, kNumber = 4, kSystem = 0.6;
constexpr double kWhole = 1.0;        // what having all words adds, as a part of what they weigh
constexpr double kUnlimited = 0.6;    // before one whose validity ends
constexpr std::size_t kTermBytes = 200;

Query scaled(Query query, double by) { return by == 1 ? query : Query(Query::OP_SCALE_WEIGHT, query, by); }

Query any_of(std::vector<Query> queries, Query::op op) {
  if (queries.empty()) return Query::MatchNothing;
  return queries.size() == 1 ? queries[0] : Query(op, queries.begin(), queries.end());
}

Query leaf_query(const Leaf& leaf) {
  switch (leaf.kind) {
    case LeafKind::number:
      return Query(Query::OP_OR, scaled(Query(kle_term(leaf.text)), kNumber), scaled(Query(kla_term(leaf.text)), kNumber));
    case LeafKind::system:
      return scaled(Query(filter_term(Facet::system, leaf.text)), kSystem);
    case LeafKind::text:
      break;
  }
  std::vector<Query> fields{scaled(Query(term(Class::title, leaf.text)), kTitle), scaled(Query(term(Class::activity, leaf.text)), kActivity), scaled(Query(term(Class::rest, leaf.text)), kRest)};
  if (leaf.weight >= 0.75) fields.push_back(scaled(Query(term(Class::background, leaf.text)), kBackground));
  return Query(Query::OP_OR, fields.begin(), fields.end());
}

Query slot_query(const Slot& slot) {
  std::vector<Query> leaves;
  for (const Leaf& leaf : slot) leaves.push_back(scaled(leaf_query(leaf), leaf.weight));
  return any_of(std::move(leaves), Query::OP_MAX);
}

constexpr std::size_t kFewWorkflows = 20;
constexpr double kEverywhere = 0.4;   // a word that so large a part of the workflows has is not asked for

// How rare the clause is: by its own word where the bank has it, else by what stands for it.
double rarity(const Clause& clause, const Lexicon& lexicon, std::size_t workflows) {
  double count = 0;
  for (const Choice& choice : clause.choices) {
    double least = static_cast<double>(workflows);
    for (const Slot& slot : choice.slots) {
      double most = 0;
      for (const Leaf& leaf : slot) most = std::max(most, leaf.kind == LeafKind::text ? lexicon.count(leaf.text) : 10.0);
      least = std::min(least, most);
    }
    count = std::max(count, least);
    if (count > 0 && &choice == &clause.choices[0]) break;
  }
  const double n = static_cast<double>(workflows);
  return std::max(0.3, std::log(1 + (n - std::min(count, n) + 0.5) / (count + 0.5)));
}

Query clause_query(const Clause& clause, double rarity) {
  std::vector<Query> choices;
  for (const Choice& choice : clause.choices) {
    std::vector<Query> slots;
    for (const Slot& slot : choice.slots) slots.push_back(slot_query(slot));
    if (slots.empty()) continue;
    const double by = choice.weight * rarity / static_cast<double>(slots.size());
    choices.push_back(scaled(any_of(std::move(slots), Query::OP_AND), by));
  }
  return any_of(std::move(choices), Query::OP_MAX);
}

}  // namespace

Class class_of(const std::string& field) {
  if (field == "titel") return Class::title;
  return field == "aktivitet" || field == "beslutning" || field == "blanket" ? Class::activity : Class::rest;
}

std::string filter_term(Facet facet, std::string_view value) { return "F" + std::to_string(static_cast<int>(facet)) + ":" + std::string(value.substr(0, kTermBytes)); }

void Even::init(double factor) {
  factor_ = factor;
  const double wdf = static_cast<double>(get_wdf_upper_bound());
  most_ = factor * wdf / (wdf + 1.0);
}

Query readable(const Request& request, Facet but) {
  const Query published(Query::OP_AND_NOT, Query("XP"), Query("XH" + request.authority));
  std::vector<Query> all{Query(Query::OP_OR, Query("XA" + request.authority), published)};
  for (const auto& [facet, value] : request.filters) {
    if (facet == but) continue;
    const bool number = facet == Facet::kle || facet == Facet::kle_group;
    all.push_back(number ? Query(kle_term(value)) : Query(filter_term(facet, value)));
  }
  if (!request.slugs.empty()) {
    std::vector<Query> slugs;
    for (const std::string& slug : request.slugs) slugs.emplace_back("XS" + slug);
    all.push_back(any_of(std::move(slugs), Query::OP_OR));
  }
  return any_of(std::move(all), Query::OP_AND);
}

Words words_query(const Plan& plan, const Lexicon& lexicon, std::size_t workflows) {
  Words out;
  std::vector<Query> asked, weak;
  const double common = std::log(1 + 1 / kEverywhere - 1);
  std::vector<std::pair<double, bool>> kinds;  // how rare, weak
  bool all_weak = true;
  for (const Clause& clause : plan.clauses) {
    const double rare = rarity(clause, lexicon, workflows);
    kinds.emplace_back(rare, clause.weak || (workflows > kFewWorkflows && rare < common));
    all_weak = all_weak && kinds.back().second;
  }
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const bool is_weak = kinds[i].second && !all_weak;
    (is_weak ? weak : asked).push_back(clause_query(plan.clauses[i], kinds[i].first * (is_weak ? 0.4 : 1)));
  }
  out.asked = asked.size();
  if (asked.empty()) return out;
  weak.push_back(scaled(Query("XV"), kUnlimited));
  const Query extra = any_of(weak, Query::OP_OR);
  out.all = Query(Query::OP_AND_MAYBE, any_of(asked, Query::OP_AND), extra);
  std::vector<Query> any = asked;
  any.push_back(scaled(any_of(asked, Query::OP_AND), kWhole));
  out.any = Query(Query::OP_AND_MAYBE, any_of(std::move(any), Query::OP_OR), extra);
  return out;
}

}  // namespace bank::find
