// XML to model: definitions and the elements of the requirement graph (DMN 1.5 sections 6.3 and 7.3).
#include <algorithm>
#include <array>

#include "base/text.h"
#include "dmn/dmn.h"
#include "dmn/namespaces.h"
#include "dmn/reader.h"

namespace dmn {

using base::ErrorCode;

base::Result<std::shared_ptr<const Model>> read(std::string_view xml, std::string_view file) {
  TRY(base::xml::Document document, base::xml::parse(xml, file));
  auto model = std::make_shared<Model>();
  model->file = file;
  Reader reader(*model, xml, *document.root);
  reader.read_model();
  if (reader.error()) return std::unexpected(std::move(*reader.error()));
  return model;
}

Reader::Reader(Model& model, std::string_view bytes, const Xml& root) : model_(model), source_(bytes), root_(root), ns_(root.ns) {}

void Reader::fail(ErrorCode code, const Xml& at, std::string message, std::string remedy) {
  if (error_) return;
  const std::string id = at.attribute_or("id", at.attribute_or("name", ""));
  error_ = base::Error{code, std::move(message), {model_.file, at.line, at.column, id, {}}, std::move(remedy)};
}

bool Reader::is_ours(const Xml& element) const { return element.ns == ns_; }

const base::xml::Element* Reader::child(const Xml& parent, std::string_view local) const { return parent.child(ns_, local); }

void Reader::fill(Element& out, const Xml& from) const {
  out.id = from.attribute_or("id", "");
  out.name = std::string(base::trim(from.attribute_or("name", "")));
  out.label = from.attribute_or("label", "");
  out.at = {from.line, from.column};
}

std::string Reader::plain_child(const Xml& parent, std::string_view local) const {
  const Xml* found = child(parent, local);
  return found == nullptr ? std::string{} : std::string(base::trim(found->text()));
}

// In DMN 1.1 a type is a QName (feel:string, ns1:tLoan); later it is a name, qualified by the import's name and a dot.
std::string Reader::type_name(std::string_view text) const {
  text = base::trim(text);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::string(text);
  const std::string prefix(text.substr(0, colon));
  const std::string local(text.substr(colon + 1));
  for (const auto& [declared, uri] : root_.namespaces) {
    if (declared != prefix) continue;
    if (uri == model_.ns || is_feel_type_namespace(uri)) return local;
    for (const Import& import : model_.imports)
      if (import.ns == uri) return import.name.empty() ? local : import.name + "." + local;
  }
  return prefix == "feel" ? local : std::string(text);
}

TypeRef Reader::type_attribute(const Xml& element, std::string_view attribute) const {
  const std::string* value = element.attribute(attribute);
  if (value == nullptr) return {};
  return {type_name(*value), {element.line, element.column}};
}

TypeRef Reader::type_child(const Xml& element) const {
  const Xml* found = child(element, "typeRef");
  if (found == nullptr) return type_attribute(element, "typeRef");
  return {type_name(found->text()), {found->line, found->column}};
}

Text Reader::text_child(const Xml& element) {
  const Xml* found = child(element, "text");
  if (found == nullptr) return {};
  return {found->text(), source_.content(*found), true};
}

InformationItem Reader::variable(const Xml* element) {
  InformationItem item;
  if (element == nullptr) return item;
  fill(item, *element);
  item.type = type_attribute(*element, "typeRef");
  item.present = true;
  return item;
}

Reference Reader::reference(const Xml& element, const std::string& holder) {
  Reference out;
  out.at = {element.line, element.column};
  out.element = holder;
  const std::string href(base::trim(element.attribute_or("href", "")));
  if (href.empty()) {
    fail(ErrorCode::invalid_dmn, element, "<" + element.local + "> has no href", "href=\"#id\" of the element that is referred to");
    return out;
  }
  const auto hash = href.find('#');
  if (hash == std::string::npos) {
    out.id = href;
  } else {
    out.ns = href.substr(0, hash);
    out.id = href.substr(hash + 1);
    if (out.ns == model_.ns) out.ns.clear();
  }
  return out;
}

// 6.3.13–6.3.15: one requirement element holds one of four references. False: not a requirement element.
bool Reader::read_requirement(const Xml& element, std::vector<Reference>& decisions, std::vector<Reference>& inputs,
                              std::vector<Reference>& knowledge, std::vector<Reference>& authority) {
  constexpr std::array<std::string_view, 3> kRequirements = {"informationRequirement", "knowledgeRequirement", "authorityRequirement"};
  if (std::find(kRequirements.begin(), kRequirements.end(), element.local) == kRequirements.end()) return false;
  const bool is_authority = element.local == "authorityRequirement";
  const std::string id = element.attribute_or("id", "");
  for (const Xml* target : element.elements()) {
    if (!is_ours(*target)) continue;
    if (is_authority && target->local.starts_with("required")) authority.push_back(reference(*target, id));
    else if (target->local == "requiredDecision") decisions.push_back(reference(*target, id));
    else if (target->local == "requiredInput") inputs.push_back(reference(*target, id));
    else if (target->local == "requiredKnowledge") knowledge.push_back(reference(*target, id));
  }
  return true;
}

void Reader::read_decision(const Xml& element) {
  Decision decision;
  fill(decision, element);
  decision.variable = variable(child(element, "variable"));
  decision.question = plain_child(element, "question");
  decision.allowed_answers = plain_child(element, "allowedAnswers");
  decision.description = plain_child(element, "description");
  for (const Xml* part : element.elements())
    if (is_ours(*part))
      read_requirement(*part, decision.required_decisions, decision.required_inputs, decision.required_knowledge,
                       decision.required_authority);
  decision.logic = only_expression(element);
  model_.decisions.push_back(std::move(decision));
}

void Reader::read_knowledge(const Xml& element) {
  BusinessKnowledgeModel knowledge;
  fill(knowledge, element);
  knowledge.variable = variable(child(element, "variable"));
  std::vector<Reference> none;
  for (const Xml* part : element.elements())
    if (is_ours(*part)) read_requirement(*part, none, none, knowledge.required_knowledge, knowledge.required_authority);
  if (const Xml* logic = child(element, "encapsulatedLogic")) {
    knowledge.logic = std::make_unique<Expression>();
    fill(*knowledge.logic, *logic);
    knowledge.logic->type = type_attribute(*logic, "typeRef");
    knowledge.logic->logic = function(*logic);
  }
  model_.knowledge.push_back(std::move(knowledge));
}

void Reader::read_service(const Xml& element) {
  DecisionService service;
  fill(service, element);
  service.variable = variable(child(element, "variable"));
  for (const Xml* part : element.elements()) {
    if (!is_ours(*part)) continue;
    if (part->local == "outputDecision") service.outputs.push_back(reference(*part, service.id));
    else if (part->local == "encapsulatedDecision") service.encapsulated.push_back(reference(*part, service.id));
    else if (part->local == "inputDecision") service.input_decisions.push_back(reference(*part, service.id));
    else if (part->local == "inputData") service.input_data.push_back(reference(*part, service.id));
  }
  model_.services.push_back(std::move(service));
}

void Reader::read_source(const Xml& element) {
  KnowledgeSource source;
  fill(source, element);
  std::vector<Reference> none;
  for (const Xml* part : element.elements())
    if (is_ours(*part)) read_requirement(*part, none, none, none, source.required);
  model_.sources.push_back(std::move(source));
}

void Reader::read_import(const Xml& element) {
  Import import;
  fill(import, element);
  import.ns = element.attribute_or("namespace", "");
  import.type = element.attribute_or("importType", "");
  if (import.ns.empty())
    fail(ErrorCode::invalid_dmn, element, "<import> has no namespace", "namespace=\"…\" of the imported model");
  model_.imports.push_back(std::move(import));
}

ItemDefinition Reader::item_definition(const Xml& element) {
  ItemDefinition out;
  fill(out, element);
  out.type = type_child(element);
  out.collection = element.attribute_or("isCollection", "false") == "true";
  if (const Xml* allowed = child(element, "allowedValues")) out.allowed = text_child(*allowed);
  if (const Xml* constraint = child(element, "typeConstraint")) out.constraint = text_child(*constraint);
  for (const Xml* component : element.children_named(ns_, "itemComponent")) out.components.push_back(item_definition(*component));
  if (const Xml* function = child(element, "functionItem")) {
    out.function.present = true;
    out.function.result = type_attribute(*function, "outputTypeRef");
    for (const Xml* parameter : function->children_named(ns_, "parameters")) out.function.parameters.push_back(variable(parameter));
  }
  return out;
}

void Reader::read_definitions_child(const Xml& element) {
  // Known and without meaning for execution.
  constexpr std::array<std::string_view, 9> kSilent = {
      "description", "extensionElements", "import", "elementCollection", "performanceIndicator", "organizationUnit",
      "textAnnotation", "association", "group"};
  if (!is_ours(element)) return;  // diagram interchange and vendors' own
  const std::string& local = element.local;
  if (local == "decision") read_decision(element);
  else if (local == "businessKnowledgeModel") read_knowledge(element);
  else if (local == "decisionService") read_service(element);
  else if (local == "knowledgeSource") read_source(element);
  else if (local == "itemDefinition") model_.types.push_back(item_definition(element));
  else if (local == "inputData") {
    InputData input;
    fill(input, element);
    input.variable = variable(child(element, "variable"));
    model_.inputs.push_back(std::move(input));
  } else if (std::find(kSilent.begin(), kSilent.end(), local) == kSilent.end()) {
    fail(ErrorCode::unsupported_element, element, "unknown element <" + local + "> in <definitions>",
         "an element of DMN 1.5 such as <decision>, <inputData> or <businessKnowledgeModel>");
  }
}

void Reader::read_model() {
  const std::string_view version = model_version(root_.ns);
  if (root_.local != "definitions" || version.empty()) {
    const std::string what = root_.local != "definitions" ? "the root element is <" + root_.local + ">"
                                                          : "unknown namespace \"" + root_.ns + "\"";
    return fail(ErrorCode::invalid_dmn, root_, what + ": not a DMN model that can be read",
                "<definitions> in one of " + std::string(supported_versions()));
  }
  fill(model_, root_);
  model_.version = version;
  model_.ns = root_.attribute_or("namespace", "");
  model_.expression_language = root_.attribute_or("expressionLanguage", "");
  model_.type_language = root_.attribute_or("typeLanguage", "");
  if (!is_feel(model_.expression_language))
    return fail(ErrorCode::unsupported_element, root_, "expressionLanguage \"" + model_.expression_language + "\" is not run",
                "FEEL, or no expressionLanguage");
  for (const Xml* import : root_.children_named(ns_, "import")) read_import(*import);  // first: they qualify type names
  for (const Xml* element : root_.elements()) {
    if (error_) return;
    read_definitions_child(*element);
  }
}

}  // namespace dmn
