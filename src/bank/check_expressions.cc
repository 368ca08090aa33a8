#include "bank/check_expressions.h"

#include "base/text.h"
#include "feel/feel.h"

namespace bank {
namespace {

class Expressions {
 public:
  Expressions(const bpmn::Model& model, std::vector<Finding>& out, bool syntax) : model_(model), out_(out), syntax_(syntax) {}

  void run() {
    for (const bpmn::Flow& flow : model_.flows) one(flow.condition, model_.where(flow), Kind::condition);
    for (const bpmn::Node& node : model_.nodes) {
      const base::Where where = model_.where(node);
      const bpmn::Zeebe& z = node.zeebe;
      for (const std::string* text : {&z.task_retries, &z.assignee, &z.candidate_groups, &z.candidate_users, &z.due_date, &z.follow_up_date, &z.priority, &z.called_process,
                                      &z.decision_id, &z.script, &z.input_collection, &z.output_element})
        one(*text, where, Kind::value);
      for (const bpmn::Mapping& mapping : z.inputs) one(mapping.source, where, Kind::value);
      for (const bpmn::Mapping& mapping : z.outputs) one(mapping.source, where, Kind::value);
      for (const bpmn::EventDefinition& event : node.events)
        one(event.expression, where, event.kind == bpmn::EventKind::conditional ? Kind::condition : Kind::value);
      if (node.loop) one(node.loop->completion_condition, where, Kind::condition);
    }
  }

 private:
  enum class Kind : std::uint8_t { value, condition };

  void one(std::string_view text, const base::Where& where, Kind kind) {
    text = base::trim(text);
    if (!text.starts_with("=")) return;  // no FEEL
    text.remove_prefix(1);
    feel::CompileOptions options;
    options.dialect = feel::Dialect::zeebe;
    const auto checked = feel::check(text, options);
    if (!checked) {
      if (syntax_)
        out_.push_back({where.file, where.line, where.column, where.element, "SG-FEEL", checked.error().message + " in '" + std::string(text) + "', column " + std::to_string(checked.error().where.column),
                        "'" + std::string(text) + "' er ikke gyldig FEEL (tegn " + std::to_string(checked.error().where.column) + ")", checked.error().remedy, true});
      return;
    }
    const std::string place = " in '" + std::string(text) + "'", place_da = " i '" + std::string(text) + "'";
    for (const feel::Finding& finding : checked->findings)
      add(where, finding.message + place + (finding.line > 1 ? ", line " + std::to_string(finding.line) : "") + ", column " + std::to_string(finding.column), finding.message_da + place_da, finding.remedy);
    const feel::TypePtr& type = checked->type;
    const bool decides = !type || type->kind == feel::TypeKind::any || type->kind == feel::TypeKind::boolean || type->kind == feel::TypeKind::null;
    if (kind == Kind::condition && !decides)
      add(where, "the condition '" + std::string(text) + "' is neither true nor false", "betingelsen '" + std::string(text) + "' er hverken sand eller falsk", "a comparison, or another boolean");
  }

  void add(const base::Where& where, std::string message, std::string message_da, std::string remedy) {
    out_.push_back({where.file, where.line, where.column, where.element, "SG-FEEL", std::move(message), std::move(message_da), std::move(remedy), false});
  }

  const bpmn::Model& model_;
  std::vector<Finding>& out_;
  bool syntax_;
};

}  // namespace

void check_expressions(const bpmn::Model& model, std::vector<Finding>& out, bool syntax) { Expressions(model, out, syntax).run(); }

}  // namespace bank
