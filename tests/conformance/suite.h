// The one place where third-party suites are registered. A suite is one file beside this one:
//   static conformance::Registrar registrar{{"dmn-tck", "DMN TCK: decisions and FEEL", run}};
// It reads a folder laid out as in ../shared/conformance, drives only production code and reports every case.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace conformance {

struct Options {
  bool json = false;     // main prints JSON; a suite need not look
  bool list = false;     // add the cases as `listed`, run nothing
  bool verbose = false;  // passed cases are printed too, and a suite may add notes
  std::string only;      // run cases whose id holds this text; "" = all
  bool wants(std::string_view id) const { return only.empty() || id.find(only) != std::string_view::npos; }
};

enum class Outcome { passed, failed, skipped, listed };

struct Case {
  std::string id;  // stable, unique within the suite: "folder/file#case"
  Outcome outcome = Outcome::passed;
  std::string expected, actual;  // of a failure
  std::string note;              // why it was skipped, or where the failure lies; may be several lines
};

// What a suite found. `figures` are printed above the last line: {"non-null cases", "1160 of 1167"}.
struct Report {
  std::vector<Case> cases;
  std::vector<std::pair<std::string, std::string>> figures;
  std::string broken;  // not empty: the suite could not run at all (exit 3), with the reason

  void pass(std::string id, std::string note = {}) { cases.push_back({std::move(id), Outcome::passed, {}, {}, std::move(note)}); }
  void fail(std::string id, std::string expected, std::string actual, std::string note = {}) {
    cases.push_back({std::move(id), Outcome::failed, std::move(expected), std::move(actual), std::move(note)});
  }
  void skip(std::string id, std::string reason) { cases.push_back({std::move(id), Outcome::skipped, {}, {}, std::move(reason)}); }
  void list(std::string id) { cases.push_back({std::move(id), Outcome::listed, {}, {}, {}}); }
};

struct Suite {
  std::string name;   // as on the command line
  std::string about;  // one line for --help
  std::function<Report(const std::filesystem::path& folder, const Options&)> run;
};

// In main.cc.
std::vector<Suite>& suites();
std::string file_text(const std::filesystem::path&);  // "" where it cannot be read
// Of a suite whose cases.json holds {"cases": [{"id", …}]}: runs each that was asked for, or only lists them.
void each_case(const std::filesystem::path& folder, const Options&, Report&, const std::function<void(const std::string& id, const base::Json& entry)>&);

struct Registrar {
  explicit Registrar(Suite suite) { suites().push_back(std::move(suite)); }
};

}  // namespace conformance
