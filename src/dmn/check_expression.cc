// What feel::check knows of a model's expressions, as findings of rules.def. Nothing here changes what runs.
#include "base/text.h"
#include "dmn/compiler.h"

namespace dmn {

using feel::TypePtr;

namespace {

std::string_view code_of(feel::FindingKind kind, bool cell) {
  using enum feel::FindingKind;
  switch (kind) {
    case unknown_name: return "DMN-NAME-UNKNOWN";
    case operand: return "DMN-FEEL-OPERAND";
    case argument: return "DMN-FEEL-ARGUMENT";
    case call: return "DMN-FEEL-ARGUMENT";
    case comparison: return "DMN-FEEL-COMPARISON";
    case never: return cell ? "DMN-TABLE-NEVER" : "DMN-FEEL-NEVER";
    case condition: return "DMN-FEEL-CONDITION";
    case member: return "DMN-FEEL-MEMBER";
    case instance_of: return "DMN-FEEL-INSTANCE";
    case always_null: return "DMN-FEEL-NULL";
  }
  return "DMN-FEEL";
}

std::string shown(const TypePtr& type) { return type->name.empty() ? feel::text(type) : type->name; }

}  // namespace

void Compiler::add_absent_import(const std::string& name) {
  absent_imports_.push_back(name);
  if (!name.empty() && !scope_.is_visible(name)) scope_.declare(name, nullptr);
}

const feel::CompileOptions& Compiler::check_options(Position at, const std::string& element) {
  if (check_version_ != scope_.version()) {
    check_options_ = options_;
    check_options_.names = scope_.visible_inferred();
  }
  check_version_ = scope_.version();
  check_options_.line = at.line;
  check_options_.column = at.column;
  check_options_.element = element;
  return check_options_;
}

void Compiler::report(const feel::Finding& finding, const std::string& element, bool cell) {
  faults_.add(code_of(finding.kind, cell), model_->where({finding.line, finding.column}, element), "'" + owner_name_ + "': " + finding.message, finding.remedy, finding.message_da);
}

TypePtr Compiler::check_text(const std::string& text, Position at, const std::string& element) {
  const auto checked = feel::check(text, check_options(at, element));
  if (!checked) return nullptr;  // the compiler has said why
  for (const feel::Finding& finding : checked->findings) report(finding, element, false);
  return checked->type;
}

void Compiler::check_cell(const Text& text, const TypePtr& tested, const std::string& element) {
  const std::pair key{tested.get(), text.text};
  if (clean_cells_.contains(key)) return;
  const auto checked = feel::check_unary_tests(text.text, tested, check_options(text.at, element));
  if (!checked) return;
  for (const feel::Finding& finding : checked->findings) report(finding, element, true);
  if (checked->findings.empty()) clean_cells_.insert(key);
}

void Compiler::check_condition(const Compiled& condition, Position at, const std::string& element) {
  const TypePtr& type = condition.best();
  if (!faults_.checking() || !type || type->kind == feel::TypeKind::any || type->kind == feel::TypeKind::boolean || type->kind == feel::TypeKind::null) return;
  faults_.add("DMN-FEEL-CONDITION", model_->where(at, element), "'" + owner_name_ + "': a condition is of type " + shown(type) + ", which is neither true nor false", "a comparison, or another boolean",
              "betingelsen er af typen " + shown(type));
}

// A rule's output cells against their columns; what they have in common is the column's inferred type.
void Compiler::check_outputs(const DecisionRule& rule, int number, const std::string& element, const TableNode& table) {
  for (std::size_t at = 0; at < rule.outputs.size(); ++at) {
    const RuleCell& cell = rule.outputs[at];
    const TypePtr& declared = table.outputs[at].type;
    const std::string id = cell.id.empty() ? element : cell.id;
    const std::string place = std::to_string(at + 1) + (table.outputs[at].name.empty() ? "" : " ('" + table.outputs[at].name + "')") + " of '" + owner_name_ + "'";
    const std::string what = "rule " + std::to_string(number) + ", output " + place, what_da = "regel " + std::to_string(number) + ", resultat " + std::to_string(at + 1) + " i '" + owner_name_ + "'";
    const bool empty = !cell.text.present || base::trim(cell.text.text).empty();
    const TypePtr inferred = empty ? nullptr : check_text(cell.text.text, cell.text.at, id);
    check_type(inferred, declared, cell.text.at, id, what, what_da);
    check_constants(cell.text, declared, id, what, what_da);
    output_types_[at] = table.rules.empty() ? inferred : feel::common_type(output_types_[at], inferred);
  }
}

void Compiler::check_constants(const Text& text, const TypePtr& type, const std::string& element, const std::string& what, const std::string& what_da) {
  if (!faults_.checking() || !type || !type->allows) return;
  for (const feel::Value& value : constants(text)) {
    if (value.is_null() || value.kind() == feel::Kind::list || type->kind == feel::TypeKind::list || !feel::conform(value, type).is_null()) continue;
    faults_.add("DMN-TYPE-MISMATCH", model_->where(text.at, element), what + " is always null: " + shown(type) + " does not allow " + text.text, "one of " + type->allowed,
                what_da + " er ingen af de værdier, som " + shown(type) + " tillader");
  }
}

void Compiler::check_type(const TypePtr& from, const TypePtr& to, Position at, const std::string& element, const std::string& what, const std::string& what_da) {
  if (!faults_.checking() || feel::may_conform(from, to)) return;
  faults_.add("DMN-TYPE-MISMATCH", model_->where(at, element), what + " is always null: " + shown(to) + " is declared, but this is " + shown(from), "a value of type " + shown(to) + ", or another type",
              what_da + " er erklæret som " + shown(to) + ", men giver " + shown(from));
}

}  // namespace dmn
