// similar: which workflows of a folder of packages are like a drawing, and how well that is told where the answer is known.
#include <cstdio>
#include <cstdlib>
#include <algorithm>
#include <filesystem>
#include <map>

#include "app/cli.h"
#include "bank/package.h"
#include "bank/similar/index.h"
#include "bank/similar/measure.h"
#include "base/limits.h"
#include "base/storage.h"
#include "bpmn/notation/notation.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kHelp = R"(usage: sagsgang similar DRAWING --bank DIR [--max N] [--fragment] [--json]
       sagsgang similar --measure CLUSTERS.json --bank DIR [--json]

Finds the workflows of a folder of packages that are most like a drawing: labels by rare words, then the graph. DRAWING is a .bpmn or
.tekst file (docs/notation.md) or a package folder. A running bank answers the same at /bank/lignende.

  --bank DIR           folder of <domain>/<name> packages
  --max N              how many (default: 10)
  --fragment           DRAWING is a part: what else the others have does not count against them
  --measure FILE       {"clusters": {name: [slug]}} of packages that are the same workflow: mean average precision, P@5
  --json               as JSON

example: sagsgang similar bank/arbejdsmarked/sygedagpenge-foelger-op --bank bank --max 3)";

struct Loaded { std::vector<std::string> slugs, titles; std::vector<bank::similar::Profile> profiles; };

base::Result<Loaded> load(const std::string& folder) {
  Loaded out;
  std::error_code ec;
  std::vector<std::string> slugs;
  for (const auto& domain : fs::directory_iterator(folder, ec))
    if (domain.is_directory())
      for (const auto& name : fs::directory_iterator(domain.path(), ec))
        if (fs::exists(name.path() / "proces.bpmn")) slugs.push_back(domain.path().filename().string() + "/" + name.path().filename().string());
  if (ec) return base::fail(base::ErrorCode::io_failed, "cannot read the folder: " + ec.message(), {.file = folder});
  std::sort(slugs.begin(), slugs.end());
  for (const std::string& slug : slugs) {
    TRY(const auto package, bank::load_folder(folder + "/" + slug, slug));
    if (!package.process) continue;
    out.slugs.push_back(slug);
    out.titles.push_back(package.title);
    out.profiles.push_back(bank::similar::profile_of(*package.process, package.title));
  }
  if (out.slugs.empty()) return base::fail(base::ErrorCode::usage, "no package with a diagram under '" + folder + "'");
  return out;
}

base::Result<bank::similar::Profile> profile_of(const std::string& path) {
  if (fs::is_directory(path)) {
    TRY(const auto package, bank::load_folder(path, fs::canonical(path).parent_path().filename().string() + "/" + fs::canonical(path).filename().string()));
    if (!package.process) return base::fail(base::ErrorCode::usage, "the package has no diagram", {.file = path});
    return bank::similar::profile_of(*package.process, package.title);
  }
  TRY(const std::string text, base::read_file(path, base::limits::kXmlBytes + 1));
  auto model = path.ends_with(".tekst") ? bpmn::from_text(text, path) : bpmn::read(text, path);
  if (!model) return std::unexpected(model.error());
  return bank::similar::profile_of(**model, (*model)->processes.empty() ? std::string() : (*model)->processes[0].name);
}

int measure(const Loaded& bank, const std::string& file, bool json) {
  const auto text = base::read_file(file, 1u << 30);
  if (!text) return report(text.error());
  const auto truth = base::parse_json(*text, file);
  if (!truth) return report(truth.error());
  std::map<std::string, std::string> cluster_of;
  if ((*truth)["clusters"].is_object())
    for (const auto& [cluster, slugs] : (*truth)["clusters"].as_object())
      for (const Json& slug : slugs.is_array() ? slugs.as_array() : Json::Array{}) cluster_of[slug.string_or("")] = cluster;
  std::vector<std::string> clusters;
  for (const std::string& slug : bank.slugs) clusters.push_back(cluster_of[slug]);
  const auto m = bank::similar::measure(bank.profiles, clusters);
  if (json)
    std::printf("%s\n", Json(Json::Object{{"workflows", static_cast<std::int64_t>(bank.slugs.size())}, {"queries", static_cast<std::int64_t>(m.queries)}, {"map", m.map}, {"p5", m.p5}, {"p5Possible", m.p5_possible}, {"rPrecision", m.r_precision}, {"msPerQuery", m.ms_per_query}}).dump_pretty().c_str());
  else
    std::printf("%zu workflows, %zu queries\nMAP %.4f\nP@5 %.4f (of at most %.4f: clusters are small)\nR-precision %.4f\n%.2f ms for each\n", bank.slugs.size(), m.queries, m.map, m.p5, m.p5_possible, m.r_precision, m.ms_per_query);
  return kDone;
}

int run(Arguments& arguments) {
  const std::string folder = arguments.get("--bank"), clusters = arguments.get("--measure");
  const long max = std::atol(arguments.get("--max", "10").c_str());
  const bool json = arguments.flag("--json"), fragment = arguments.flag("--fragment");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (folder.empty() || words.size() != (clusters.empty() ? 1u : 0u) || max < 1 || max > 1000) return report({base::ErrorCode::usage, "a drawing and --bank, please", {}, "see sagsgang similar --help"});
  const auto bank = load(folder);
  if (!bank) return report(bank.error());
  if (!clusters.empty()) return measure(*bank, clusters, json);
  const auto query = profile_of(words[0]);
  if (!query) return report(query.error());
  bank::similar::Index index;
  for (std::size_t i = 0; i < bank->slugs.size(); ++i) index.put(static_cast<std::int64_t>(i), "", true, bank->profiles[i]);
  Json all = Json::array();
  for (const auto& hit : index.find(*query, {.max = static_cast<std::size_t>(max), .fragment = fragment})) {
    const auto i = static_cast<std::size_t>(hit.id);
    if (json) all.push(Json::Object{{"slug", bank->slugs[i]}, {"title", bank->titles[i]}, {"likeness", hit.likeness}});
    else std::printf("%3.0f %%  %s  %s\n", hit.likeness * 100, bank->slugs[i].c_str(), bank->titles[i].c_str());
  }
  if (json) std::printf("%s\n", all.dump_pretty().c_str());
  return kDone;
}

}  // namespace

CommandInfo similar_command() { return {"similar", "find the workflows that are like a drawing", kHelp, run}; }

}  // namespace app
