// betsy: executable models with input and expected log lines, and models that must be refused (README of the suite).
// The adapter rewrites a model into ordinary BPMN (script formats, FEEL conditions), starts instances, answers the jobs of
// the script markers and moves the clock. Everything else is the production engine under the strict profile.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "base/xml.h"
#include "conformance/betsy_constraints.h"
#include "conformance/suite.h"
#include "engine/driver.h"

namespace conformance {
namespace {

using base::xml::Element;
constexpr std::string_view kBpmn = "http://www.omg.org/spec/BPMN/20100524/MODEL";
constexpr std::string_view kFormat = "text/x-betsy";

// The Java-like vocabulary of the models in FEEL.
std::string feel_of(std::string_view given) {
  std::string text(base::trim(given));
  while (text.ends_with('>')) text.pop_back();
  if (text.starts_with("${") && text.ends_with('}')) text = text.substr(2, text.size() - 3);
  const bool negated = text.starts_with("!");
  const std::string_view inner = std::string_view(text).substr(negated ? 1 : 0);
  if (inner.starts_with("test.contains(")) {
    const std::string call = "contains(test, " + std::string(inner.substr(14));
    return negated ? "not(" + call + ")" : call;
  }
  return text;
}

void set_text(Element& element, std::string text) {
  element.children.clear();
  base::xml::Node node;
  node.text = std::move(text);
  element.children.push_back(std::move(node));
}

// Scripts become jobs of one format; conditions become FEEL. Depth is bounded by the XML reader.
void rewrite(Element& element, std::map<std::string, std::string>& scripts) {
  if (element.ns == kBpmn && (element.local == "scriptTask" || element.local == "globalScriptTask")) {
    element.set_attribute("scriptFormat", kFormat);
    if (const Element* script = element.child(kBpmn, "script")) scripts[element.attribute_or("id", "")] = base::trim(script->text());
  }
  if (element.ns == kBpmn && (element.local == "conditionExpression" || element.local == "completionCondition"
      || element.local == "loopCondition" || element.local == "loopCardinality" ||
                              element.local == "activationCondition" || element.local == "condition"))
    set_text(element, feel_of(element.text()));
  for (base::xml::Node& child : element.children)
    if (child.element) rewrite(*child.element, scripts);
}

class Run {
 public:
  explicit Run(std::map<std::string, std::string> scripts) : scripts_(std::move(scripts)) {}

  engine::Driver engine;
  std::vector<std::string> log;
  bool marker = false, started_log = false, data_correct = false;
  std::vector<std::pair<base::Millis, base::Millis>> intervals;

  // Answers every job that can be answered now; the slow ones are kept until their time.
  void work() {
    for (int round = 0; round < 100'000; ++round) {
      const auto jobs = engine.activate(std::string(kFormat), 100, 24ll * 3600 * 1000);
      if (jobs.empty()) return;
      for (const auto& job : jobs) answer(job);
    }
  }

  // Moves the clock event by event: slow jobs and the engine's own timers in order of time.
  void advance(base::Millis by) {
    const base::Millis until = engine.now() + by;
    for (;;) {
      base::Millis next = until;
      if (const base::Millis due = engine.partition().next_due(); due >= 0) next = std::min(next, due);
      if (!slow_.empty()) next = std::min(next, slow_.begin()->first);
      engine.advance(std::max<base::Millis>(0, next - engine.now()));
      while (!slow_.empty() && slow_.begin()->first <= engine.now()) {
        const engine::Key job = slow_.begin()->second;
        slow_.erase(slow_.begin());
        (void)engine.call(engine::CompleteJob{job});  // interrupted meanwhile: no effect
      }
      work();
      if (next >= until) return;
    }
  }

 private:
  void complete(const engine::ActivatedJob& job, const base::Json& variables = base::Json::object()) { (void)engine.call(engine::CompleteJob{job.job, variables}); }

  void answer(const engine::ActivatedJob& job) {
    const std::string marker_text = scripts_[job.element_id];
    if (marker_text == "CREATE_LOG_FILE") {
      started_log = true;
      return complete(job);
    }
    if (marker_text.starts_with("SCRIPT_")) {
      log.push_back(marker_text);
      return complete(job);
    }
    if (marker_text.starts_with("INCREMENT_INTEGER_VARIABLE")) {
      if (marker_text.ends_with("_AND_LOG")) log.push_back("INCREMENT_correct");
      base::Json variables = base::Json::object();
      variables.set("integerVariable", (*base::unpack(job.variables))["integerVariable"].int_or(0) + 1);
      return complete(job, variables);
    }
    if (marker_text == "CREATE_MARKER_FILE") {
      marker = true;
      return complete(job);
    }
    if (marker_text == "SET_STRING_DATA") return complete(job, base::Json(base::Json::Object{{"data", "String"}}));
    if (marker_text == "LOG_DATA") {
      data_correct = (*base::unpack(job.variables))["data"].string_or("") == "String";
      return complete(job);
    }
    if (marker_text == "THROW_ERROR") {
      (void)engine.call(engine::ThrowJobError{job.job, "ERR_CODE", "", base::Json::object()});
      return;
    }
    if (marker_text.starts_with("CREATE_TIMESTAMP_LOG")) intervals.emplace_back(engine.now(), engine.now() + 10'000);
    slow_.emplace(engine.now() + 10'000, job.job);  // WAIT_TEN_SECONDS and the time stamps take ten seconds
  }

  std::map<std::string, std::string> scripts_;
  std::multimap<base::Millis, engine::Key> slow_;
};

// How the instance that was started last stands: its incident, if it has one.
std::string failure_of(const engine::Driver& engine, engine::Key instance) {
  std::map<engine::Key, std::pair<engine::Key, std::string>> open;
  std::map<engine::Key, engine::Key> root;
  (void)engine.events([&](const engine::RecordView&, const auto& event) {
    using E = std::decay_t<decltype(event)>;
    if constexpr (std::is_same_v<E, engine::ev::instance_created>) root[event.instance] = event.root;
    if constexpr (std::is_same_v<E, engine::ev::incident_created>) open[event.key] = {root[event.instance], event.kind};
    if constexpr (std::is_same_v<E, engine::ev::incident_resolved>) open.erase(event.key);
  });
  for (const auto& [key, incident] : open)
    if (incident.first == instance) return incident.second == "UNHANDLED_ERROR_EVENT" ? "ERROR_thrownErrorEvent" : "ERROR_runtime";
  return {};
}

std::vector<std::string> lines(const base::Json& array) {
  std::vector<std::string> all;
  for (const base::Json& one : array.as_array()) all.push_back(one.as_string());
  return all;
}

struct Result { std::vector<std::string> trace; std::string note; };

Result run_case(const std::filesystem::path& folder, const base::Json& entry, const std::vector<std::string>& expected) {
  Result result;
  const auto asked = [&](std::string_view line) { return std::find(expected.begin(), expected.end(), line) != expected.end(); };
  const std::string file = entry["model"].string_or("");
  auto document = base::xml::parse(file_text(folder / file), file);
  if (!document) return {{"ERROR_deployment"}, document.error().text()};
  std::map<std::string, std::string> scripts;
  add_formats(*document->root);
  rewrite(*document->root, scripts);
  Run run(std::move(scripts));
  engine::Key instance = 0;
  for (const base::Json& step : entry["steps"].as_array()) {
    const std::string op = step["op"].string_or("");
    if (op == "deploy") {
      auto answer = run.engine.call(engine::Deploy{{{file, base::xml::write(*document)}}, false, true});
      if (!answer) return {{asked("ERROR") ? "ERROR" : "ERROR_deployment"}, answer.error().text()};
    } else if (op == "start") {
      engine::CreateInstance create;
      create.process_id = step["process"].string_or("");
      create.variables = step["variables"];
      auto answer = run.engine.call(create);
      if (!answer) return {{"NOT_STARTED"}, answer.error().text()};
      instance = answer->key;
      run.work();
    } else if (op == "advance_clock") {
      run.advance(step["milliseconds"].int_or(0));
    }
  }
  result.trace = run.log;
  const std::string failure = failure_of(run.engine, instance);
  if (!failure.empty()) result.trace.push_back(failure == "ERROR_runtime" && asked("ERROR") ? "ERROR" : failure);
  if (asked("EXECUTION_parallel") && run.intervals.size() == 2) {
    const auto& [a, b] = std::pair(run.intervals[0], run.intervals[1]);
    if ((a.first <= b.first && b.first < a.second) || (b.first <= a.first && a.first < b.second)) result.trace.push_back("EXECUTION_parallel");
  }
  if (asked("MARKER_exists") && run.marker) result.trace.push_back("MARKER_exists");
  if (asked("DATA_correct") && run.data_correct) result.trace.push_back("DATA_correct");
  if (entry["has_start_marker"].bool_or(false) && !run.started_log && !asked("ERROR")) result.note = "the script CREATE_LOG_FILE did not run";
  return result;
}

Report run(const std::filesystem::path& folder, const Options& options) {
  Report report;
  int passed = 0, all = 0;
  each_case(folder, options, report, [&](const std::string& id, const base::Json& entry) {
    std::vector<std::string> expected = lines(entry["expected_trace"]);
    const bool ordered = entry["ordered"].bool_or(false);
    Result got = run_case(folder, entry, expected);
    std::vector<std::string> actual = got.trace;
    if (!ordered) {
      std::sort(expected.begin(), expected.end());
      std::sort(actual.begin(), actual.end());
    }
    const bool right = actual == expected && !got.note.starts_with("the script CREATE_LOG_FILE");
    if (entry.has("doubt")) {
      const std::string here = right ? "as expected upstream" : base::join(got.trace, ", ") + " " + got.note;
      return report.skip(id, "in doubt: " + entry["doubt"].dump() + "; here: " + here);
    }
    ++all;
    passed += right;
    if (right) report.pass(id);
    else report.fail(id, base::join(expected, ", "), base::join(actual, ", "), got.note);
  });
  if (!report.broken.empty()) return report;
  if (!options.list) report.figures.emplace_back("execution cases", std::to_string(passed) + " of " + std::to_string(all));
  run_constraints(folder, options, report);
  return report;
}

Registrar registrar{{"betsy", "betsy: executable models and models that must be refused (strict profile)", run}};

}  // namespace
}  // namespace conformance
