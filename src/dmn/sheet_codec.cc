// A sheet as JSON, and the choice between the codecs.
#include "base/limits.h"
#include "dmn/sheet_grid.h"

namespace dmn {

using base::ErrorCode;
using base::Json;

namespace {

Json texts(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const auto& t : list) out.push(t);
  return out;
}

// Reads with the place of the first fault kept: the callers stay plain.
struct Taker {
  std::string wrong;
  std::string text(const Json& object, const char* name, const std::string& at) {
    const Json& v = object[name];
    if (v.is_string()) return v.as_string();
    if (!v.is_null() && wrong.empty()) wrong = at + "/" + name;
    return {};
  }
  std::vector<std::string> texts(const Json& v, const std::string& at) {
    std::vector<std::string> out;
    if (v.is_null()) return out;
    if (!v.is_array()) {
      if (wrong.empty()) wrong = at;
      return out;
    }
    for (const Json& one : v.as_array()) {
      if (!one.is_string() && wrong.empty()) wrong = at + "/" + std::to_string(out.size());
      out.push_back(one.string_or(""));
    }
    return out;
  }
  const Json::Array& list(const Json& v, const std::string& at) {
    static const Json::Array kNone;
    if (v.is_array()) return v.as_array();
    if (!v.is_null() && wrong.empty()) wrong = at;
    return kNone;
  }
};

}  // namespace

Json to_json(const Sheet& sheet) {
  Json inputs = Json::array(), outputs = Json::array(), rules = Json::array();
  for (const auto& c : sheet.inputs) inputs.push(Json::Object{{"id", c.id}, {"label", c.label}, {"expression", c.expression}, {"type", c.type}, {"allowed", c.allowed}});
  for (const auto& c : sheet.outputs)
    outputs.push(Json::Object{{"id", c.id}, {"name", c.name}, {"label", c.label}, {"type", c.type}, {"allowed", c.allowed}, {"default", c.default_entry}});
  for (const auto& r : sheet.rules) rules.push(Json::Object{{"id", r.id}, {"inputs", texts(r.inputs)}, {"outputs", texts(r.outputs)}, {"annotations", texts(r.annotations)}});
  return Json::Object{{"decisionId", sheet.decision_id}, {"decisionName", sheet.decision_name}, {"hitPolicy", sheet.hit_policy}, {"aggregation", sheet.aggregation},
                      {"inputs", std::move(inputs)}, {"outputs", std::move(outputs)}, {"annotations", texts(sheet.annotations)}, {"rules", std::move(rules)}};
}

base::Result<Sheet> sheet_from_json(const Json& json) {
  Taker take;
  Sheet out;
  out.decision_id = take.text(json, "decisionId", "");
  out.decision_name = take.text(json, "decisionName", "");
  out.hit_policy = take.text(json, "hitPolicy", "");
  out.aggregation = take.text(json, "aggregation", "");
  if (out.hit_policy.empty()) out.hit_policy = "UNIQUE";
  for (const Json& c : take.list(json["inputs"], "/inputs")) {
    const std::string at = "/inputs/" + std::to_string(out.inputs.size());
    out.inputs.push_back({take.text(c, "id", at), take.text(c, "label", at), take.text(c, "expression", at), take.text(c, "type", at), take.text(c, "allowed", at)});
  }
  for (const Json& c : take.list(json["outputs"], "/outputs")) {
    const std::string at = "/outputs/" + std::to_string(out.outputs.size());
    out.outputs.push_back({take.text(c, "id", at), take.text(c, "name", at), take.text(c, "label", at), take.text(c, "type", at), take.text(c, "allowed", at), take.text(c, "default", at)});
  }
  out.annotations = take.texts(json["annotations"], "/annotations");
  for (const Json& r : take.list(json["rules"], "/rules")) {
    const std::string at = "/rules/" + std::to_string(out.rules.size());
    out.rules.push_back({take.text(r, "id", at), take.texts(r["inputs"], at + "/inputs"), take.texts(r["outputs"], at + "/outputs"), take.texts(r["annotations"], at + "/annotations")});
  }
  if (!json.is_object()) take.wrong = "/";
  if (!take.wrong.empty()) return base::fail(ErrorCode::invalid_argument, "the sheet has something else than a text or list at " + take.wrong, {.pointer = take.wrong});
  return out;
}

base::Result<std::string> encode(const Sheet& sheet, SheetFormat format) {
  if (format == SheetFormat::json) return to_json(sheet).dump_pretty() + "\n";
  if (format == SheetFormat::csv) return csv_of(grid_of(sheet));
  return xlsx_of(sheet);
}

base::Result<Sheet> decode(std::string_view bytes, SheetFormat format) {
  if (format == SheetFormat::json) {
    TRY(const Json json, base::parse_json(bytes));
    return sheet_from_json(json);
  }
  Grid grid;
  if (format == SheetFormat::csv) {
    TRY(grid, read_csv(bytes));
  } else {
    TRY(grid, read_xlsx(bytes));
  }
  return sheet_of(grid, cell_name);
}

}  // namespace dmn
