#include "engine/projector/fields.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/packed.h"
#include "base/text.h"
#include "base/time.h"

namespace engine {
namespace {

using base::Json;
using enum FieldType;

constexpr const char* kDefinition = " LEFT JOIN definitions d ON d.key = t.definition";

std::vector<Kind> make_kinds() {
  static const std::string instances = std::string("instances t") + kDefinition, jobs = std::string("jobs t") + kDefinition,
                           incidents = std::string("incidents t") + kDefinition, tasks = std::string("user_tasks t") + kDefinition,
                           subscriptions = std::string("subscriptions t") + kDefinition;
  return {
      {"process-definitions", "definitions t", "t.kind = 'process' AND t.deleted IS NULL", "processDefinitionKey",
       {{"processDefinitionKey", "t.key", key}, {"processDefinitionId", "t.id", text}, {"name", "t.name", text}, {"version", "t.version", integer},
        {"versionTag", "t.version_tag", text}, {"resourceName", "t.resource_name", text}, {"deploymentTime", "t.created", time},
        {"tenantId", "t.authority", text},
        {"isLatestVersion", "(t.version = (SELECT max(l.version) FROM definitions l WHERE l.authority = t.authority AND l.kind = t.kind AND l.id = t.id AND l.deleted IS NULL))", flag}}},
      {"process-instances", instances.c_str(), "", "processInstanceKey",
       {{"processInstanceKey", "t.key", key}, {"processDefinitionId", "d.id", text}, {"processDefinitionName", "d.name", text},
        {"processDefinitionVersion", "d.version", integer}, {"processDefinitionVersionTag", "d.version_tag", text},
        {"processDefinitionKey", "t.definition", key}, {"parentProcessInstanceKey", "t.parent", key},
        {"parentElementInstanceKey", "t.parent_element", key}, {"rootProcessInstanceKey", "t.root", key}, {"businessId", "t.business_key", text},
        {"startDate", "t.started", time}, {"endDate", "t.ended", time}, {"state", "t.state", text}, {"hasIncident", "(t.incidents > 0)", flag},
        {"incidents", "t.incidents", integer}, {"userTasks", "t.user_tasks", integer}, {"startedBy", "t.actor", text}, {"tenantId", "t.authority", text}}},
      {"jobs", jobs.c_str(), "", "jobKey",
       {{"jobKey", "t.key", key}, {"type", "t.type", text}, {"state", "t.state", text}, {"retries", "t.retries", integer}, {"worker", "t.worker", text},
        {"deadline", "t.deadline", time}, {"creationTime", "t.created", time}, {"errorCode", "t.error_code", text}, {"errorMessage", "job", sealed},
        {"hasFailedWithRetriesLeft", "(t.state = 'FAILED' AND t.retries > 0)", flag}, {"processDefinitionId", "d.id", text},
        {"processDefinitionKey", "t.definition", key}, {"processInstanceKey", "t.instance", key}, {"elementId", "t.element_id", text},
        {"elementInstanceKey", "t.element_instance", key}, {"priority", "t.priority", integer},
        {"kind", "(CASE t.listener WHEN '' THEN 'BPMN_ELEMENT' WHEN 'start' THEN 'EXECUTION_LISTENER' WHEN 'end' THEN 'EXECUTION_LISTENER' ELSE 'TASK_LISTENER' END)", text},
        {"listenerEventType", "(CASE t.listener WHEN '' THEN 'UNSPECIFIED' ELSE upper(t.listener) END)", text}, {"tenantId", "t.authority", text}}},
      {"incidents", incidents.c_str(), "", "incidentKey",
       {{"incidentKey", "t.key", key}, {"errorType", "t.kind", text}, {"errorMessage", "incident", sealed}, {"state", "t.state", text},
        {"creationTime", "t.created", time}, {"endTime", "t.ended", time}, {"processDefinitionId", "d.id", text}, {"processDefinitionName", "d.name", text}, {"processDefinitionKey", "t.definition", key},
        {"processInstanceKey", "t.instance", key}, {"elementId", "t.element_id", text}, {"elementName", "t.element_name", text}, {"elementInstanceKey", "t.element_instance", key},
        {"jobKey", "t.job", key}, {"tenantId", "t.authority", text}}},
      {"user-tasks", tasks.c_str(), "", "userTaskKey",
       {{"userTaskKey", "t.key", key}, {"name", "t.name", text}, {"state", "t.state", text}, {"assignee", "t.assignee", text}, {"elementId", "t.element_id", text},
        {"elementInstanceKey", "t.element_instance", key}, {"candidateGroups", "t.candidate_groups", json}, {"candidateUsers", "t.candidate_users", json},
        {"creationDate", "t.created", time}, {"completionDate", "t.ended", time}, {"dueDate", "t.due_date", date}, {"followUpDate", "t.follow_up_date", date},
        {"priority", "t.priority", integer}, {"formKey", "t.form_key", text}, {"formId", "t.form_id", text}, {"action", "t.action", text},
        {"completedBy", "t.completed_by", text}, {"processDefinitionId", "d.id", text}, {"processName", "d.name", text},
        {"processDefinitionVersion", "d.version", integer}, {"processDefinitionKey", "t.definition", key}, {"processInstanceKey", "t.instance", key},
        {"localVariables", "task", sealed}, {"tenantId", "t.authority", text}}},
      {"forms", "definitions t", "t.kind = 'form' AND t.deleted IS NULL", "formKey",
       {{"formKey", "t.key", key}, {"formId", "t.id", text}, {"version", "t.version", integer}, {"resourceName", "t.resource_name", text}, {"tenantId", "t.authority", text}}},
      {"retention", "retention t", "", "retentionKey",
       {{"retentionKey", "t.key", key}, {"processDefinitionId", "t.process_id", text}, {"period", "t.period", text}, {"setBy", "t.set_by", text}, {"setAt", "t.set_at", time},
        {"tenantId", "t.authority", text}}},
      {"decision-definitions", "definitions t", "t.kind = 'decision' AND t.deleted IS NULL", "decisionDefinitionKey",
       {{"decisionDefinitionKey", "t.key", key}, {"decisionDefinitionId", "t.id", text}, {"name", "t.name", text}, {"version", "t.version", integer},
        {"decisionRequirementsId", "t.drg_id", text}, {"decisionRequirementsName", "t.drg_name", text}, {"decisionRequirementsKey", "t.resource", key},
        {"resourceName", "t.resource_name", text}, {"tenantId", "t.authority", text},
        {"isLatestVersion", "(t.version = (SELECT max(l.version) FROM definitions l WHERE l.authority = t.authority AND l.kind = t.kind AND l.id = t.id AND l.deleted IS NULL))", flag}}},
      {"decision-instances", "decision_instances t LEFT JOIN definitions d ON d.key = t.definition LEFT JOIN definitions p ON p.key = t.process", "",
       "decisionEvaluationKey",
       {{"decisionEvaluationKey", "t.key", key}, {"decisionEvaluationInstanceKey", "t.key", key}, {"state", "t.state", text}, {"evaluationDate", "t.at", time},
        {"decisionDefinitionId", "t.decision", text}, {"decisionDefinitionName", "coalesce(d.name, '')", text}, {"decisionDefinitionVersion", "t.version", integer},
        {"decisionDefinitionKey", "t.definition", key}, {"processInstanceKey", "t.instance", key}, {"processDefinitionKey", "t.process", key},
        {"processDefinitionId", "coalesce(p.id, '')", text}, {"elementId", "t.element_id", text}, {"elementInstanceKey", "t.element_instance", key},
        {"trace", "decision", sealed}, {"tenantId", "t.authority", text}}},
      {"process-instance-changes", "changes t", "", "changeKey",
       {{"changeKey", "t.key", key}, {"processInstanceKey", "t.instance", key}, {"kind", "t.kind", text}, {"changedBy", "t.actor", text},
        {"changeDate", "t.at", time}, {"detail", "t.detail", json}, {"tenantId", "t.authority", text}}},
      {"message-subscriptions", subscriptions.c_str(), "", "messageSubscriptionKey",
       {{"messageSubscriptionKey", "t.key", key}, {"messageSubscriptionState", "'CREATED'", text}, {"messageName", "t.name", text},
        {"correlationKey", "t.correlation_key", text}, {"lastUpdatedDate", "t.created", time}, {"processDefinitionId", "coalesce(d.id, '')", text},
        {"processDefinitionKey", "t.definition", key}, {"processInstanceKey", "t.instance", key}, {"elementId", "t.element_id", text},
        {"elementInstanceKey", "t.element_instance", key}, {"tenantId", "t.authority", text}}},
  };
}

std::unexpected<base::Error> bad(std::string message, std::string remedy = {}) {
  return base::fail(base::ErrorCode::invalid_argument, std::move(message), {}, std::move(remedy));
}

std::unexpected<base::Error> unknown_field(const Kind& kind, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& field : kind.fields) {
    if (field.type != sealed) names.push_back(field.name);
  }
  const std::string near = base::nearest(name, names);
  return bad("'" + name + "' is not a field of " + kind.name + " that can be filtered or sorted", near.empty() ? base::join(names, ", ") : "did you mean '" + near + "'?");
}

const Field* find_field(const Kind& kind, std::string_view name) {
  for (const auto& field : kind.fields) {
    if (name == field.name && field.type != sealed) return &field;
  }
  return nullptr;
}

base::Result<Binding> bind_value(const Field& field, const Json& value) {
  Binding out;
  const auto wrong = [&](const char* what) { return bad(std::string("filter '") + field.name + "' must be " + what); };
  switch (field.type) {
    case key: case integer:
      out.is_text = false;
      if (value.is_int()) {
        out.integer = value.as_int();
      } else if (value.is_string()) {
        const std::string& digits = value.as_string();
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), out.integer);
        if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return wrong("a whole number");
      } else {
        return wrong("a whole number");
      }
      return out;
    case flag:
      if (!value.is_bool()) return wrong("true or false");
      out.is_text = false;
      out.integer = value.as_bool() ? 1 : 0;
      return out;
    case time: {
      if (!value.is_string()) return wrong("an ISO 8601 time");
      TRY(out.integer, base::parse_iso_utc(value.as_string()));
      out.is_text = false;
      return out;
    }
    default:
      if (!value.is_string()) return wrong("a text");
      out.text = value.as_string();
      return out;
  }
}

// $like: * any text, ? one character; SQL's own wildcards in the text mean themselves.
std::string like_pattern(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c == '*' ? '%' : c == '?' ? '_' : c;
  }
  return out;
}

// SQLite reads ISO 8601 with its offset; what is no date at all goes with those that have none.
std::string order_by(const Field& field, bool descending) {
  const std::string way = descending ? " DESC, " : " ASC, ", column = field.sql;
  if (field.type != date) return column + way;
  return "julianday(" + column + ") IS NULL, julianday(" + column + ")" + way;
}

base::Status add_condition(std::string& where, std::vector<Binding>& bindings, const Field& field, const std::string& op, const Json& value) {
  const std::string column = field.sql;
  const auto place = [&](Binding binding) {
    bindings.push_back(std::move(binding));
    return "?" + std::to_string(bindings.size());
  };
  static const std::vector<std::pair<std::string, std::string>> plain = {{"$eq", "="}, {"$neq", "<>"}, {"$gt", ">"}, {"$gte", ">="}, {"$lt", "<"}, {"$lte", "<="}};
  for (const auto& [name, sign] : plain) {
    if (op != name) continue;
    TRY(auto binding, bind_value(field, value));
    where += " AND " + column + " " + sign + " " + place(std::move(binding));
    return {};
  }
  if (op == "$in" || op == "$notIn") {
    if (!value.is_array() || value.size() == 0 || value.size() > base::limits::kPageItems) return bad("$in takes a list of 1 to 1000 values");
    std::string list;
    for (const auto& one : value.as_array()) {
      TRY(auto binding, bind_value(field, one));
      list += (list.empty() ? "" : ", ") + place(std::move(binding));
    }
    where += " AND " + column + (op == "$in" ? " IN (" : " NOT IN (") + list + ")";
    return {};
  }
  if (op == "$like") {
    if (!value.is_string()) return bad("$like takes a text");
    where += " AND " + column + " LIKE " + place({like_pattern(value.as_string()), 0, true}) + " ESCAPE '\\'";
    return {};
  }
  if (op == "$exists") {
    if (!value.is_bool()) return bad("$exists takes true or false");
    const std::string empty = field.type == text || field.type == json || field.type == date ? "''" : "0";
    where += " AND coalesce(" + column + ", " + empty + ")" + (value.as_bool() ? " <> " : " = ") + empty;
    return {};
  }
  return bad("'" + op + "' is not a filter operator", "$eq, $neq, $in, $notIn, $like, $gt, $gte, $lt, $lte, $exists");
}

}  // namespace

const Kind* find_kind(std::string_view name) {
  static const std::vector<Kind> kinds = make_kinds();
  for (const auto& kind : kinds) {
    if (name == kind.name) return &kind;
  }
  return nullptr;
}

base::Result<Request> parse_request(const Json& json) {
  Request out;
  if (!json.is_null() && !json.is_object()) return bad("a search is an object");
  if (json.is_object()) {
    for (const auto& [name, value] : json.as_object()) {
      if (name != "filter" && name != "sort" && name != "page") return bad("'" + name + "' is not part of a search", "filter, sort, page");
    }
  }
  if (json["filter"].is_object()) out.filter = json["filter"];
  else if (!json["filter"].is_null()) return bad("filter must be an object");
  if (json["sort"].is_array()) {
    for (const auto& one : json["sort"].as_array()) {
      if (!one["field"].is_string()) return bad("each sort needs a field");
      const std::string order = base::upper(one["order"].string_or("ASC"));
      if (order != "ASC" && order != "DESC") return bad("order must be ASC or DESC");
      out.sort.push_back({one["field"].as_string(), order == "DESC"});
    }
  } else if (!json["sort"].is_null()) {
    return bad("sort must be a list");
  }
  const Json& page = json["page"];
  const std::int64_t from = page["from"].int_or(0), limit = page["limit"].int_or(100);
  if (from < 0 || limit < 0 || limit > static_cast<std::int64_t>(base::limits::kPageItems)) return bad("page.from must be 0 or more, page.limit 0 to 1000");
  out.from = static_cast<std::size_t>(from);
  out.limit = static_cast<std::size_t>(limit);
  if (const std::string after = page["after"].string_or({}); !after.empty()) {
    const char* end = after.data() + after.size();
    const bool by_key = after[0] == 'k';
    std::int64_t value = 0;
    const auto parsed = std::from_chars(after.data() + 1, end, value);
    if ((!by_key && after[0] != 'o') || parsed.ec != std::errc{} || parsed.ptr != end) return bad("page.after is not a cursor of this search");
    if (by_key) {
      out.has_after_key = true;
      out.after_key = value;
    } else {
      out.from = static_cast<std::size_t>(std::max<std::int64_t>(value, 0));
    }
  }
  return out;
}

base::Result<Sql> build_sql(const Kind& kind, const Request& asked, const std::string& authority) {
  Sql out;
  std::string where = "t.authority = ?1";
  out.bindings.push_back({authority, 0, true});
  if (*kind.condition != '\0') where += std::string(" AND ") + kind.condition;
  for (const auto& [name, value] : asked.filter.as_object()) {
    const Field* field = find_field(kind, name);
    if (field == nullptr) return unknown_field(kind, name);
    if (!value.is_object()) {
      TRY_VOID(add_condition(where, out.bindings, *field, "$eq", value));
      continue;
    }
    for (const auto& [op, operand] : value.as_object()) TRY_VOID(add_condition(where, out.bindings, *field, op, operand));
  }
  out.count = std::string("SELECT count(*) FROM (SELECT 1 FROM ") + kind.from + " WHERE " + where + " LIMIT " + std::to_string(kCountLimit + 1) + ")";
  out.count_bindings = out.bindings.size();
  std::string order;
  for (const auto& sort : asked.sort) {
    const Field* field = find_field(kind, sort.field);
    if (field == nullptr) return unknown_field(kind, sort.field);
    order += order_by(*field, sort.descending);
  }
  // Newest first where nothing else is asked for: keys grow.
  const bool by_key = asked.sort.empty();
  if (by_key && asked.has_after_key) {
    out.bindings.push_back({{}, asked.after_key, false});
    where += " AND t.key < ?" + std::to_string(out.bindings.size());
  }
  std::string columns = "t.key";
  bool has_sealed = false;
  for (const auto& field : kind.fields) {
    if (field.type == sealed) has_sealed = true;
    else columns += std::string(", ") + field.sql;
  }
  if (has_sealed) columns += ", t.slot, t.data";
  out.select = "SELECT " + columns + " FROM " + kind.from + " WHERE " + where + " ORDER BY " + order + "t.key DESC LIMIT " + std::to_string(asked.limit) +
               " OFFSET " + std::to_string(asked.has_after_key ? 0 : asked.from);
  return out;
}

void bind_all(store::Statement& statement, const std::vector<Binding>& bindings, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (bindings[i].is_text) statement.bind_text(static_cast<int>(i + 1), bindings[i].text);
    else statement.bind(static_cast<int>(i + 1), bindings[i].integer);
  }
}

Json row_item(const Kind& kind, const store::Statement& row, store::Keys* keys) {
  Json item = Json::object();
  int column = 1, plain = 1;
  for (const auto& field : kind.fields) plain += field.type == sealed ? 0 : 1;
  for (const auto& field : kind.fields) {
    if (field.type == sealed) {
      const auto slot = static_cast<store::KeySlot>(row.integer(plain));
      std::string bytes = row.text(plain + 1);
      if (!bytes.empty() && slot != 0 && keys != nullptr) {
        auto opened = keys->open(slot, bytes, field.sql);
        bytes = opened ? std::move(*opened) : base::pack(Json("slettet"));
      }
      auto value = bytes.empty() ? base::Result<Json>(Json()) : base::unpack(bytes);
      item.set(field.name, value ? std::move(*value) : Json());
      continue;
    }
    switch (field.type) {
      case key: item.set(field.name, row.is_null(column) || row.integer(column) == 0 ? Json() : Json(std::to_string(row.integer(column)))); break;
      case integer: item.set(field.name, row.is_null(column) ? Json() : Json(row.integer(column))); break;
      case flag: item.set(field.name, row.integer(column) != 0); break;
      case time: item.set(field.name, row.is_null(column) || row.integer(column) == 0 ? Json() : Json(base::iso_utc(row.integer(column)))); break;
      case json: {
        auto value = base::parse_json(row.text(column));
        item.set(field.name, value ? std::move(*value) : Json::array());
        break;
      }
      default: item.set(field.name, row.text(column)); break;
    }
    ++column;
  }
  return item;
}

Json page_of(Json items, std::int64_t total, const Request& asked, const std::string& first, const std::string& last) {
  Json page = Json::object();
  page.set("totalItems", std::min(total, kCountLimit)).set("hasMoreTotalItems", total > kCountLimit);
  if (items.size() == 0) {
    page.set("startCursor", Json()).set("endCursor", Json());
  } else if (asked.sort.empty() && !first.empty()) {
    page.set("startCursor", "k" + first).set("endCursor", "k" + last);
  } else {
    page.set("startCursor", "o" + std::to_string(asked.from)).set("endCursor", "o" + std::to_string(asked.from + items.size()));
  }
  Json out = Json::object();
  out.set("items", std::move(items)).set("page", std::move(page));
  return out;
}

base::Result<Json> filter_items(std::vector<Json> items, const Request& asked, std::string_view kind) {
  for (const auto& [name, value] : asked.filter.as_object()) {
    if (name == "userTaskKey") continue;  // chose the scope already
    if (!items.empty() && !items[0].has(name)) return bad("'" + name + "' is not a field of " + std::string(kind) + " that can be filtered");
    const auto matches = [&](const Json& have, const Json& wanted) {
      return have == wanted || (have.is_string() && wanted.is_int() && have.as_string() == std::to_string(wanted.as_int()));
    };
    Json::Array any;
    if (!value.is_object()) any.push_back(value);
    else if (value["$in"].is_array()) any = value["$in"].as_array();
    else if (value.has("$eq")) any.push_back(value["$eq"]);
    else return bad("filter '" + name + "' takes a value, $eq or $in here");
    std::erase_if(items, [&](const Json& item) { return std::none_of(any.begin(), any.end(), [&](const Json& one) { return matches(item[name], one); }); });
  }
  for (auto sort = asked.sort.rbegin(); sort != asked.sort.rend(); ++sort) {
    std::stable_sort(items.begin(), items.end(), [&](const Json& a, const Json& b) {
      const std::string left = a[sort->field].is_string() ? a[sort->field].as_string() : a[sort->field].dump();
      const std::string right = b[sort->field].is_string() ? b[sort->field].as_string() : b[sort->field].dump();
      const bool digits = !left.empty() && !right.empty() && left.find_first_not_of("0123456789") == std::string::npos &&
                          right.find_first_not_of("0123456789") == std::string::npos;
      const int order = digits && left.size() != right.size() ? (left.size() < right.size() ? -1 : 1) : left.compare(right);
      return sort->descending ? order > 0 : order < 0;
    });
  }
  const std::int64_t total = static_cast<std::int64_t>(items.size());
  Json page = Json::array();
  for (std::size_t i = asked.from; i < items.size() && i < asked.from + asked.limit; ++i) page.push(std::move(items[i]));
  return page_of(std::move(page), total, asked, {}, {});
}

}  // namespace engine
