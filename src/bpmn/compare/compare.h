// Two diagrams of, perhaps, the same workflow: which elements are the same, by label and context first (ids are only a weak hint), and
// what is different, as values and as sentences in Danish and English. What only lies elsewhere on the paper is kept apart.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "bpmn/model.h"

namespace bpmn {

enum class Change : std::uint8_t { removed, added, merged, split, relabelled, retyped, moved, lane_changed, rerouted, attributes };
std::string_view name(Change);  // "removed" … as in JSON

struct Detail { std::string what, before, after; };  // what: label, type, lane, timer, law … (compare/attributes.cc); "" = nothing there
struct Difference {
  Change kind = Change::attributes;      // the weightiest of `kinds`
  std::vector<Change> kinds;
  std::string subject;                   // step, decision, event, route, lane, pool, message, data, note
  std::vector<std::string> a, b;         // ids of what it is about in each diagram; of routes the flows
  std::vector<Detail> details;
  std::string da, en;                    // one sentence or more
};
struct Match { std::string a, b; double likeness = 0; };
struct Comparison {
  std::vector<Match> matches;            // nodes, in the flow order of b
  std::vector<Difference> differences;   // in the flow order of b, what is gone where it was
  std::vector<Match> moved_on_paper;     // nodes without any other difference whose place or size changed
  std::size_t nodes_a = 0, nodes_b = 0, unchanged = 0;
  double likeness = 0;                   // 0 … 1 of the whole
  std::string summary_da, summary_en;
};

// Errors: limit_exceeded (limits::kCompareNodes of either).
base::Result<Comparison> compare(const Model& a, const Model& b);
base::Json to_json(const Comparison&);
// Both diagrams beside each other, each difference marked with its number, a sign and a pattern of its own (never by colour alone).
// Errors: those of draw_svg.
base::Result<std::string> comparison_svg(const Model& a, const Model& b, const Comparison&, std::string_view title_a, std::string_view title_b);

}  // namespace bpmn
