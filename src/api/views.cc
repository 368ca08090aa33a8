#include "api/views.h"

namespace api {

using base::Json;

base::Result<Json> all_rows(const Call& call, std::string_view kind, Json filter, std::size_t max, Json sort) {
  constexpr int kPage = 500;
  Json out = Json::array();
  for (std::int64_t from = 0; out.size() < max; from += kPage) {
    Json request = Json::object();
    request.set("filter", filter);
    request.set("sort", sort);
    request.set("page", Json::Object{{"from", from}, {"limit", static_cast<std::int64_t>(std::min<std::size_t>(kPage, max - out.size()))}});
    TRY(Json answer, call.read().search(kind, request, call.authority(), call.at_least));
    const std::size_t got = answer["items"].size();
    if (got == 0) break;
    for (const Json& item : answer["items"].as_array()) out.push(item);
    if (got < kPage) break;
  }
  return out;
}

// The REST shape carries a variable's value as the text of JSON.
Json variable_value(const Json& row) {
  const Json& value = row["value"];
  if (!value.is_string()) return value;
  auto parsed = base::parse_json(value.as_string());
  return parsed ? std::move(*parsed) : value;
}

base::Result<Json> variables_by_name(const Call& call, Json filter) {
  constexpr std::size_t kVariables = 2'000;
  TRY(const Json rows, all_rows(call, "variables", std::move(filter), kVariables));
  Json out = Json::object();
  for (const Json& row : rows.as_array()) out.set(row["name"].string_or(""), variable_value(row));
  return out;
}

Titles::Titles(const Call& call) {
  auto deployed = call.services.rooms.bank.deployed(call.authority());
  if (!deployed) return;
  for (const auto& d : *deployed) by_process_[d.process_id] = {d.slug, d.title};
}
std::string Titles::slug(const std::string& process_id) const {
  const auto found = by_process_.find(process_id);
  return found == by_process_.end() ? std::string() : found->second.first;
}
std::string Titles::title(const std::string& process_id) const {
  const auto found = by_process_.find(process_id);
  return found == by_process_.end() ? process_id : found->second.second;
}

}  // namespace api
