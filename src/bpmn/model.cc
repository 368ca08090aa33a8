// Names of kinds, lookups by id, and the small readers of XML Schema simple types that every file here uses.
#include "bpmn/model.h"

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace bpmn {
namespace {

struct ElementFact {
  std::string_view xml, section;
  bool executes;
};
constexpr bool yes = true, no = false;
constexpr ElementFact kElements[] = {
#define ELEMENT(name, xml, section, family, executes) {xml, section, executes},
#include "bpmn/elements.def"
#undef ELEMENT
};

constexpr std::string_view kEventNames[] = {"none",        "message",      "timer",   "error",    "escalation",
                                            "signal",      "conditional",  "compensation", "cancel", "link",
                                            "terminate",   "multiple",     "parallel multiple"};
static_assert(std::size(kEventNames) == static_cast<std::size_t>(EventKind::parallel_multiple) + 1);

int index_of(const std::unordered_map<std::string, int>& index, std::string_view id) {
  const auto found = index.find(std::string(id));
  return found == index.end() ? -1 : found->second;
}
template <class T>
const T* by_id(const std::vector<T>& all, const std::unordered_map<std::string, int>& index, std::string_view id) {
  const int at = index_of(index, id);
  return at < 0 ? nullptr : &all[static_cast<std::size_t>(at)];
}

template <class Number>
Number parsed(const base::xml::Element& element, std::string_view attribute, Number otherwise) {
  const std::string* text = element.attribute(attribute);
  if (!text) return otherwise;
  std::string_view digits = base::trim(*text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? value : otherwise;
}

}  // namespace

std::string_view xml_name(ElementType type) { return kElements[static_cast<std::size_t>(type)].xml; }
std::string_view section(ElementType type) { return kElements[static_cast<std::size_t>(type)].section; }
bool executes(ElementType type) { return kElements[static_cast<std::size_t>(type)].executes; }
std::string_view name(EventKind kind) { return kEventNames[static_cast<std::size_t>(kind)]; }

std::string_view local_part(std::string_view qname) {
  qname = base::trim(qname);
  const auto colon = qname.rfind(':');
  return colon == std::string_view::npos ? qname : qname.substr(colon + 1);
}

bool xsd_boolean(std::string_view text, bool otherwise) {
  text = base::trim(text);
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return otherwise;
}

bool flag(const base::xml::Element& element, std::string_view attribute, bool otherwise) {
  const std::string* text = element.attribute(attribute);
  return text ? xsd_boolean(*text, otherwise) : otherwise;
}
double number(const base::xml::Element& element, std::string_view attribute, double otherwise) {
  const double value = parsed<double>(element, attribute, otherwise);
  return std::isfinite(value) ? value : otherwise;  // from_chars reads "inf" and "nan"
}
int integer(const base::xml::Element& element, std::string_view attribute, int otherwise) {
  return parsed<int>(element, attribute, otherwise);
}

int Model::node(std::string_view wanted) const { return index_of(node_index, wanted); }
const Message* Model::message(std::string_view wanted) const { return by_id(messages, message_index, wanted); }
const ErrorDef* Model::error(std::string_view wanted) const { return by_id(errors, error_index, wanted); }
const Signal* Model::signal(std::string_view wanted) const { return by_id(signals, signal_index, wanted); }
const Escalation* Model::escalation(std::string_view wanted) const { return by_id(escalations, escalation_index, wanted); }

base::Where Model::where(const Node& node) const { return {file, node.line, node.column, node.id, {}}; }
base::Where Model::where(const Flow& flow) const { return {file, flow.line, flow.column, flow.id, {}}; }
base::Where Model::where(const base::xml::Element& element) const {
  return {file, element.line, element.column, element.attribute_or("id", ""), {}};
}

}  // namespace bpmn
