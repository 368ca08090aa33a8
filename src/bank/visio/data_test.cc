// Real drawings from outside the project, read where they lie. What is expected is counted from the files themselves, not written down.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>

#include "bank/visio/import.h"
#include "bank/zip.h"
#include "base/storage.h"
#include "base/text.h"
#include "base/xml.h"
#include "bpmn/model.h"

namespace {

using namespace bank::visio;
namespace fs = std::filesystem;
using Xml = base::xml::Element;

std::vector<fs::path> drawings(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& one : fs::recursive_directory_iterator(folder)) {
    const std::string end = base::lower(one.path().extension().string());
    if (end == ".vsd" || end == ".vsdx" || end == ".vdx") out.push_back(one.path());
  }
  std::ranges::sort(out);
  return out;
}

// A page part read with nothing but XML: parents of shapes, and which line leads from what to what.
struct PageFacts {
  std::map<std::string, std::string> parent;
  std::map<std::string, std::pair<std::string, std::string>> lines;  // FromSheet → (BeginX, EndX)
  void shapes(const Xml& in, const std::string& around) {
    for (const Xml* e : in.elements()) {
      const bool shape = e->local == "Shape";
      if (shape) parent[e->attribute_or("ID", "")] = around;
      shapes(*e, shape ? e->attribute_or("ID", "") : around);
      if (e->local != "Connect") continue;
      auto& ends = lines[e->attribute_or("FromSheet", "")];
      if (e->attribute_or("FromCell", "") == "BeginX") ends.first = e->attribute_or("ToSheet", "");
      if (e->attribute_or("FromCell", "") == "EndX") ends.second = e->attribute_or("ToSheet", "");
    }
  }
};

// Page parts in the order of pages.xml.
std::vector<PageFacts> page_facts(const std::string& bytes) {
  std::vector<PageFacts> out;
  const auto files = bank::unzip(bytes);
  if (!files || !files->contains("visio/pages/pages.xml")) return out;
  std::map<std::string, std::string> targets;
  const auto rels = *base::xml::parse(files->at("visio/pages/_rels/pages.xml.rels"));
  for (const Xml* e : rels.root->elements()) targets[e->attribute_or("Id", "")] = e->attribute_or("Target", "");
  const auto pages = *base::xml::parse(files->at("visio/pages/pages.xml"));
  for (const Xml* page : pages.root->elements()) {
    std::string id;
    for (const Xml* e : page->elements())
      for (const auto& a : e->attributes)
        if (e->local == "Rel" && a.local == "id") id = a.value;
    out.emplace_back();
    if (const auto part = files->find("visio/pages/" + targets[id]); part != files->end() && targets[id] != "pages.xml") {
      const auto document = *base::xml::parse(part->second);
      out.back().shapes(*document.root, "");
    }
  }
  return out;
}

bool flow_node(const std::string& type) {
  return type.ends_with("ask") || type.ends_with("Event") || type.ends_with("Gateway") || type == "subProcess" || type == "callActivity";
}

TEST(VisioData, EveryDrawingHasAReportAndGlueBecomesFlows) {
  const fs::path folder = "../shared/data/visio";
  if (!fs::exists(folder)) GTEST_SKIP() << "skipped: " << folder << " is not here";
  std::size_t files = 0, reports = 0, pairs = 0, found = 0, elsewhere = 0;
  for (const fs::path& path : drawings(folder)) {
    ++files;
    const std::string bytes = *base::read_file(path.string(), 64u << 20);
    const auto begin = std::chrono::steady_clock::now();
    const auto got = import_drawing(bytes, path.filename().string());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30)) << path;
    if (!got) {
      EXPECT_FALSE(got.error().message.empty() || got.error().where.file.empty()) << path;
      continue;
    }
    ++reports;
    EXPECT_FALSE(got->report.rows.empty() && got->report.notes.empty()) << path << ": nothing is said";
    EXPECT_EQ(got->bpmn.empty(), !bpmn::read(got->bpmn, "x")) << path;
    if (path.extension() != ".vsdx") continue;
    const auto pages = page_facts(bytes);
    EXPECT_EQ(pages.size(), got->report.pages.size()) << path;
    for (std::size_t p = 0; p < pages.size(); ++p) {
      std::map<std::string, const Row*> elements, lines;
      for (const Row& row : got->report.rows) {
        if (row.page != static_cast<int>(p) + 1 || row.verdict == Verdict::part || row.element.empty()) continue;
        (row.from.empty() ? elements : lines).emplace(row.shape, &row);
      }
      const auto climb = [&](std::string id) -> const Row* {
        for (; !id.empty(); id = pages[p].parent.contains(id) ? pages[p].parent.at(id) : "")
          if (elements.contains(id)) return elements.at(id);
        return nullptr;
      };
      for (const auto& [line, ends] : pages[p].lines) {
        if (ends.first.empty() || ends.second.empty()) continue;
        ++pairs;
        const Row *a = climb(ends.first), *b = climb(ends.second);
        if (a == nullptr || b == nullptr || !flow_node(a->type) || !flow_node(b->type)) {
          ++elsewhere;
          continue;
        }
        ASSERT_TRUE(lines.contains(line)) << path << " line " << line << " between " << a->shape << " and " << b->shape << " is lost";
        const Row& flow = *lines.at(line);
        const std::set<std::string> there = {flow.from, flow.to}, here = {a->element, b->element};
        EXPECT_EQ(there, here) << path << " line " << line;
        found += there == here;
      }
    }
  }
  EXPECT_EQ(files, 39u);
  EXPECT_EQ(found + elsewhere, pairs);
  std::printf("figure: drawings %zu, with a report %zu; lines glued at both ends %zu, flows between the right elements %zu, ends that are no steps %zu\n", files, reports, pairs, found, elsewhere);
}

std::string plain(const std::string& text) {
  std::string out;
  for (const char c : base::lower(text)) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c;
    }
  }
  return std::string(base::trim(out));
}

// Names of everything named; flows and message flows by the names of their ends.
struct ModelFacts { std::multiset<std::string> names; std::multiset<std::vector<std::string>> flows; };
ModelFacts facts_of(const bpmn::Model& m) {
  ModelFacts out;
  std::map<std::string, std::string> label;
  const auto add = [&](const std::string& id, const std::string& name, std::string_view kind) {
    label[id] = name.empty() ? "#" + std::string(kind) : plain(name);
    if (!name.empty()) out.names.insert(plain(name));
  };
  for (const bpmn::Node& n : m.nodes) add(n.id, n.name, std::string(bpmn::xml_name(n.type)).ends_with("Gateway") ? "gateway" : "node");
  for (const bpmn::Participant& p : m.participants) add(p.id, p.name, "pool");
  for (const bpmn::Lane& l : m.lanes) add(l.id, l.name, "lane");
  for (const bpmn::Artifact& a : m.artifacts)
    if (a.kind == "textAnnotation" || a.kind == "dataObjectReference" || a.kind == "dataStoreReference") add(a.id, a.name, a.kind);
  for (const bpmn::Flow& f : m.flows)
    if (f.source >= 0 && f.target >= 0) out.flows.insert({"flow", label[m.nodes[static_cast<std::size_t>(f.source)].id], label[m.nodes[static_cast<std::size_t>(f.target)].id]});
  for (const bpmn::MessageFlow& f : m.message_flows) out.flows.insert({"message", label[f.source], label[f.target]});
  return out;
}
template <class T>
std::size_t common(const std::multiset<T>& a, const std::multiset<T>& b) {
  std::vector<T> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both.size();
}

TEST(VisioData, ReferenceDrawingsGiveTheirModel) {
  const fs::path folder = "../shared/conformance/bpmn-miwg";
  if (!fs::exists(folder / "visio")) GTEST_SKIP() << "skipped: " << folder << " is not here";
  const auto index = base::parse_json(*base::read_file((folder / "index.json").string(), 16u << 20));
  ASSERT_TRUE(index);
  std::size_t pairs = 0;
  for (const base::Json& one : (*index)["visio"].as_array()) {
    const std::string file = one["file"].as_string();
    const auto got = import_drawing(*base::read_file((folder / file).string(), 64u << 20), file);
    ASSERT_TRUE(got) << file << got.error().text();
    const auto expected = bpmn::read(*base::read_file((folder / one["expected_model"].as_string()).string(), 16u << 20), file), model = bpmn::read(got->bpmn, file);
    ASSERT_TRUE(expected && model) << file;
    const ModelFacts want = facts_of(**expected), have = facts_of(**model);
    const std::size_t names = common(want.names, have.names), flows = common(want.flows, have.flows);
    const bool exact = file.ends_with(".vsdx");
    std::size_t lines = 0, glued = 0;
    for (const Row& row : got->report.rows)
      if (!row.from.empty()) ++lines, glued += row.reason == "glued";
    EXPECT_GE(glued * 100, lines * 60) << file << ": the file's own glue is not found";
    EXPECT_GE(names * 100, want.names.size() * (exact ? 100 : 95)) << file;
    EXPECT_GE(flows * 100, want.flows.size() * (exact ? 100 : 85)) << file;
    std::printf("figure: %s: names %zu/%zu, flows %zu/%zu, said too much %zu; lines %zu, glued %zu\n", file.c_str(), names, want.names.size(), flows, want.flows.size(), have.flows.size() - flows, lines, glued);
    ++pairs;
  }
  EXPECT_GE(pairs, 6u);
}

}  // namespace
