// The DMN TCK: folders of .dmn models with test files of cases (namespace http://www.omg.org/spec/DMN/20160719/testcase).
// Every folder that holds a model is run; values are compared as ../shared/conformance/README.md says.
#include <algorithm>
#include <map>
#include <memory>

#include "base/clock.h"
#include "base/text.h"
#include "base/xml.h"
#include "conformance/suite.h"
#include "dmn/dmn.h"
#include "dmn/model.h"
#include "feel/temporal.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;
using base::xml::Element;
using feel::Value;

constexpr std::string_view kTestNamespace = "http://www.omg.org/spec/DMN/20160719/testcase";
constexpr std::string_view kInstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";

const Element* child(const Element& parent, std::string_view local) { return parent.child(kTestNamespace, local); }

bool is_nil(const Element& element) {
  const std::string* nil = element.attribute(kInstanceNamespace, "nil");
  return nil != nullptr && (*nil == "true" || *nil == "1");
}

// ---- values --------------------------------------------------------------------------------------------------------
Value duration(const std::string& text) {
  if (const auto months = feel::parse_years_months(text)) return Value::years_months(*months);
  if (const auto days = feel::parse_days_time(text)) return Value::days_time(*days);
  return Value::string("unreadable duration " + text);
}

Value scalar(const Element& element) {
  if (is_nil(element)) return Value::null();
  std::string type;
  if (const std::string* attribute = element.attribute(kInstanceNamespace, "type")) type = attribute->substr(attribute->find(':') + 1);
  const std::string raw = element.text();
  const std::string text(base::trim(raw));
  if (type == "boolean") return Value::boolean(text == "true" || text == "1");
  if (type == "decimal" || type == "double" || type == "integer" || type == "int" || type == "long" || type == "float") {
    const auto number = base::Decimal::parse(text);
    return number ? Value::number(*number) : Value::string("unreadable number " + text);
  }
  if (type == "date") {
    const auto date = feel::parse_date(text);
    return date ? Value::date(*date) : Value::string("unreadable date " + text);
  }
  if (type == "time") {
    const auto time = feel::parse_time(text);
    return time ? Value::time(*time) : Value::string("unreadable time " + text);
  }
  if (type == "dateTime") {
    const auto date_time = feel::parse_date_time(text);
    return date_time ? Value::date_time(*date_time) : Value::string("unreadable date and time " + text);
  }
  if (type.ends_with("uration")) return duration(text);
  return Value::string(raw);
}

// A valueType: value, list of items, or components. base/xml bounds the depth.
Value value_of(const Element& element) {
  if (is_nil(element)) return Value::null();
  if (const Element* value = child(element, "value")) return scalar(*value);
  if (const Element* list = child(element, "list")) {
    if (is_nil(*list)) return Value::null();
    std::vector<Value> items;
    for (const Element* item : list->children_named(kTestNamespace, "item")) items.push_back(value_of(*item));
    return Value::list(std::move(items));
  }
  const auto components = element.children_named(kTestNamespace, "component");
  if (components.empty()) return Value::null();
  feel::Context context;
  for (const Element* component : components) context.entries.emplace_back(component->attribute_or("name", ""), value_of(*component));
  return Value::context(std::move(context));
}

bool same(const Value& expected, const Value& actual) {
  if (expected.kind() != actual.kind()) return false;
  switch (expected.kind()) {
    case feel::Kind::null: return true;
    case feel::Kind::number: {
      static const base::Decimal tolerance = *base::Decimal::parse("0.00000001");
      const auto difference = base::Decimal::subtract(expected.as_number(), actual.as_number());
      return difference && difference->absolute() < tolerance;
    }
    case feel::Kind::list: {
      const auto left = expected.as_list(), right = actual.as_list();
      return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), same);
    }
    case feel::Kind::context: {
      if (expected.as_context().size() != actual.as_context().size()) return false;
      for (const auto& [key, value] : expected.as_context()) {
        const Value* other = actual.as_context().find(key);
        if (other == nullptr || !same(value, *other)) return false;
      }
      return true;
    }
    default: return feel::equal(expected, actual).is_true();
  }
}

std::string shown(const Value& value) {
  std::string out = std::string(feel::name(value.kind()));
  if (!value.is_null()) out += " " + feel::text(value);
  else if (!value.reason().empty()) out += " (" + std::string(value.reason()) + ")";
  return out;
}

// ---- models --------------------------------------------------------------------------------------------------------
struct Folder {
  fs::path path;
  std::string id;  // relative to the suite
  std::vector<fs::path> models, tests;
};

// The models of a folder, compiled once for each that is the main one.
class Models {
 public:
  explicit Models(const Folder& folder) {
    for (const fs::path& path : folder.models) {
      auto model = dmn::read(file_text(path), path.filename().string());
      if (model) models_.push_back(*model);
      else error_ += model.error().text() + "\n";
    }
  }

  const std::string& error() const { return error_; }

  // By file name, with or without its ending, or by the model's name.
  int find(const std::string& name) const {
    for (std::size_t i = 0; i < models_.size(); ++i) {
      const fs::path file(models_[i]->file);
      if (file.filename() == name || file.stem() == name || models_[i]->name == name) return static_cast<int>(i);
    }
    return models_.size() == 1 ? 0 : -1;
  }
  int find_namespace(const std::string& ns, int otherwise) const {
    for (std::size_t i = 0; i < models_.size(); ++i)
      if (models_[i]->ns == ns) return static_cast<int>(i);
    return otherwise;
  }
  const dmn::Model& model(int index) const { return *models_[index]; }

  base::Result<std::shared_ptr<const dmn::Program>> program(int main) {
    if (const auto found = programs_.find(main); found != programs_.end()) return found->second;
    std::vector<std::shared_ptr<const dmn::Model>> order{models_[main]};
    for (std::size_t i = 0; i < models_.size(); ++i)
      if (static_cast<int>(i) != main) order.push_back(models_[i]);
    return programs_.emplace(main, dmn::compile(std::move(order), dmn::OnFault::null)).first->second;
  }

 private:
  std::vector<std::shared_ptr<const dmn::Model>> models_;
  std::map<int, base::Result<std::shared_ptr<const dmn::Program>>> programs_;
  std::string error_;
};

// ---- cases ---------------------------------------------------------------------------------------------------------
struct Figures {
  int cases = 0, passed = 0, non_null = 0, non_null_passed = 0, results = 0, agreed = 0, folders = 0, green = 0, nulls = 0;
  std::vector<std::string> unexplained;  // nulls that carry no reason
};

struct Answer {
  Value value;
  bool error = false;
  std::string note;
};

// As the asked model calls them: by name, and what it imports by its import's name too. Without a namespace: the main model's.
feel::Context inputs_of(const Element& test_case, const dmn::Model& main, const dmn::Model& asked) {
  feel::Context inputs;
  for (const Element* input : test_case.children_named(kTestNamespace, "inputNode")) {
    std::string name = input->attribute_or("name", "");
    const std::string ns = input->attribute_or("namespace", main.ns);
    for (const dmn::Import& import : asked.imports)
      if (import.ns == ns && !import.name.empty()) name = import.name + "." + name;
    inputs.entries.emplace_back(std::move(name), value_of(*input));
  }
  return inputs;
}

Answer answer(const dmn::Program& program, const Element& test_case, const std::string& result, const feel::Context& inputs) {
  Answer out;
  std::vector<feel::Reason> reasons;
  feel::Environment environment;
  environment.now = base::SystemClock().now();
  environment.reasons = &reasons;
  const std::string type = test_case.attribute_or("type", "decision");
  const bool is_decision = type == "decision" && program.has(result);
  if (is_decision) {
    auto evaluation = program.evaluate(result, inputs, environment);
    if (!evaluation) return {Value::null(), true, evaluation.error().text()};
    out.value = evaluation->value;
    out.error = evaluation->failed;
    out.note = evaluation->failure;
  } else {
    auto value = program.invoke(test_case.attribute_or("invocableName", result), inputs, environment);
    if (!value) return {Value::null(), true, value.error().text()};
    out.value = *value;
    // A service with several outputs answers all of them; the result node names one.
    if (type == "decisionService" && out.value.kind() == feel::Kind::context)
      if (const Value* output = out.value.as_context().find(result)) out.value = Value(*output);
  }
  out.error |= !reasons.empty();
  for (const feel::Reason& reason : reasons) out.note += (out.note.empty() ? "" : "\n") + reason.text();
  return out;
}

bool run_case(const Element& test_case, const std::string& id, Models& models, int main, Report& report, Figures& figures) {
  std::string expected, actual, note, remark;
  bool passed = true, non_null = false;
  for (const Element* result : test_case.children_named(kTestNamespace, "resultNode")) {
    const std::string name = result->attribute_or("name", "");
    const Element* wanted = child(*result, "expected");
    const Value value = wanted ? value_of(*wanted) : Value::null();
    non_null |= !value.is_null();
    const int home = models.find_namespace(result->attribute_or("namespace", models.model(main).ns), main);
    const auto program = models.program(home);
    const feel::Context inputs = inputs_of(test_case, models.model(main), models.model(home));
    const Answer got = program ? answer(**program, test_case, name, inputs) : Answer{Value::null(), true, program.error().text()};
    ++figures.results;
    if (got.value.is_null()) {
      ++figures.nulls;
      if (got.note.empty() && !got.value.has_reason()) figures.unexplained.push_back(id + " " + name);
    }
    const bool wants_error = result->attribute_or("errorResult", "false") == "true";
    figures.agreed += got.error == wants_error;
    if (program && same(value, got.value)) {
      if (got.error != wants_error) remark += name + (wants_error ? ": errorResult is set, no error was reported\n" : ": no errorResult, but reported: " + got.note + "\n");
      continue;
    }
    passed = false;
    expected += (expected.empty() ? "" : "\n") + name + " = " + shown(value);
    actual += (actual.empty() ? "" : "\n") + name + " = " + shown(got.value);
    if (!got.note.empty()) note += (note.empty() ? "" : "\n") + got.note;
  }
  ++figures.cases;
  figures.passed += passed;
  figures.non_null += non_null;
  figures.non_null_passed += non_null && passed;
  if (passed) report.pass(id, remark);
  else report.fail(id, expected, actual, note);
  return passed;
}

void run_folder(const Folder& folder, const Options& options, Report& report, Figures& figures) {
  Models models(folder);
  bool any = false, green = true;
  for (const fs::path& path : folder.tests) {
    const std::string file = folder.id + "/" + path.filename().string();
    const auto document = base::xml::parse(file_text(path), file);
    if (!document) {
      if (options.wants(file)) report.fail(file, "a readable test file", document.error().text());
      green = false;
      continue;
    }
    if (!document->root->is(kTestNamespace, "testCases")) continue;
    const Element* name = child(*document->root, "modelName");
    const int main = models.find(name ? std::string(base::trim(name->text())) : "");
    for (const Element* test_case : document->root->children_named(kTestNamespace, "testCase")) {
      const std::string id = file + "#" + test_case->attribute_or("id", "");
      if (!options.wants(id)) continue;
      if (options.list) {
        report.list(id);
        continue;
      }
      any = true;
      if (main >= 0) {
        green &= run_case(*test_case, id, models, main, report, figures);
      } else {
        report.fail(id, "model " + (name ? name->text() : ""), "not readable", models.error());
        ++figures.cases;
        green = false;
      }
    }
  }
  if (!any) return;
  ++figures.folders;
  figures.green += green;
}

std::vector<Folder> folders_of(const fs::path& root) {
  std::map<fs::path, Folder> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    const fs::path& path = entry.path();
    Folder& folder = found[path.parent_path()];
    folder.path = path.parent_path();
    if (path.extension() == ".dmn") folder.models.push_back(path);
    if (path.extension() == ".xml") folder.tests.push_back(path);
  }
  std::vector<Folder> out;
  for (auto& [path, folder] : found) {
    if (folder.models.empty()) continue;
    folder.id = fs::relative(path, root).string();
    std::sort(folder.models.begin(), folder.models.end());
    std::sort(folder.tests.begin(), folder.tests.end());
    out.push_back(std::move(folder));
  }
  return out;
}

std::string share(int part, int whole) {
  char percent[32];
  std::snprintf(percent, sizeof percent, " (%.2f %%)", whole == 0 ? 0.0 : 100.0 * part / whole);
  return std::to_string(part) + " of " + std::to_string(whole) + percent;
}

Report run(const fs::path& root, const Options& options) {
  Report report;
  Figures figures;
  for (const Folder& folder : folders_of(root)) run_folder(folder, options, report, figures);
  if (options.list) return report;
  if (!figures.unexplained.empty())
    report.fail("nulls", "a reason for every null", std::to_string(figures.unexplained.size()) + " without: " + base::join(figures.unexplained, ", "), "");
  report.figures = {{"all cases", share(figures.passed, figures.cases)},
                    {"non-null cases", share(figures.non_null_passed, figures.non_null)},
                    {"fully green folders", share(figures.green, figures.folders)},
                    {"nulls with a reason", share(figures.nulls - static_cast<int>(figures.unexplained.size()), figures.nulls)},
                    {"agreement with errorResult (advisory, fails nothing)", share(figures.agreed, figures.results)}};
  return report;
}

const Registrar registrar{{"dmn-tck", "DMN TCK: decisions and FEEL expressions with expected values", run}};

}  // namespace
}  // namespace conformance
