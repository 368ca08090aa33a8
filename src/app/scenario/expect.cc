#include <algorithm>

#include "app/scenario/compare.h"
#include "app/scenario/run.h"
#include "base/decimal.h"
#include "base/text.h"

namespace app::scenario {
namespace {

using base::ErrorCode;
using base::Json;
using base::Status;

// One expectation block: where it stands and which instance it is about.
struct Context {
  World& world;
  const base::YamlDocument& doc;
  std::string pointer;
  engine::Key instance = 0;

  const Json& expected(std::string_view key) const { return doc.value.at_pointer(pointer)[key]; }
  std::unexpected<base::Error> differs(const std::string& key, const std::string& what, const std::string& wanted, const std::string& found) const {
    return base::fail(ErrorCode::conflict, what + ": expected " + wanted + ", found " + found, doc.where(pointer + "/" + key));
  }
  Json by_instance() const {
    Json filter = Json::object();
    filter.set("processInstanceKey", std::to_string(instance));
    return filter;
  }
};

Status count(const Context& c, const std::string& key, std::size_t found) {
  const Json& wanted = c.expected(key);
  if (wanted.is_null() || wanted.int_or(-1) == static_cast<std::int64_t>(found)) return {};
  return c.differs(key, key, wanted.dump(), std::to_string(found));
}

Status state(const Context& c) {
  const Json& wanted = c.expected("tilstand");
  if (wanted.is_null()) return {};
  TRY(const Json row, c.world.engine().read().get("process-instances", c.instance, kAuthority, c.world.engine().read().acknowledged()));
  const std::string found = row["state"].string_or("");
  static constexpr std::pair<const char*, const char*> kNames[] = {{"aktiv", "ACTIVE"}, {"afsluttet", "COMPLETED"}, {"annulleret", "TERMINATED"}, {"annulleret", "CANCELED"}};
  for (const auto& [danish, name] : kNames)
    if (wanted.string_or("") == danish && found == name) return {};
  return c.differs("tilstand", "state", wanted.string_or(""), found);
}

base::Result<std::vector<std::string>> entered(const Context& c) {
  TRY(Json rows, c.world.rows("element-instances", c.by_instance()));
  const auto key = [](const Json& row) {
    const Json& one = row["elementInstanceKey"];
    return std::stoll(one.is_string() ? one.as_string() : one.number_text());
  };
  std::sort(rows.as_array().begin(), rows.as_array().end(), [&](const Json& a, const Json& b) { return key(a) < key(b); });
  std::vector<std::string> out;
  for (const Json& row : rows.as_array())
    if (row["type"].string_or("") != "PROCESS") out.push_back(row["elementId"].string_or(""));
  return out;
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> out;
  if (list.is_array())
    for (const Json& t : list.as_array()) out.push_back(t.string_or(""));
  return out;
}

Status trace(const Context& c) {
  if (c.expected("spor").is_null() && c.expected("spor_helt").is_null() && c.expected("ikke").is_null()) return {};
  TRY(const std::vector<std::string> found, entered(c));
  const auto wanted = texts(c.expected("spor"));
  std::size_t next = 0;
  for (const std::string& element : found)
    if (next < wanted.size() && wanted[next] == element) ++next;
  if (next < wanted.size()) return c.differs("spor", "trace", "'" + wanted[next] + "' after " + std::to_string(next) + " others in this order", base::join(found, ", "));
  if (!c.expected("spor_helt").is_null() && texts(c.expected("spor_helt")) != found)
    return c.differs("spor_helt", "whole trace", base::join(texts(c.expected("spor_helt")), ", "), base::join(found, ", "));
  for (const std::string& element : texts(c.expected("ikke")))
    if (std::find(found.begin(), found.end(), element) != found.end()) return c.differs("ikke", "trace", "no '" + element + "'", base::join(found, ", "));
  return {};
}

Status variables(const Context& c) {
  const Json& wanted = c.expected("variabler");
  if (wanted.is_null()) return {};
  TRY(const Json rows, c.world.rows("variables", c.by_instance()));
  for (const auto& [name, value] : wanted.as_object()) {
    const Json* row = nullptr;
    for (const Json& r : rows.as_array())
      if (r["name"].string_or("") == name && (row == nullptr || r["scopeKey"].string_or("") == std::to_string(c.instance))) row = &r;
    const Json found = row == nullptr ? Json() : variable_value(*row);
    if (!matches(value, found)) return c.differs("variabler/" + name, "variable '" + name + "'", value.dump(), row == nullptr ? "no such variable" : found.dump());
  }
  return {};
}

Status incidents(const Context& c) {
  const Json& wanted = c.expected("incidenter");
  if (wanted.is_null()) return {};
  Json filter = c.by_instance();
  filter.set("state", "ACTIVE");
  TRY(const Json rows, c.world.rows("incidents", std::move(filter)));
  std::string found;
  std::vector<std::string> elements;
  for (const Json& row : rows.as_array()) {
    elements.push_back(row["elementId"].string_or(""));
    found += row["elementId"].string_or("") + " (" + row["errorMessage"].string_or("") + ") ";
  }
  const bool good = wanted.is_array() ? texts(wanted) == elements : wanted.int_or(-1) == static_cast<std::int64_t>(elements.size());
  return good ? Status{} : c.differs("incidenter", "incidents", wanted.dump(), found.empty() ? "none" : found);
}

Status one_task(const Context& c, const std::string& key, const Json& wanted, const Json& task) {
  const std::string element = task["elementId"].string_or("");
  if (!wanted["element"].is_null() && wanted["element"].string_or("") != element) return c.differs(key + "/element", "task", wanted["element"].dump(), element);
  if (!wanted["begrundelse"].is_null()) {
    TRY(const Json reason, task_variable(c.world, task, "begrundelse"));
    const std::string text = reason.string_or("");
    // The first line is the sentence a person reads first; a scenario may also give the whole text.
    if (wanted["begrundelse"].string_or("") != text && wanted["begrundelse"].string_or("") != text.substr(0, text.find('\n')))
      return c.differs(key + "/begrundelse", "reason", wanted["begrundelse"].dump(), reason.dump());
  }
  static constexpr std::tuple<const char*, const char*> kLists[] = {{"fund", "kode"}, {"handlinger", "value"}};
  for (const auto& [name, field] : kLists) {
    if (wanted[name].is_null()) continue;
    TRY(const Json list, task_variable(c.world, task, name));
    std::vector<std::string> found;
    if (list.is_array())
      for (const Json& f : list.as_array()) found.push_back(f[field].string_or(""));
    if (found != texts(wanted[name])) return c.differs(key + "/" + name, name, wanted[name].dump(), base::join(found, ", "));
  }
  return {};
}

Status tasks(const Context& c) {
  const Json& wanted = c.expected("opgaver");
  if (wanted.is_null()) return {};
  TRY(const Json rows, waiting_tasks(c.world, c.instance));
  if (rows.size() != wanted.size()) {
    std::string found = std::to_string(rows.size());
    for (const Json& row : rows.as_array()) {
      TRY(const Json reason, task_variable(c.world, row, "begrundelse"));
      found += " [" + row["elementId"].string_or("") + ": " + reason.dump() + "]";
    }
    return c.differs("opgaver", "waiting tasks", std::to_string(wanted.size()), found);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) TRY_VOID(one_task(c, "opgaver/" + std::to_string(i), wanted.as_array()[i], rows.as_array()[i]));
  return {};
}

Status lines(const Context& c, const Json& wanted, const Json& entry) {
  Json found = Json::array();
  for (const Json& line : entry["lines"].as_array()) {
    Json l = Json::object();
    l.set("konto", line["account"]);
    if (!same_number(line["debit"], Json(0))) l.set("debet", line["debit"]);
    if (!same_number(line["credit"], Json(0))) l.set("kredit", line["credit"]);
    found.push(std::move(l));
  }
  return matches(wanted, found) ? Status{} : c.differs("bogfoering/linjer", "lines of the last posting", wanted.dump(), found.dump());
}

Status ledger(const Context& c) {
  const Json& wanted = c.expected("bogfoering");
  if (wanted.is_null()) return {};
  TRY(const Json list, c.world.ledger().list(kAuthority, 0, static_cast<int>(base::limits::kPageItems), 0));
  const Json::Array& entries = list["entries"].as_array();  // newest first; those of `givet` are the oldest
  const std::size_t made = entries.size() - std::min(entries.size(), c.world.posted_before);
  base::Decimal sum;
  for (std::size_t i = 0; i < made; ++i) {
    const Json& amount = entries[i]["amount"];
    sum = base::Decimal::add(sum, base::Decimal::parse(amount.is_string() ? amount.as_string() : amount.number_text()).value_or(base::Decimal())).value_or(sum);
  }
  if (!wanted["antal"].is_null() && wanted["antal"].int_or(-1) != static_cast<std::int64_t>(made))
    return c.differs("bogfoering/antal", "postings", wanted["antal"].dump(), std::to_string(made));
  if (!wanted["sum"].is_null() && !same_number(wanted["sum"], Json(Json::Number{sum.text()})))
    return c.differs("bogfoering/sum", "sum of the postings", wanted["sum"].dump(), sum.text());
  if (wanted["linjer"].is_null()) return {};
  if (made == 0) return c.differs("bogfoering/linjer", "postings", "at least one", "none");
  return lines(c, wanted["linjer"], entries.front());
}

Status notes(const Context& c) {
  if (c.expected("notater").is_null() && c.expected("antal_notater").is_null()) return {};
  TRY(const Json found, c.world.cases().notes(kAuthority, c.instance));
  TRY_VOID(count(c, "antal_notater", found.size()));
  const auto wanted = texts(c.expected("notater"));
  if (!c.expected("notater").is_null() && wanted.empty() && found.size() > 0) return c.differs("notater", "journal notes", "none", found.dump());
  for (const std::string& part : wanted)
    if (std::none_of(found.as_array().begin(), found.as_array().end(), [&](const Json& n) { return n["text"].string_or("").find(part) != std::string::npos; }))
      return c.differs("notater", "journal notes", "one with '" + part + "'", found.dump());
  return {};
}

Status documents(const Context& c) {
  if (c.expected("dokumenter").is_null()) return {};
  TRY(const Json found, c.world.cases().documents(kAuthority, c.instance));
  std::vector<std::string> names;
  for (const Json& d : found.as_array()) names.push_back(d["name"].string_or(""));
  return names == texts(c.expected("dokumenter")) ? Status{} : c.differs("dokumenter", "documents", c.expected("dokumenter").dump(), base::join(names, ", "));
}

Status outside(const Context& c) {
  TRY_VOID(count(c, "antal_instanser", c.world.instances.size()));
  TRY_VOID(count(c, "afviste", c.world.rejected));
  const std::string part = c.expected("rapport").string_or("");
  if (c.world.last_report.find(part) == std::string::npos) return c.differs("rapport", "report", "'" + part + "'", c.world.last_report);
  if (c.expected("kald").is_object())
    for (const auto& [kind, calls] : c.expected("kald").as_object())
      if (calls.int_or(-1) != static_cast<std::int64_t>(c.world.stand_ins().calls(kind)))
        return c.differs("kald/" + kind, "calls of " + kind, calls.dump(), std::to_string(c.world.stand_ins().calls(kind)));
  return ledger(c);
}

Status one(World& w, const base::YamlDocument& doc, const std::string& pointer) {
  Context c{w, doc, pointer, 0};
  TRY_VOID(outside(c));
  static constexpr const char* kOfInstance[] = {"instans", "tilstand", "spor", "spor_helt", "ikke", "variabler", "incidenter", "opgaver",
      "notater", "antal_notater", "dokumenter"};
  if (std::none_of(std::begin(kOfInstance), std::end(kOfInstance), [&](const char* k) { return !c.expected(k).is_null(); })) return {};
  const std::size_t number = c.expected("instans").is_null() ? w.instances.size() : static_cast<std::size_t>(c.expected("instans").int_or(0));
  if (number == 0 || number > w.instances.size())
    return c.differs("instans", "instances", "at least " + std::to_string(std::max<std::size_t>(number, 1)), std::to_string(w.instances.size()));
  c.instance = w.instances[number - 1];
  TRY_VOID(tasks(c));
  TRY_VOID(incidents(c));
  TRY_VOID(state(c));
  TRY_VOID(trace(c));
  TRY_VOID(variables(c));
  TRY_VOID(notes(c));
  return documents(c);
}

}  // namespace

Status check_expectations(World& w, const base::YamlDocument& doc, const std::string& pointer) {
  const Json& block = doc.value.at_pointer(pointer);
  if (!block.is_array()) return one(w, doc, pointer);
  for (std::size_t i = 0; i < block.size(); ++i) TRY_VOID(one(w, doc, pointer + "/" + std::to_string(i)));
  return {};
}

}  // namespace app::scenario
