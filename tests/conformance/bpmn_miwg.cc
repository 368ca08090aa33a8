// BPMN MIWG: import with the published counts, round trip, drawing. Lenient: these models are for interchange.
#include <algorithm>

#include "base/json.h"
#include "bpmn/check.h"
#include "bpmn/draw.h"
#include "bpmn/tree_difference.h"
#include "conformance/suite.h"

namespace conformance {
namespace {

void expect_count(std::string& faults, std::string_view what, std::int64_t expected, std::size_t actual) {
  if (expected != static_cast<std::int64_t>(actual))
    faults += std::string(what) + ": expected " + std::to_string(expected) + ", read " + std::to_string(actual) + "\n";
}

std::string counts(const bpmn::Model& model, const base::Json& entry) {
  std::size_t shapes = 0, edges = 0;
  for (const bpmn::Diagram& one : model.diagrams) shapes += one.shapes.size(), edges += one.edges.size();
  std::string faults;
  expect_count(faults, "processes", entry["processes"].int_or(-1), model.processes.size());
  expect_count(faults, "diagrams", entry["diagrams"].int_or(-1), model.diagrams.size());
  expect_count(faults, "shapes", entry["shapes"].int_or(-1), shapes);
  expect_count(faults, "edges", entry["edges"].int_or(-1), edges);
  expect_count(faults, "sequence flows", entry["sequence_flows"].int_or(-1), model.flows.size());
  for (const bpmn::Flow& one : model.flows)
    if (one.source < 0 || one.target < 0) faults += "sequence flow " + one.id + " lost an end\n";
  return faults;
}

// Written and read again: the same tree, and the same geometry from it.
std::string round_trip(const bpmn::Model& model) {
  const auto again = bpmn::read(bpmn::write(model), model.file);
  if (!again) return "what was written cannot be read: " + again.error().message;
  std::string difference = bpmn::tree_difference(model.document, (*again)->document);
  if (difference.empty() && bpmn::write(model) != bpmn::write(**again)) difference = "writing twice gives two texts";
  return difference;
}

// Every shape and edge of every diagram must be in the picture under its element's id.
std::string drawing(const bpmn::Model& model) {
  for (std::size_t i = 0; i < model.diagrams.size(); ++i) {
    bpmn::DrawOptions options;
    options.diagram = static_cast<int>(i);
    const auto svg = bpmn::draw_svg(model, options);
    if (!svg) return svg.error().message;
    if (const auto parsed = base::xml::parse(*svg, "svg"); !parsed) return "the SVG is no XML: " + parsed.error().message;
    const auto missing = [&](const std::string& id) {
      return !id.empty() && svg->find("data-element-id=\"" + base::xml::escape_attribute(id) + "\"") == std::string::npos;
    };
    for (const bpmn::Shape& one : model.diagrams[i].shapes)
      if (missing(one.element)) return "shape of '" + one.element + "' is not in the picture";
    for (const bpmn::Edge& one : model.diagrams[i].edges)
      if (one.waypoints.size() > 1 && one.waypoints.front().x != one.waypoints.back().x && missing(one.element))
        return "edge of '" + one.element + "' is not in the picture";
  }
  return {};
}

void judge(Report& report, const std::string& id, const std::string& expected, const std::string& fault) {
  fault.empty() ? report.pass(id) : report.fail(id, expected, fault);
}

void run_model(const std::filesystem::path& folder, const base::Json& entry, const std::string& kind, const Options& options,
               Report& report) {
  const std::string file = entry["file"].string_or(""), prefix = kind + "/" + file;
  if (!options.wants(prefix)) return;
  if (options.list) return report.list(prefix);
  const auto model = bpmn::read(file_text(folder / file), file);
  if (!model) return report.fail(prefix + "#import", "a model", model.error().where.text() + ": " + model.error().message);
  judge(report, prefix + "#import", "the counts of index.json", kind == "reference" ? counts(**model, entry) : "");
  judge(report, prefix + "#round-trip", "the same document", round_trip(**model));
  if (!(*model)->diagrams.empty()) judge(report, prefix + "#draw", "every shape and edge", drawing(**model));
  const auto findings = bpmn::check(**model, bpmn::Profile::lenient);
  const bool refused = std::ranges::any_of(findings, &bpmn::Finding::is_error);
  judge(report, prefix + "#lenient", "warnings only", refused ? bpmn::first_error(findings).error().message : "");
}

Report run_miwg(const std::filesystem::path& folder, const Options& options) {
  Report report;
  const auto index = base::parse_json(file_text(folder / "index.json"), "index.json");
  if (!index) {
    report.broken = "index.json: " + index.error().message;
    return report;
  }
  for (const base::Json& one : (*index)["reference"].as_array()) run_model(folder, one, "reference", options, report);
  for (const base::Json& one : (*index)["exports"].as_array()) run_model(folder, one, "exports", options, report);
  for (const base::Json& one : (*index)["visio"].as_array()) {
    const std::string id = "visio/" + one["file"].string_or("");
    if (options.wants(id)) report.skip(id, "Visio drawings are imported by a later step of room bank");
  }
  return report;
}

const Registrar registrar{{"bpmn-miwg", "BPMN MIWG: import, round trip, drawing", run_miwg}};

}  // namespace
}  // namespace conformance
