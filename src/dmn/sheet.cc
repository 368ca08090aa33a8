// A decision table of a file as a sheet.
#include "dmn/sheet.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "dmn/sheet_source.h"

namespace dmn {

using base::ErrorCode;
using Xml = base::xml::Element;

namespace {

const Xml* table_below(const std::string& ns, const Xml& owner) {
  const Xml* holder = &owner;
  if (owner.local == "businessKnowledgeModel") {
    const Xml* logic = owner.child(ns, "encapsulatedLogic");
    if (logic == nullptr) return nullptr;
    const Xml* inner = logic->child(ns, "functionDefinition");
    holder = inner != nullptr ? inner : logic;
  }
  return holder->child(ns, "decisionTable");
}

std::vector<const Xml*> tables_in(const std::string& ns, const Xml& root) {
  std::vector<const Xml*> out, open{&root};
  while (!open.empty()) {
    const Xml* top = open.back();
    open.pop_back();
    if (top->is(ns, "decisionTable")) out.push_back(top);
    const auto children = top->elements();
    open.insert(open.end(), children.rbegin(), children.rend());
  }
  return out;
}

// One character a byte, as in US-ASCII and the ISO-8859 family: what is written must be ASCII.
bool has_other_encoding(std::string_view xml) {
  const std::string_view head = xml.substr(0, std::min<std::size_t>(xml.find("?>"), 200));
  const auto at = head.find("encoding");
  if (!base::trim(head).starts_with("<?xml") || at == std::string_view::npos) return false;
  const auto quote = head.find_first_of("\"'", at);
  if (quote == std::string_view::npos) return false;
  const std::string name = base::lower(head.substr(quote + 1, head.find(head[quote], quote + 1) - quote - 1));
  return name != "utf-8" && name != "utf8";
}

base::Error no_table(const TableSource& source, const Xml& owner, std::string_view file) {
  std::string ids;
  for (const Xml* table : tables_in(source.ns, owner))
    if (const auto* id = table->attribute("id")) ids += (ids.empty() ? "" : ", ") + *id;
  return {ErrorCode::invalid_argument, "'" + owner.attribute_or("name", "") + "' is no decision table", {std::string(file), owner.line, owner.column, owner.attribute_or("id", ""), {}},
          ids.empty() ? "a decision whose logic is a table" : "the id of a table inside it: " + ids};
}

// Both walks meet the elements in the order of their start tags.
base::Status find_places(TableSource& out, std::string_view xml) {
  TRY(const auto bytes, base::xml::element_bytes(xml));
  std::vector<const Xml*> open{out.document.root.get()};
  std::size_t n = 0;
  for (; !open.empty() && n < bytes.size(); ++n) {
    const Xml* top = open.back();
    open.pop_back();
    out.places.emplace(top, bytes[n]);
    const auto children = top->elements();
    open.insert(open.end(), children.rbegin(), children.rend());
  }
  if (!open.empty() || n != bytes.size()) return base::fail(ErrorCode::internal, "two walks over the same XML met different elements");
  return {};
}

base::Status choose(TableSource& out, std::string_view decision, std::string_view file) {
  const auto take = [&](const Xml& owner, const Xml& table) {
    out.table = &table;
    out.id = owner.attribute_or("id", owner.attribute_or("name", ""));
    out.name = owner.attribute_or("name", owner.attribute_or("label", ""));
  };
  const Xml& root = *out.document.root;
  const Xml* owner = nullptr;
  std::vector<const Xml*> owners;
  for (const Xml* child : root.elements())
    if (child->ns == out.ns && (child->local == "decision" || child->local == "businessKnowledgeModel")) owners.push_back(child);
  if (decision.empty()) {
    std::erase_if(owners, [&](const Xml* o) { return table_below(out.ns, *o) == nullptr; });
    if (owners.size() != 1)
      return base::fail(ErrorCode::invalid_argument, "the file has " + std::to_string(owners.size()) + " decision tables", {.file = std::string(file)}, "say which one by the decision's id or name");
    owner = owners[0];
  }
  for (const char* by : {"id", "name"})
    for (const Xml* one : owners)
      if (owner == nullptr && one->attribute_or(by, "") == decision) owner = one;
  if (owner != nullptr) {
    const Xml* table = table_below(out.ns, *owner);
    if (table == nullptr) return std::unexpected(no_table(out, *owner, file));
    take(*owner, *table);
    return {};
  }
  for (const Xml* table : tables_in(out.ns, root))
    if (table->attribute_or("id", "") == decision) {
      take(*table, *table);
      return {};
    }
  return base::fail(ErrorCode::not_found, "no decision '" + std::string(decision.substr(0, 200)) + "' in the file", {.file = std::string(file)}, "id or name of a decision");
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  text = base::trim(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') out += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n') out += '\n';
  }
  return out;
}

std::string TableSource::text(const Xml* element) const {
  const Xml* found = element == nullptr ? nullptr : element->child(ns, "text");
  return found == nullptr ? std::string() : clean(found->text());
}

base::Result<TableSource> find_table(std::string_view xml, std::string_view decision, std::string_view file) {
  TableSource out;
  if (xml.starts_with("\xff\xfe") || xml.starts_with("\xfe\xff") || (xml.size() > 1 && (xml[0] == 0 || xml[1] == 0)))
    return base::fail(ErrorCode::invalid_argument, "tables of UTF-16 files are not changed", {.file = std::string(file)}, "save the file as UTF-8");
  TRY(out.document, base::xml::parse(xml, file));
  out.ns = out.document.root->ns;
  out.ascii = has_other_encoding(xml);
  if (out.document.root->local != "definitions")
    return base::fail(ErrorCode::invalid_dmn, "the root is <" + out.document.root->local + ">", {.file = std::string(file), .line = out.document.root->line}, "<definitions> of DMN 1.1 to 1.5");
  TRY_VOID(choose(out, decision, file));
  TRY_VOID(find_places(out, xml));
  for (const Xml* part : out.table->elements()) {
    if (part->ns != out.ns) continue;
    if (part->local == "input") out.inputs.push_back(part);
    if (part->local == "output") out.outputs.push_back(part);
    if (part->local == "annotation") out.annotations.push_back(part);
    if (part->local == "rule") out.rules.push_back(part);
    if (out.rules.size() > base::limits::kTableRules) return base::fail(ErrorCode::limit_exceeded, "more rules than the limit kTableRules");
  }
  return out;
}

Sheet sheet_of(const TableSource& source) {
  Sheet out;
  out.decision_id = source.id;
  out.decision_name = source.name;
  out.hit_policy = source.table->attribute_or("hitPolicy", "UNIQUE");
  out.aggregation = source.table->attribute_or("aggregation", "");
  for (const Xml* in : source.inputs) {
    const Xml* expression = in->child(source.ns, "inputExpression");
    out.inputs.push_back({in->attribute_or("id", ""), clean(in->attribute_or("label", "")), source.text(expression),
                          expression ? clean(expression->attribute_or("typeRef", "")) : std::string(), source.text(*in, "inputValues")});
  }
  for (const Xml* o : source.outputs)
    out.outputs.push_back({o->attribute_or("id", ""), clean(o->attribute_or("name", "")), clean(o->attribute_or("label", "")), clean(o->attribute_or("typeRef", "")),
                           source.text(*o, "outputValues"), source.text(*o, "defaultOutputEntry")});
  for (const Xml* a : source.annotations) out.annotations.push_back(clean(a->attribute_or("name", "")));
  std::size_t notes = out.annotations.size();
  for (const Xml* rule : source.rules) notes = std::max(notes, source.entries(*rule, "annotationEntry").size());
  out.annotations.resize(notes);
  out.annotations.emplace_back(kDescriptionColumn);
  std::set<std::string> seen;
  for (const Xml* rule : source.rules) {
    SheetRule row;
    row.id = rule->attribute_or("id", "");
    if (row.id.empty() || !seen.insert(row.id).second) row.id = "#" + std::to_string(out.rules.size() + 1);
    for (const Xml* cell : source.entries(*rule, "inputEntry")) row.inputs.push_back(source.text(cell));
    for (const Xml* cell : source.entries(*rule, "outputEntry")) row.outputs.push_back(source.text(cell));
    for (const Xml* cell : source.entries(*rule, "annotationEntry")) row.annotations.push_back(source.text(cell));
    row.inputs.resize(out.inputs.size());
    row.outputs.resize(out.outputs.size());
    row.annotations.resize(notes);
    const Xml* description = rule->child(source.ns, "description");
    row.annotations.push_back(description == nullptr ? std::string() : clean(description->text()));
    out.rules.push_back(std::move(row));
  }
  return out;
}

base::Result<Sheet> sheet_of(std::string_view xml, std::string_view decision, std::string_view file) {
  TRY(const TableSource source, find_table(xml, decision, file));
  return sheet_of(source);
}

}  // namespace dmn
