#include "connectors/templates.h"

#include <algorithm>
#include <array>

#include "connectors/connector.h"

namespace connectors {
namespace {

using base::Json;

struct Name { std::string_view type, member, label, text; };
constexpr auto kNames = std::to_array<Name>({
#define MEMBER(type, member, label, text) {type, member, label, text},
#include "connectors/names.def"
#undef MEMBER
});

Name name_of(std::string_view type, std::string_view member) {
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.type == type && n.member == member; });
  return found != kNames.end() ? *found : Name{type, member, member, ""};
}

bool required(const Json& schema, const std::string& member) {
  const Json& list = schema["required"];
  return list.is_array() && std::any_of(list.as_array().begin(), list.as_array().end(), [&](const Json& one) { return one.string_or("") == member; });
}

const Json::Object& members(const Json& schema) {
  static const Json::Object kNone;
  return schema["properties"].is_object() ? schema["properties"].as_object() : kNone;
}

std::string id_of(std::string_view type) {
  std::string out = "dk.sagsgang.";
  for (const char c : type) out += c == ':' ? '-' : c;
  return out;
}

Json hidden(const char* property, std::string_view value) {
  return Json::Object{{"type", "Hidden"}, {"value", value}, {"binding", Json::Object{{"type", "zeebe:taskDefinition"}, {"property", property}}}};
}

Json input(const Connector& one, const std::string& member, bool must) {
  const Name name = name_of(one.type(), member);
  Json out = Json::Object{{"id", "ind_" + member}, {"label", name.label}, {"description", name.text}, {"type", "String"}, {"feel", "optional"}, {"group", "ind"},
                          {"binding", Json::Object{{"type", "zeebe:input"}, {"name", member}}}};
  must ? out.set("constraints", Json::Object{{"notEmpty", true}}) : out.set("optional", true);
  return out;
}

Json output(const Connector& one, const std::string& member) {
  const Name name = name_of(one.type(), member);
  return Json::Object{{"id", "ud_" + member}, {"label", "Gem " + std::string(name.label) + " som"}, {"description", name.text}, {"type", "String"}, {"value", member}, {"optional", true},
                      {"group", "ud"}, {"binding", Json::Object{{"type", "zeebe:output"}, {"source", "=" + member}}}};
}

Json template_of(const Connector& one) {
  const Json in = one.input_schema(), out = one.output_schema();
  Json properties = Json::array(), results = Json::array(), errors = Json::array(), groups = Json::array(), fits = Json::array();
  properties.push(hidden("type", one.type()));
  for (const auto& [member, schema] : members(in)) properties.push(input(one, member, required(in, member)));
  for (const auto& [member, schema] : members(out)) {
    const Name name = name_of(one.type(), member);
    properties.push(output(one, member));
    results.push(Json::Object{{"name", member}, {"label", name.label}, {"text", name.text}, {"type", schema["type"].string_or("")}});
  }
  std::string text = "Jobtype " + std::string(one.type()) + ".";
  for (const auto& [code, meaning] : one.errors()) {
    errors.push(Json::Object{{"code", code}, {"text", meaning}});
    text += " Fejlen " + code + ": " + meaning + ".";
  }
  groups.push(Json::Object{{"id", "ind"}, {"label", "Det, opgaven får"}});
  if (!members(out).empty()) groups.push(Json::Object{{"id", "ud"}, {"label", "Det, opgaven svarer"}});
  for (const char* kind : {"bpmn:Task", "bpmn:ServiceTask"}) fits.push(kind);
  return Json::Object{{"$schema", "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"},
                      {"name", one.title_da()}, {"id", id_of(one.type())}, {"version", 1}, {"description", std::move(text)},
                      {"category", Json::Object{{"id", "sagsgang"}, {"name", "Sagsgang"}}}, {"appliesTo", std::move(fits)},
                      {"elementType", Json::Object{{"value", "bpmn:ServiceTask"}}}, {"groups", std::move(groups)}, {"properties", std::move(properties)},
                      {"metadata", Json::Object{{"sagsgang", Json::Object{{"type", one.type()}, {"errors", std::move(errors)}, {"results", std::move(results)}}}}}};
}

}  // namespace

Json element_templates() {
  Json out = Json::array();
  for (const Connector* one : all()) out.push(template_of(*one));
  return out;
}

}  // namespace connectors
