// /api/bank/check, layout, notation, element-templates: what somebody who draws asks while drawing. Nothing is stored (docs/modeller.md).
#include <algorithm>

#include "api/call.h"
#include "bank/check_expressions.h"
#include "base/limits_modeller.h"
#include "bpmn/check.h"
#include "bpmn/layout/layout.h"
#include "bpmn/layout/places.h"
#include "bpmn/notation/notation.h"
#include "connectors/templates.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kDiagram = "diagram";  // the name of what is being drawn, in places

base::Status within_limit(std::string_view text) {
  if (text.size() <= base::limits::kModellerBytes) return {};
  return base::fail(ErrorCode::limit_exceeded, "the diagram has " + std::to_string(text.size()) + " bytes; kModellerBytes is " + std::to_string(base::limits::kModellerBytes), {}, "split the workflow");
}

base::Result<bpmn::ModelPtr> read_text(std::string_view text, bool outline) {
  TRY_VOID(within_limit(text));
  return outline ? bpmn::from_text(text, kDiagram) : bpmn::read(text, kDiagram);
}

bank::Finding told(const base::Error& error) {
  return {error.where.file, error.where.line, error.where.column, error.where.element, "SG-READ", error.message, std::string(base::title_da(error.code)), error.remedy, true};
}

// What cannot be read is a finding, too: somebody is in the middle of writing it.
void check(const CallPtr& call) {
  const bool outline = call->request.header("content-type").starts_with("text/plain"), strict = call->request.parameter("profile") != "lenient";
  std::vector<bank::Finding> findings;
  auto model = read_text(call->request.body, outline);
  if (!model && model.error().code == ErrorCode::limit_exceeded) return call->fail(model.error());
  if (!model) {
    findings.push_back(told(model.error()));
  } else {
    for (const auto& f : bpmn::check(**model, strict ? bpmn::Profile::deploy : bpmn::Profile::lenient))
      if (!outline || !f.code.starts_with("DI.")) findings.push_back({f.where.file, f.where.line, f.where.column, f.where.element, f.code, f.message, f.message_da, f.remedy, f.is_error});
    bank::check_expressions(**model, findings, true);
    if (!strict)
      for (auto& f : findings) f.is_error = false;
  }
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) { return a.is_error > b.is_error; });
  const auto errors = std::count_if(findings.begin(), findings.end(), [](const auto& f) { return f.is_error; });
  const std::int64_t total = static_cast<std::int64_t>(findings.size());
  if (findings.size() > base::limits::kModellerFindings) findings.resize(base::limits::kModellerFindings);
  call->json(Json::Object{{"findings", findings_json(findings)}, {"errors", static_cast<std::int64_t>(errors)}, {"total", total}});
}

void layout(const CallPtr& call) {
  auto model = read_text(call->request.body, false);
  if (!model) return call->fail(model.error());
  auto placed = bpmn::layout(**model, {.keep = call->request.parameter("keep") == "true"});
  if (!placed) return call->fail(placed.error());
  call->send({200, {{"Content-Type", "application/xml; charset=utf-8"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}}, bpmn::write(**placed)});
}

base::Result<Json> to_outline(const std::string& xml) {
  TRY(const auto model, read_text(xml, false));
  const bpmn::Outline outline = bpmn::to_text(*model);
  Json left_out = Json::array();
  for (const base::Error& one : outline.left_out)
    left_out.push(Json::Object{{"line", one.where.line}, {"column", one.where.column}, {"element", one.where.element}, {"message", one.message}});
  return Json::Object{{"text", outline.text}, {"leftOut", std::move(left_out)}};
}

// With a diagram beside the text: what is in both stays where it was drawn.
base::Result<Json> to_diagram(const std::string& text, const std::string& drawn) {
  TRY(auto model, read_text(text, true));
  bool keep = false;
  if (!drawn.empty()) {
    TRY(const auto before, read_text(drawn, false));
    keep = !before->diagrams.empty();
    if (keep) {
      TRY(model, bpmn::with_places_of(*model, *before));
    }
  }
  TRY(const auto placed, bpmn::layout(*model, {.keep = keep}));
  return Json::Object{{"bpmn", bpmn::write(*placed)}};
}

void notation(const CallPtr& call) {
  const std::string text = call->body["text"].string_or(""), bpmn = call->body["bpmn"].string_or("");
  if (call->body.has("text")) return answer(call, to_diagram(text, bpmn));
  if (call->body.has("bpmn")) return answer(call, to_outline(bpmn));
  call->fail({ErrorCode::invalid_argument, "neither a text nor a diagram is given", {}, R"({"bpmn": …} for its text, {"text": …} for its diagram)"});
}

}  // namespace

void add_modeller(Handlers& handlers) {
  handlers["checkDiagram"] = {check};
  handlers["layoutDiagram"] = {layout};
  handlers["diagramNotation"] = {notation};
  handlers["elementTemplates"] = {[](const CallPtr& call) {
    static const std::string kTemplates = connectors::element_templates().dump();
    call->send(Response::json(kTemplates));
  }};
}

}  // namespace api
