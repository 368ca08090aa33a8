// The text notation: outlines as files in tests/bpmn/notation, faults in its folder fejl, and the round trip of real diagrams.
#include "bpmn/notation/notation.h"

#include <map>
#include <set>

#include "bpmn/check.h"
#include "bpmn/test_files.h"

namespace bpmn {
namespace {

namespace fs = std::filesystem;
using test::file_text;

std::vector<fs::path> files(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& one : fs::directory_iterator(folder))
    if (one.path().extension() == ".tekst") out.push_back(one.path());
  std::ranges::sort(out);
  EXPECT_FALSE(out.empty()) << folder;
  return out;
}

// Every fact of a model that the notation promises to keep, one a line, in an order of its own.
std::multiset<std::string> facts(const Model& m) {
  std::multiset<std::string> out;
  const auto id = [&](int node) { return node < 0 ? std::string("-") : m.nodes[static_cast<std::size_t>(node)].id; };
  std::map<int, std::string> lane;
  for (const Lane& one : m.lanes)
    for (const int node : one.nodes) lane[node] = one.id;
  for (std::size_t i = 0; i < m.nodes.size(); ++i) {
    const Node& n = m.nodes[i];
    std::string line = "node " + n.id + " " + std::string(xml_name(n.type)) + " '" + n.name + "' in " + id(n.parent) + " at " + id(n.attached_to) +
                       (n.interrupting ? "" : " beside") + (n.for_compensation ? " compensates" : "") + " doc '" + n.documentation + "'";
    if (n.type != ElementType::boundary_event) line += " lane " + lane[static_cast<int>(i)];
    for (const EventDefinition& e : n.events) line += " on " + std::string(name(e.kind)) + " " + e.ref + " " + e.expression + " " + e.link_name + std::to_string(static_cast<int>(e.timer));
    const Zeebe& z = n.zeebe;
    for (const std::string& one : {z.task_type, z.task_retries, z.form_id, z.assignee, z.candidate_groups, z.due_date, z.decision_id, z.decision_result, z.script, z.input_collection,
                                   z.called_process.empty() ? n.called_element : z.called_process, n.message_ref})
      line += "|" + one;
    for (const Mapping& one : z.inputs) line += " <" + one.target + one.source;
    for (const Mapping& one : z.outputs) line += " >" + one.target + one.source;
    for (const Header& one : z.properties) line += " ." + one.key + one.value;
    if (n.loop) line += " loop" + std::to_string(n.loop->sequential) + n.loop->completion_condition;
    out.insert(line);
  }
  for (const Flow& f : m.flows)
    out.insert("flow " + id(f.source) + " " + id(f.target) + " '" + f.name + "' if " + f.condition +
               (m.nodes[static_cast<std::size_t>(f.source)].default_flow == static_cast<int>(&f - m.flows.data()) ? " default" : ""));
  for (const Lane& one : m.lanes) out.insert("lane " + one.id + " '" + one.name + "' in " + (one.parent < 0 ? "" : m.lanes[static_cast<std::size_t>(one.parent)].id));
  for (const Process& one : m.processes) out.insert("process " + one.id + " '" + one.name + "' " + std::to_string(one.executable) + one.version_tag + one.documentation);
  for (const Participant& one : m.participants) out.insert("pool " + one.id + " '" + one.name + "' " + std::to_string(one.process));
  for (const MessageFlow& one : m.message_flows) out.insert("message flow " + one.id + " '" + one.name + "' " + one.source + " " + one.target);
  for (const Message& one : m.messages) out.insert("message " + one.id + " '" + one.name + "' " + one.correlation_key);
  for (const ErrorDef& one : m.errors) out.insert("error " + one.id + " '" + one.name + "' " + one.code);
  for (const Signal& one : m.signals) out.insert("signal " + one.id + " '" + one.name + "'");
  for (const Artifact& one : m.artifacts)
    if (one.kind == "textAnnotation" || one.kind.ends_with("Reference")) out.insert(one.kind + " " + one.id + " '" + one.name + "'");
  return out;
}

void expect_same(const Model& expected, const Model& actual, const std::string& file) {
  const auto left = facts(expected), right = facts(actual);
  for (const std::string& one : left)
    if (right.count(one) != left.count(one)) ADD_FAILURE() << file << "\n  missing: " << one;
  for (const std::string& one : right)
    if (!left.contains(one)) ADD_FAILURE() << file << "\n  unexpected: " << one;
}

// Each outline reads, passes the check, and its canonical text (NAME.kanonisk where it differs) is a fixed point.
TEST(Notation, OutlinesRoundTrip) {
  for (const fs::path& path : files("tests/bpmn/notation")) {
    const auto model = from_text(file_text(path), path.string());
    if (!model) {
      ADD_FAILURE() << model.error().text();
      continue;
    }
    for (const Finding& one : check(**model, Profile::deploy))
      if (one.is_error) ADD_FAILURE() << path << ": " << one.code << " " << one.where.text() << ": " << one.message;
    const Outline outline = to_text(**model);
    for (const base::Error& one : outline.left_out) ADD_FAILURE() << path << ": left out: " << one.text();
    fs::path canonical = path;
    canonical.replace_extension(".kanonisk");
    EXPECT_EQ(file_text(fs::exists(canonical) ? canonical : path), outline.text) << path;
    const auto again = from_text(outline.text, "again");
    ASSERT_TRUE(again) << path << again.error().text() << "\n" << outline.text;
    EXPECT_EQ(outline.text, to_text(**again).text) << path;
    expect_same(**model, **again, path.string());
  }
}

// The first line of a faulty outline is `// LINE:COLUMN: message (remedy)`, or a part of it.
TEST(Notation, FaultsAreNamedWithPlaceAndRemedy) {
  for (const fs::path& path : files("tests/bpmn/notation/fejl")) {
    const std::string text = file_text(path), expected = text.substr(3, text.find('\n') - 3);
    const auto model = from_text(text, path.filename().string());
    ASSERT_FALSE(model) << path << " has no fault";
    EXPECT_NE(model.error().text().find(expected), std::string::npos) << path << "\n  expected: " << expected << "\n  actual:   " << model.error().text();
    EXPECT_FALSE(model.error().remedy.empty()) << path;
  }
}

TEST(Notation, TheExampleOfThePageIsCanonical) {
  const std::string page = file_text("docs/notation.md");
  std::istringstream lines(page.substr(0, page.find("## Lines")));
  std::string example;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("    ")) example += line.substr(4) + "\n";
    else if (line.empty() && !example.empty() && !example.ends_with("\n\n")) example += "\n";
  while (example.ends_with("\n\n")) example.pop_back();
  const auto model = from_text(example, "docs/notation.md");
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(to_text(**model).text, example);
}

bool parts_of_it_are_covered(const Model& m) { return !m.processes.empty() && !m.nodes.empty(); }

void expect_round_trip(const fs::path& path, int& whole, int& partly) {
  const ModelPtr model = test::model_of(path);
  if (!parts_of_it_are_covered(*model)) return;
  const Outline outline = to_text(*model);
  const auto back = from_text(outline.text, path.string() + ".tekst");
  ASSERT_TRUE(back) << back.error().text() << "\n" << outline.text;
  EXPECT_EQ(outline.text, to_text(**back).text) << path;
  (outline.left_out.empty() ? whole : partly) += 1;
  if (outline.left_out.empty()) expect_same(*model, **back, path.string());
}

TEST(Notation, TheBankRoundTrips) {
  int whole = 0, partly = 0;
  for (const fs::path& path : test::bpmn_files("bank")) expect_round_trip(path, whole, partly);
  EXPECT_GE(whole, 2);
  EXPECT_EQ(partly, 0);
}

TEST(Notation, TheInteroperabilityFilesRoundTrip) {
  const fs::path folder = "../shared/conformance/bpmn-miwg";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not here";
  int whole = 0, partly = 0;
  for (const fs::path& path : test::bpmn_files(folder)) expect_round_trip(path, whole, partly);
  EXPECT_GE(whole, 10);
  std::printf("%d whole, %d with something left out\n", whole, partly);
}

TEST(Notation, Limits) {
  const auto code = [](const std::string& text) { return from_text(text, "t").error().code; };
  EXPECT_EQ(code("// " + std::string((1u << 20), 'x')), base::ErrorCode::limit_exceeded);
  std::string many = "proces: X\n", deep = "proces: X\n";
  for (int i = 0; i < 10'000; ++i) many += "  bruger: Y\n";
  EXPECT_EQ(code(many), base::ErrorCode::limit_exceeded);
  for (std::size_t i = 1; i <= 64; ++i) deep += std::string(i, ' ') + "delproces: Y\n";
  EXPECT_EQ(code(deep), base::ErrorCode::limit_exceeded);
  EXPECT_EQ(code("proces: \xff"), base::ErrorCode::invalid_bpmn);
}

}  // namespace
}  // namespace bpmn
