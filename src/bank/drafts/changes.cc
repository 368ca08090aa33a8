// What a draft changes: the diagram by label and context (bpmn/compare), the manifest key by key, the other files by name.
#include <set>

#include "bank/drafts/row.h"
#include "bpmn/compare/compare.h"

namespace bank::drafts {
namespace {

using base::ErrorCode;
using base::Json;
using Files = std::map<std::string, std::string>;

constexpr const char* kManifest = "arbejdsgang.yaml";
constexpr const char* kDiagram = "proces.bpmn";

Json manifest_changes(const Files& before, const Files& after) {
  const auto value = [](const Files& files) {
    const auto file = files.find(kManifest);
    auto yaml = file == files.end() ? base::Result<base::YamlDocument>(base::YamlDocument{}) : base::parse_yaml(file->second, kManifest);
    return yaml && yaml->value.is_object() ? std::move(yaml->value) : Json::object();
  };
  const Json a = value(before), b = value(after);
  Json out = Json::array();
  const auto add = [&](const std::string& key) { out.push(Json::Object{{"key", key}, {"before", a[key]}, {"after", b[key]}}); };
  for (const auto& [key, now] : b.as_object())
    if (!a.has(key) || a[key] != now) add(key);
  for (const auto& [key, then] : a.as_object())
    if (!b.has(key)) add(key);
  return out;
}

Json file_changes(const Files& before, const Files& after) {
  std::set<std::string> paths;
  for (const auto& [path, bytes] : before) paths.insert(path);
  for (const auto& [path, bytes] : after) paths.insert(path);
  Json out = Json::array();
  for (const std::string& path : paths) {
    if (path == kManifest || path == kDiagram) continue;
    const auto a = before.find(path), b = after.find(path);
    const char* change = a == before.end() ? "added" : b == after.end() ? "removed" : a->second != b->second ? "changed" : nullptr;
    if (change != nullptr) out.push(Json::Object{{"path", path}, {"change", change}});
  }
  return out;
}

struct Pair { bpmn::ModelPtr a, b; };
// Both diagrams, where both are there and can be read.
base::Result<Pair> both(const Files& before, const Files& after) {
  const auto a = before.find(kDiagram), b = after.find(kDiagram);
  if (a == before.end() || b == after.end()) return base::fail(ErrorCode::not_found, "there are not two diagrams to compare");
  Pair out;
  TRY(out.a, bpmn::read(a->second, kDiagram));
  TRY(out.b, bpmn::read(b->second, kDiagram));
  return out;
}

}  // namespace

base::Result<Json> Drafts::changes(const std::string& authority, std::int64_t key) {
  TRY(const Row row, find(authority, key));
  TRY(const Files before, files(key, true));
  TRY(const Files after, files(key, false));
  Json out = Json::Object{{"against", nullptr}, {"files", Json::array()}, {"manifest", Json::array()}, {"diagram", nullptr}};
  if (row.base_slug.empty()) return out;
  out.set("against", Json::Object{{"slug", row.over > 0 ? row.slug : row.base_slug}, {"version", row.over > 0 ? row.over : row.base_version}});
  out.set("files", file_changes(before, after)).set("manifest", manifest_changes(before, after));
  const auto pair = both(before, after);
  if (!pair) return out;  // findings tell why a diagram cannot be read
  TRY(const auto compared, bpmn::compare(*pair->a, *pair->b));
  out.set("diagram", bpmn::to_json(compared));
  return out;
}

base::Result<std::string> Drafts::changes_svg(const std::string& authority, std::int64_t key) {
  TRY(const Row row, find(authority, key));
  if (row.base_slug.empty()) return base::fail(ErrorCode::not_found, "a new workflow has nothing to compare with");
  TRY(const Files before, files(key, true));
  TRY(const Files after, files(key, false));
  TRY(const Pair pair, both(before, after));
  TRY(const auto compared, bpmn::compare(*pair.a, *pair.b));
  return bpmn::comparison_svg(*pair.a, *pair.b, compared, "Version " + std::to_string(row.over > 0 ? row.over : row.base_version), "Forslaget");
}

}  // namespace bank::drafts
