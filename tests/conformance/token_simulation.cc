// bpmn-js-token-simulation: models with the tokens they must produce (README of the suite), rewritten into ordinary BPMN
// (token_model.h) and deployed leniently.
// Score: comparison mode 2: exits per element, what is left alive, and the order of the lines that share a scope or are
// parent and child (token_order.h says what a line of the engine is, and which turns the lines take).
#include <algorithm>
#include <map>
#include <set>

#include "conformance/suite.h"
#include "conformance/token_events.h"
#include "conformance/token_model.h"

namespace conformance {
namespace {

using engine::Key;
using tokens::Order;

std::map<std::string, int> counts(const base::Json& object) {
  std::map<std::string, int> all;
  for (const auto& [id, value] : object.as_object())
    if (value.int_or(0) != 0) all[id.ends_with("_plane") ? id.substr(0, id.size() - 6) : id] += static_cast<int>(value.int_or(0));
  return all;
}

std::string text(const std::map<std::string, int>& counts) {
  std::string out;
  for (const auto& [id, n] : counts) out += (out.empty() ? "" : ", ") + id + ":" + std::to_string(n);
  return out;
}

// Upstream's lines of all steps of a case.
Order expected_order(const std::filesystem::path& folder, const base::Json& entry, const std::set<std::string>& containers) {
  Order order;
  for (const base::Json& step : entry["steps"].as_array()) {
    if (step["op"].string_or("") != "expect_trace") continue;
    if (step["inline"].is_array()) {
      order.read(step["inline"], containers);
      continue;
    }
    const std::string file = step["file"].string_or("");
    if (const auto trace = base::parse_json(file_text(folder / file), file, 64u << 20)) order.read(*trace, containers);
  }
  return order;
}

// One case on the engine: commands in, everything run until nothing happens without another.
class Play {
 public:
  explicit Play(const tokens::Model& model) : seen(model.participants), model_(model) {}
  engine::Driver engine;
  tokens::Observer seen;

  base::Status step(const base::Json& step, std::size_t number) {
    const std::string op = step["op"].string_or(""), element = step["element"].string_or("");
    const std::size_t before = engine.batches().size();
    base::Status done;
    if (op == "trigger") done = trigger(step, element, number);
    // A message from outside: its name reaches who waits for it; a black box takes it without effect.
    else if (op == "message_flow") (void)engine.only(engine::PublishMessage{tokens::message_of(element), "", "", 0, base::Json::object()});
    else if (op == "set_config") decide(element, step["activeOutgoing"]);
    if (!done) return done;
    for (std::size_t n = 0, seen_until = before; n < 1'000'000; ++n) {
      begun(seen_until);
      seen_until = engine.batches().size();
      if (engine.partition().has_ready()) {
        engine.step(1);
        continue;
      }
      engine.advance(24 * 3'600'000);  // a message that nobody waits for is lost
      seen.read(engine, before);
      return {};
    }
    return base::fail(base::ErrorCode::limit_exceeded, "did not come to rest");
  }

 private:
  base::Json decisions() const {
    base::Json taken = base::Json::array();
    for (const auto& [gateway, flows] : config_)
      for (const std::string& flow : flows) taken.push(base::Json(flow));
    base::Json variables = base::Json::object();
    variables.set(tokens::kTaken, std::move(taken));
    return variables;
  }
  void decide(const std::string& gateway, const base::Json& flows) {
    config_[gateway].clear();
    for (const base::Json& flow : flows.as_array()) config_[gateway].push_back(flow.as_string());
    for (const Key instance : instances_) (void)engine.only(engine::SetVariables{instance, decisions()});
  }
  // Instances that began since then, by whatever: they know the decisions too.
  void begun(std::size_t since) {
    std::vector<Key> fresh;
    (void)engine.events([&](const engine::RecordView&, const auto& event) {
      if constexpr (std::is_same_v<std::decay_t<decltype(event)>, engine::ev::instance_created>) fresh.push_back(event.instance);
    }, since);
    for (const Key instance : fresh) {
      instances_.push_back(instance);
      (void)engine.only(engine::SetVariables{instance, decisions()});
    }
  }
  base::Status trigger(const base::Json& step, const std::string& element, std::size_t number) {
    if (step["meaning"].string_or("").starts_with("start a new instance"))
      for (const auto& [process, nodes] : model_.nodes) {
        if (!nodes.contains(element)) continue;
        engine::CreateInstance create;
        create.process_id = process;
        if (step["element_type"].string_or("") == "startEvent") {  // what nothing leads to begins with it, in the order of the file
          create.start_elements = {element};
          if (const auto more = model_.begins.find(process); more != model_.begins.end()) create.start_elements.insert(create.start_elements.begin(), more->second.begin(), more->second.end());
        }
        TRY(const engine::Answer answer, engine.only(create));
        returned_[number] = answer.key;
        return {};
      }
    base::Error last{base::ErrorCode::conflict, "no instance waits at '" + element + "'"};
    std::vector<Key> order = instances_;
    if (const base::Json& scope = step["scope"]["returned_by_step"]; scope.is_int()) order = {returned_[static_cast<std::size_t>(scope.as_int())]};
    for (const Key instance : order) {
      auto answer = engine.only(engine::TriggerElement{instance, 0, model_.chained.contains(element) ? tokens::wait_of(element) : element, base::Json::object()});
      if (answer) return {};
      last = answer.error();
    }
    return std::unexpected(last);
  }

  const tokens::Model& model_;
  std::vector<Key> instances_;
  std::map<std::size_t, Key> returned_;
  std::map<std::string, std::vector<std::string>> config_;  // gateway → flows it takes
};

// Which parts of the comparison held: mode 2's counts; its order with the journal's own order, for all lines but those of
// flows; the whole sequence of lines across scopes.
struct Compared { std::string fault; bool counts = false, journal = false, sequence = false; };

Compared run_case(const std::filesystem::path& folder, const base::Json& entry, std::string& expected) {
  const std::string file = entry["model"].string_or("");
  auto document = base::xml::parse(file_text(folder / file), file);
  if (!document) return {"unreadable: " + document.error().text()};
  std::set<std::string> waits;
  for (const base::Json& step : entry["steps"].as_array())
    if (step["op"].string_or("") == "wait_at") waits.insert(step["element"].string_or(""));
  const tokens::Model model = tokens::rewrite(*document, waits);
  Play play(model);
  if (!model.processes.empty())  // pools may be black boxes, all of them
    if (auto deployed = play.engine.call(engine::Deploy{{{file, base::xml::write(*document)}}, true, false}); !deployed) return {"refused: " + deployed.error().text()};
  play.seen.read(play.engine, 0);
  std::size_t number = 0;
  for (const base::Json& step : entry["steps"].as_array()) {
    if (auto status = play.step(step, number); !status) return {"step " + std::to_string(number) + ": " + status.error().message};
    ++number;
  }
  const tokens::Observer& seen = play.seen;
  const std::map<std::string, int> exits = seen.exits, alive = seen.alive();
  const auto want_exits = counts(entry["summary_at_end"]["exits"]), want_alive = counts(entry["summary_at_end"]["left_alive"]);
  expected = "exits " + text(want_exits) + "; alive " + text(want_alive);
  if (exits != want_exits || alive != want_alive) return {"exits " + text(exits) + "; alive " + text(alive)};
  const Order want = expected_order(folder, entry, model.containers), have = seen.by_turns();
  return {have.differs(want), true, seen.written().differs(want, model.flows).empty(), have.same_sequence(want)};
}

Report run(const std::filesystem::path& folder, const Options& options) {
  Report report;
  int passed = 0, all = 0, counted = 0, journal = 0, sequence = 0;
  each_case(folder, options, report, [&](const std::string& id, const base::Json& entry) {
    std::string expected;
    const Compared got = run_case(folder, entry, expected);
    ++all;
    counted += got.counts;
    journal += got.journal;
    sequence += got.counts && got.sequence;
    passed += got.fault.empty();
    if (got.fault.empty()) report.pass(id);
    else report.fail(id, expected, got.fault);
  });
  if (!options.list && report.broken.empty()) {
    const auto of = [&](int n) { return std::to_string(n) + " of " + std::to_string(all); };
    report.figures.emplace_back("mode 2 (exits, left alive, order of the lines that share a scope or are parent and child)", of(passed));
    report.figures.emplace_back("of these parts: exits and left alive", of(counted));
    report.figures.emplace_back("of these parts: with the order of all lines but those of flows as it stands in the journal, not laid out by turns", of(journal));
    report.figures.emplace_back("mode 1 (one sequence of all lines that say that an element began or was left; scopes made and destroyed are not told apart from these)", of(sequence));
  }
  return report;
}

Registrar registrar{{"token-simulation", "bpmn-js-token-simulation: token traces (lenient profile)", run}};

}  // namespace
}  // namespace conformance
