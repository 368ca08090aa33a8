// A replay's period and differences as people write and read them.
#include "api/replay.h"
#include "base/time.h"
#include "feel/temporal.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

base::Result<base::Millis> moment(const std::string& text, const char* field, int days_later) {
  const base::Where where{.pointer = std::string("/") + field};
  if (text.size() > 10) {
    const auto at = base::parse_iso_utc(text);
    return at ? at : base::fail(ErrorCode::invalid_argument, std::string("'") + field + "' is no instant", where, "an instant such as 2026-01-31T12:00:00Z");
  }
  static const std::string kZone = feel::Environment().zone;
  feel::Value value;
  if (feel::parse_date(text))
    if (const auto day = feel::compile("date and time(date(\"" + text + "\") + duration(\"P" + std::to_string(days_later) + "D\"), time(\"00:00:00@" + kZone + "\"))"))
      value = day->evaluate({}, {});
  const auto at = value.kind() == feel::Kind::date_time ? feel::to_millis(value.as_date_time(), kZone) : std::nullopt;
  if (!at) return base::fail(ErrorCode::invalid_argument, std::string("'") + field + "' is no day", where, "a date such as 2026-01-31");
  return *at;
}

std::string numbers(const Json& list) {
  std::string out;
  if (list.is_array())
    for (const Json& n : list.as_array()) out += (out.empty() ? "" : ", ") + (n.is_number() ? n.number_text() : n.string_or(""));
  return out;
}
// Of the decision's own table, else of every table that was asked.
std::string rules(const Json& outcome) {
  if (outcome["matchedRules"].size() > 0 || !outcome["tables"].is_array()) return numbers(outcome["matchedRules"]);
  std::string out;
  for (const Json& table : outcome["tables"].as_array()) out += (out.empty() ? "" : "; ") + table["decisionDefinitionName"].string_or("") + " " + numbers(table["matchedRules"]);
  return out;
}
std::string shown(const Json& outcome) {
  if (outcome["failureMessage"].is_string()) return "fejl: " + outcome["failureMessage"].as_string();
  const Json& output = outcome["output"];
  return output.is_string() ? output.as_string() : output.dump();
}

}  // namespace

base::Result<base::Millis> period_begin(const std::string& text) { return moment(text, "from", 0); }
base::Result<base::Millis> period_end(const std::string& text) { return moment(text, "to", text.size() > 10 ? 0 : 1); }

std::vector<std::vector<std::string>> difference_rows(const Json& differences) {
  std::vector<std::vector<std::string>> out{{"Sag", "Sagsnummer", "Trin", "Tidspunkt", "Udfald", "Før", "Efter", "Regler før", "Regler efter"}};
  for (const Json& row : differences.as_array()) {
    const std::string outcome = row["outcome"].string_or("");
    out.push_back({row["processInstanceKey"].string_or(""), row["businessKey"].string_or(""), row["elementId"].string_or(""), row["evaluationDate"].string_or(""),
                   outcome == "failed" ? "kan ikke afgøres" : outcome == "forgotten" ? "slettet" : "andet udfald", shown(row["before"]), shown(row["after"]),
                   rules(row["before"]), rules(row["after"])});
  }
  return out;
}

}  // namespace api
