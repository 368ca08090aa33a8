// A workflow package: what the bank stores, versions, shares, tests and runs (docs/packages.md).
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/yaml.h"
#include "bpmn/check.h"
#include "bpmn/model.h"
#include "dmn/dmn.h"

namespace bank {

struct Finding {
  std::string file; int line = 0, column = 0;
  std::string element, code, message, message_da, remedy;
  bool is_error = true;
};

struct Package {
  std::string slug;                            // "<domain>/<name>", from the folder
  std::string title, summary, domain, kle, kla, kind;  // kind: korrekt | god | lokal
  bool pattern = false;
  base::YamlDocument manifest;                 // arbejdsgang.yaml whole
  std::map<std::string, std::string> files;    // relative path → bytes, everything in the folder
  bpmn::ModelPtr process;                      // null where the package has no diagram
  std::shared_ptr<const dmn::Model> decisions; // null where it has none
  bool executable = false;
  std::vector<Finding> faults;                 // files that could not be read; check() repeats them
};

// From a folder or a map of files. Errors: invalid_package, limit_exceeded, io_failed; content faults are findings.
base::Result<Package> load_folder(const std::string& folder, std::string_view slug);
base::Result<Package> load_files(std::map<std::string, std::string> files, std::string_view slug);
// What the engine deploys of it: name and content of .bpmn, .dmn and .form files, in that order.
std::vector<std::pair<std::string, std::string>> resources(const Package&);
// Everything that is wrong with it; a package with an error is refused whole.
std::vector<Finding> check(const Package&);

bool valid_slug(std::string_view);  // "<domain>/<name>": a-z, 0-9 and hyphen

}  // namespace bank
