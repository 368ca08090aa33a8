// For tests: invented processes, and how much of one an import gives back.
#pragma once
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "bank/visio/import.h"
#include "bank/visio/test_writer.h"
#include "base/random.h"
#include "bpmn/model.h"

namespace bank::visio::test {

// Lanes of rows and columns; every start has no way in, every end no way out. `areas`: 0 none, 1 lanes in a pool, 2 two pools.
inline Truth random_truth(std::uint64_t seed, Stencil stencil, int areas) {
  base::SeededRandom random(seed);
  static const std::vector<std::string> kVerbs = {"Modtag", "Behandl", "Vurder", "Kontrollér", "Send", "Arkivér", "Journalisér", "Udbetal"}, kThings = {"ansøgning", "klage", "lægeerklæring", "§ 7-sag", "dokumentation & bilag", "<udkast>", "afgørelse"};
  std::vector<std::string> types = {"task", "task", "callActivity", "exclusiveGateway"};
  if (stencil == Stencil::bpmn) types = {"task", "userTask", "serviceTask", "callActivity", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "intermediateCatchEvent"};
  if (stencil == Stencil::flowchart) types.emplace_back("manualTask");
  if (stencil == Stencil::bare) types = {"task", "task", "exclusiveGateway"};
  Truth t;
  const int rows = areas == 0 ? 2 : 3, columns = 7;
  t.height = 4 + 3.5 * rows;
  if (areas == 1) t.pools.push_back({"Sagsbehandling", 1, 1, 2.2 * columns + 1.5, 3.0 * rows});
  if (stencil == Stencil::old && areas == 1) t.pools.clear();
  for (int r = 0; r < rows && areas == 1; ++r) t.lanes.push_back({"Rolle " + std::to_string(r + 1), 1.3, 1 + 3.0 * r, 2.2 * columns + 1.2, 3});
  if (areas == 2)
    for (int r = 0; r < 2; ++r) t.pools.push_back({"Part " + std::to_string(r + 1), 1, 1 + 3.5 * r, 2.2 * columns + 1.5, 3});
  std::vector<std::vector<int>> placed(static_cast<std::size_t>(rows));
  for (int r = 0; r < (areas == 2 ? 2 : rows); ++r)
    for (int c = 0; c < columns; ++c) {
      Step s;
      s.type = c == 0 ? "startEvent" : c == columns - 1 ? "endEvent" : types[random.below(types.size())];
      s.name = s.type == "startEvent" ? "Henvendelse " + std::to_string(r) : s.type == "endEvent" ? "Sagen lukket " + std::to_string(r)
                                                                                                   : kVerbs[random.below(kVerbs.size())] + " " + kThings[random.below(kThings.size())] + " " + std::to_string(t.steps.size());
      const bool small = s.type.ends_with("Event") || s.type.ends_with("Gateway");
      s.w = small ? 0.5 : 1.1, s.h = small ? 0.5 : 0.8;
      if (s.type == "intermediateCatchEvent") s.trigger = "Timer";
      s.x = 2 + 2.2 * c + 0.01 * static_cast<double>(random.below(20));
      s.y = (areas == 2 ? 1 + 3.5 * r : 1 + 3.0 * r) + 0.8;
      s.lane = areas == 1 ? r : -1;
      if (stencil != Stencil::bare && areas == 0 && c > 0 && c < columns - 1 && random.chance(30)) s.group = 1 + r;
      placed[static_cast<std::size_t>(r)].push_back(static_cast<int>(t.steps.size()));
      t.steps.push_back(std::move(s));
    }
  for (const auto& row : placed)
    for (std::size_t c = 1; c < row.size(); ++c) {
      Flow f{"sequenceFlow", row[c - 1], row[c], random.chance(25) ? "Ja " + std::to_string(t.flows.size()) : "", stencil != Stencil::bpmn && stencil != Stencil::bare && random.chance(20)};
      t.flows.push_back(std::move(f));
    }
  if (areas != 2)
    for (int extra = 0; extra < 3; ++extra)  // across the rows
      t.flows.push_back({"sequenceFlow", placed[0][1 + random.below(4)], placed[1][1 + random.below(5)], "", false});
  if (areas == 2) t.flows.push_back({"messageFlow", placed[0][3], placed[1][0], "Besked", false});
  // Beside the flow, in the first row.
  const int near = placed[0][2];
  t.steps.push_back({"dataObjectReference", "Bilag til sagen", t.steps[static_cast<std::size_t>(near)].x - 1, 2.9, 0.6, 0.8, areas == 1 ? 0 : -1, -1, 0, "", {}, ""});
  t.flows.push_back({"association", static_cast<int>(t.steps.size()) - 1, near, "", false});
  return t;
}

struct Score { std::size_t names = 0, found_names = 0, flows = 0, found_flows = 0, types = 0, found_types = 0, lanes = 0, found_lanes = 0, places = 0, found_places = 0; std::string lost; };

inline std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

// By the ids of the drawing's shapes where `by_id`, else by the names (through libvisio ids are its own).
inline Score compare(const Truth& truth, const Imported& got, bool by_id) {
  Score out;
  std::map<std::string, const Row*> rows;  // by shape id, or by name
  for (const Row& row : got.report.rows)
    if (row.verdict != Verdict::part && row.type != "label" && !row.element.empty()) rows.emplace(by_id ? row.shape : row.name, &row);
  const auto model = bpmn::read(got.bpmn, "t.bpmn");
  for (const Row& row : got.report.rows)
    if (row.verdict != Verdict::part && !row.element.empty() && got.bpmn.find(" id=\"" + row.element + "\"") == std::string::npos) out.lost += row.type + " " + row.element + " is in the report and not in the diagram\n", ++out.types;
  const auto row_of = [&](std::size_t i) {
    const auto found = rows.find(by_id ? Writer::step_id(i) : truth.steps[i].name);
    return found == rows.end() ? nullptr : found->second;
  };
  for (std::size_t i = 0; i < truth.steps.size(); ++i) {
    const Step& s = truth.steps[i];
    const Row* row = row_of(i);
    ++out.names, ++out.types;
    const bool named = row != nullptr && one_line(row->name) == s.name;
    out.found_names += named;
    if (row != nullptr) out.found_types += row->type == s.type;
    if (!named || row->type != s.type) out.lost += "step '" + s.name + "' " + s.type + " became " + (row == nullptr ? "nothing" : "'" + row->name + "' " + row->type) + "\n";
    if (row == nullptr || !model) continue;
    ++out.places;
    for (const bpmn::Shape& shape : (*model)->diagrams.at(0).shapes)
      if (shape.element == row->element)
        out.found_places += std::abs(shape.bounds.x - s.x * 96) < 0.1 && std::abs(shape.bounds.y - s.y * 96) < 0.1 && std::abs(shape.bounds.width - s.w * 96) < 0.1 && std::abs(shape.bounds.height - s.h * 96) < 0.1;
    if (s.lane < 0 || s.type == "dataObjectReference") continue;  // lanes hold flow nodes only
    ++out.lanes;
    for (const bpmn::Lane& lane : (*model)->lanes)
      for (const int node : lane.nodes)
        if ((*model)->nodes[static_cast<std::size_t>(node)].id == row->element) out.found_lanes += lane.name == truth.lanes[static_cast<std::size_t>(s.lane)].name;
  }
  std::multiset<std::tuple<std::string, std::string, std::string, std::string>> flows;  // type, ends, name
  for (const Row& row : got.report.rows)
    if (!row.from.empty()) flows.insert({row.type, row.from, row.to, one_line(row.name)});
  for (const Flow& f : truth.flows) {
    ++out.flows;
    const Row *a = row_of(static_cast<std::size_t>(f.from)), *b = row_of(static_cast<std::size_t>(f.to));
    if (a == nullptr || b == nullptr) continue;
    const auto found = flows.find({f.type, a->element, b->element, f.name});
    if (found != flows.end()) ++out.found_flows, flows.erase(found);
    else out.lost += f.type + " '" + f.name + "' from '" + truth.steps[static_cast<std::size_t>(f.from)].name + "' to '" + truth.steps[static_cast<std::size_t>(f.to)].name + "'\n";
  }
  return out;
}

}  // namespace bank::visio::test
