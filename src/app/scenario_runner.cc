#include "app/scenario_runner.h"

#include <chrono>

#include "app/scenario/run.h"
#include "bank/schemas.h"
#include "base/json_schema.h"
#include "base/time.h"

namespace app {
namespace {

using base::Json;

constexpr base::Millis kDefaultStart = 1'772'438'400'000;  // 2026-03-02T08:00:00Z, a Monday

// Does anything in the file expect something? A scenario that cannot fail is no test.
bool expects(const Json& scenario) {
  if (scenario["saa"].size() > 0) return true;
  for (const Json& step : scenario["naar"].as_array())
    if (step["saa"].size() > 0) return true;
  return false;
}

base::Status valid(const base::YamlDocument& doc) {
  const auto faults = base::check_schema(bank::scenario_schema(), doc.value);
  if (!faults.empty())
    return base::fail(base::ErrorCode::invalid_package,
        (faults[0].pointer.empty() ? "the scenario" : faults[0].pointer) + " " + faults[0].message, doc.where(faults[0].pointer),
        faults[0].remedy);
  if (!expects(doc.value)) return base::fail(base::ErrorCode::invalid_package, "the scenario expects nothing", doc.where(""), "a 'saa' with at least one expectation");
  return {};
}

base::Status run(const bank::Package& package, const base::YamlDocument& doc, bool restart) {
  TRY_VOID(valid(doc));
  base::Millis start = kDefaultStart;
  if (const Json& now = doc.value["givet"]["nu"]; now.is_string()) {
    auto parsed = base::parse_iso_utc(now.as_string());
    if (!parsed) return base::fail(base::ErrorCode::invalid_package, "givet.nu is no moment in time", doc.where("/givet/nu"), "2026-03-02T08:00:00Z");
    start = *parsed;
  }
  TRY(const auto world, scenario::World::open(package, start));
  TRY_VOID(scenario::apply_given(*world, doc));
  for (std::size_t i = 0; i < doc.value["naar"].size(); ++i) {
    TRY_VOID(scenario::run_step(*world, doc, "/naar/" + std::to_string(i)));
    if (restart) TRY_VOID(world->restart());
  }
  return doc.value["saa"].is_null() ? base::Status{} : scenario::check_expectations(*world, doc, "/saa");
}

ScenarioResult run_file(const bank::Package& package, const std::string& file, const std::string& text, bool restart) {
  const auto begin = std::chrono::steady_clock::now();
  ScenarioResult result;
  result.file = file;
  const auto doc = base::parse_yaml(text, file);
  const base::Status status = doc ? run(package, *doc, restart) : std::unexpected(doc.error());
  if (doc) result.title = doc->value["titel"].string_or("");
  result.passed = status.has_value();
  if (!status) result.message = status.error().text();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace

std::vector<ScenarioResult> run_scenarios(const bank::Package& package, const ScenarioOptions& options) {
  std::vector<ScenarioResult> out;
  for (const auto& [name, content] : package.files)
    if (name.starts_with("scenarier/") && name.ends_with(".yaml") && (options.only.empty() || options.only == name))
      out.push_back(run_file(package, name, content, options.restart));
  return out;
}

base::Result<Json> run_package_scenarios(const bank::Package& package, const ScenarioOptions& options) {
  Json out = Json::array();
  for (const ScenarioResult& r : run_scenarios(package, options)) {
    Json one = Json::object();
    one.set("file", r.file);
    one.set("title", r.title);
    one.set("passed", r.passed);
    one.set("seconds", r.seconds);
    one.set("message", r.message);
    out.push(std::move(one));
  }
  return out;
}

}  // namespace app
