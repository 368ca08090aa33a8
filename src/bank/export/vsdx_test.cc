// Diagrams out to Visio and back through our own importer: every name and every flow is there again, between the same elements.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "bank/export/vsdx.h"
#include "bank/visio/import.h"
#include "bank/visio/libvisio_door.h"
#include "bank/zip.h"
#include "base/storage.h"
#include "base/text.h"
#include "bpmn/layout/layout.h"

namespace {

namespace fs = std::filesystem;

std::string words(const std::string& name) {  // line breaks are layout
  std::string out;
  for (const char c : name)
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bpmn::ModelPtr model_of(const fs::path& path) {
  const auto bytes = base::read_file(path.string(), 20u << 20);
  EXPECT_TRUE(bytes) << path;
  auto model = bpmn::read(*bytes, path.string());
  EXPECT_TRUE(model) << path;
  if (model && (*model)->diagrams.empty()) return *bpmn::layout(**model);
  return model ? *model : nullptr;
}

// Name (id where it has none) of what is drawn.
struct Facts { std::multiset<std::string> names, flows, lanes; };
Facts facts(const bpmn::Model& model, bool drawn_only) {
  std::set<std::string> drawn;
  for (const auto& diagram : model.diagrams) {
    for (const auto& shape : diagram.shapes) drawn.insert(shape.element);
    for (const auto& edge : diagram.edges) drawn.insert(edge.element);
  }
  const auto shown = [&](const std::string& id) { return !drawn_only || drawn.contains(id); };
  Facts out;
  for (const auto& node : model.nodes)
    if (!words(node.name).empty() && shown(node.id)) out.names.insert(words(node.name));
  for (const auto& flow : model.flows)
    if (flow.source >= 0 && flow.target >= 0 && shown(flow.id))
      out.flows.insert(words(model.nodes[static_cast<std::size_t>(flow.source)].name) + " → " + words(model.nodes[static_cast<std::size_t>(flow.target)].name) + " (" + words(flow.name) + ")");
  for (const auto& lane : model.lanes)
    if (shown(lane.id) && !words(lane.name).empty()) out.lanes.insert(words(lane.name));
  return out;
}

std::string missing(const std::multiset<std::string>& wanted, std::multiset<std::string> got) {
  std::string out;
  for (const auto& one : wanted) {
    const auto at = got.find(one);
    if (at == got.end()) out += "  " + one + "\n";
    else got.erase(at);
  }
  return out;
}

void round_trip(const fs::path& path) {
  const auto before = model_of(path);
  ASSERT_TRUE(before);
  const auto file = bank::to_vsdx(*before, "Prøve");
  ASSERT_TRUE(file) << path << file.error().text();
  const auto back = bank::visio::import_drawing(*file, "t.vsdx");
  ASSERT_TRUE(back) << path << back.error().text();
  const auto after = bpmn::read(back->bpmn, "t.bpmn");
  ASSERT_TRUE(after) << path << after.error().text();
  const Facts a = facts(*before, true), b = facts(**after, false);
  EXPECT_FALSE(a.names.empty() || a.flows.empty()) << path;
  EXPECT_EQ(missing(a.names, b.names), "") << path;
  EXPECT_EQ(missing(a.flows, b.flows), "") << path;
  EXPECT_EQ(missing(a.lanes, b.lanes), "") << path;
}

TEST(Vsdx, EveryShippedDiagramComesBack) {
  int count = 0;
  for (const auto& domain : fs::directory_iterator("bank"))
    if (domain.is_directory())
      for (const auto& package : fs::directory_iterator(domain.path()))
        if (const auto path = package.path() / "proces.bpmn"; fs::exists(path)) ++count, round_trip(path);
  EXPECT_GE(count, 60);
}

TEST(Vsdx, ReferenceModelsComeBack) {
  const fs::path folder = "../shared/conformance/bpmn-miwg/Reference";
  if (!fs::exists(folder)) GTEST_SKIP() << "skipped: no " << folder;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".bpmn") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files) round_trip(path);
  EXPECT_FALSE(files.empty());
}

TEST(Vsdx, OpensWithAnotherReaderToo) {
  const auto model = model_of("bank/arbejdsmarked/sygedagpengeopfoelgning/proces.bpmn");
  const auto file = bank::to_vsdx(*model, "Prøve");
  ASSERT_TRUE(file);
  const auto drawing = bank::visio::read_by_geometry(*file);  // libvisio
  ASSERT_TRUE(drawing) << drawing.error().text();
  ASSERT_EQ(drawing->pages.size(), 1u);
  std::set<std::string> texts;
  for (const auto& shape : drawing->pages[0].shapes) texts.insert(words(shape.text));
  for (const auto& node : model->nodes) EXPECT_TRUE(node.name.empty() || texts.contains(words(node.name))) << node.name;
}

TEST(Vsdx, SameModelSameBytesAndEveryPartHasItsType) {
  const auto model = model_of("bank/tvaergaaende/oplyser-sag/proces.bpmn");
  const auto a = bank::to_vsdx(*model, "A & <B>"), b = bank::to_vsdx(*model, "A & <B>");
  ASSERT_TRUE(a);
  EXPECT_EQ(*a, *b);
  const auto parts = bank::unzip(*a);
  ASSERT_TRUE(parts);
  const std::string& types = parts->at("[Content_Types].xml");
  for (const auto& [name, bytes] : *parts) {
    EXPECT_TRUE(base::xml::parse(bytes, name)) << name;
    if (name.ends_with(".rels") || name.starts_with("[")) continue;
    EXPECT_NE(types.find("PartName='/" + name + "'"), std::string::npos) << name;
  }
}

TEST(Vsdx, NothingToDrawIsSaid) {
  const auto empty = bpmn::read("<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' id='d' targetNamespace='t'><collaboration id='c'/></definitions>", "t");
  ASSERT_TRUE(empty);
  const auto file = bank::to_vsdx(**empty, "Tom");
  EXPECT_TRUE(file ? bank::unzip(*file).has_value() : file.error().code == base::ErrorCode::not_found);
}

}  // namespace
