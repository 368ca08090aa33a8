#include "connectors/standins_system.h"

#include <algorithm>

#include "base/text.h"

namespace connectors {
namespace {

using base::Json;

std::string key_text(const Json& v) { return v.is_string() ? v.as_string() : v.is_number() ? v.number_text() : v.dump(); }
std::string key_text(const feel::Value& v) { return feel::text(v); }

std::string unpercent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t at) -> int {
      if (at >= text.size()) return -1;
      const char c = text[at];
      return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    if (text[i] == '%' && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
      out.push_back(static_cast<char>(digit(i + 1) * 16 + digit(i + 2)));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// Only these keys, or an error with line and the nearest known key.
base::Status only(const base::YamlDocument& doc, const std::string& pointer, const std::vector<std::string>& known) {
  const Json& object = doc.value.at_pointer(pointer);
  if (!object.is_object()) return base::fail(base::ErrorCode::invalid_argument, "is no mapping", doc.where(pointer), "keys " + base::join(known, ", "));
  for (const auto& [key, value] : object.as_object()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = base::nearest(key, known);
    return base::fail(base::ErrorCode::invalid_argument, "unknown key '" + key + "'", doc.where(pointer + "/" + key),
                      near.empty() ? "one of " + base::join(known, ", ") : "did you mean '" + near + "'?");
  }
  return {};
}

// "=expression" is FEEL, anything else is that value.
base::Result<feel::Expression> expression(const base::YamlDocument& doc, const std::string& pointer, std::string_view otherwise) {
  const Json& v = doc.value.at_pointer(pointer);
  std::string text(otherwise);
  if (v.is_string() && v.as_string().starts_with('=')) text = v.as_string().substr(1);
  else if (!v.is_null()) text = v.dump();
  const base::Where where = doc.where(pointer);
  return feel::compile(text, {.dialect = feel::Dialect::zeebe, .file = where.file, .line = std::max(where.line, 1), .column = std::max(where.column, 1)});
}

}  // namespace

base::Result<StandIns::System> StandIns::System::read(const base::YamlDocument& doc, const std::string& at, const ReadFile& read_file) {
  TRY_VOID(only(doc, at, {"slags", "titel", "beskrivelse", "forsinkelse_ms", "tabeller", "ruter"}));
  System s;
  const Json& j = doc.value.at_pointer(at);
  s.info_ = {j["slags"].string_or(""), j["titel"].string_or(""), j["beskrivelse"].string_or(""), j["forsinkelse_ms"].int_or(0)};
  if (s.info_.kind.empty() || s.info_.title.empty())
    return base::fail(base::ErrorCode::invalid_argument, "a stand-in needs 'slags' and 'titel'", doc.where(at));
  TRY_VOID(s.read_tables(doc, at + "/tabeller", read_file));
  const std::size_t routes = j["ruter"].size();
  if (routes == 0) return base::fail(base::ErrorCode::invalid_argument, "a stand-in needs at least one route in 'ruter'", doc.where(at));
  for (std::size_t i = 0; i < routes; ++i) TRY_VOID(s.read_route(doc, at + "/ruter/" + std::to_string(i)));
  for (auto& [name, table] : s.tables_) s.build_index(table);
  return s;
}

base::Status StandIns::System::read_tables(const base::YamlDocument& doc, const std::string& at, const ReadFile& read_file) {
  const Json& tables = doc.value.at_pointer(at);
  if (!tables.is_object()) return {};
  for (const auto& [name, rows] : tables.as_object()) {
    Json value = rows;
    if (rows.is_string()) {
      auto text = read_file(rows.as_string());
      if (!text) return base::fail(text.error().code, "table '" + name + "': " + text.error().message, doc.where(at + "/" + name));
      TRY(base::YamlDocument file, base::parse_yaml(*text, rows.as_string()));
      value = file.value.is_array() ? file.value : file.value["raekker"];
    }
    tables_[name];
    TRY_VOID(set_table(name, std::move(value)));
  }
  return {};
}

base::Status StandIns::System::read_route(const base::YamlDocument& doc, const std::string& at) {
  TRY_VOID(only(doc, at, {"metode", "sti", "opslag", "status", "svar"}));
  const Json& j = doc.value.at_pointer(at);
  Route route;
  route.method = j["metode"].string_or("GET");
  const std::string path = j["sti"].string_or("");
  if (path.empty() || path[0] != '/') return base::fail(base::ErrorCode::invalid_argument, "a route needs 'sti' that starts with '/'", doc.where(at));
  for (const std::string_view step : base::split(std::string_view(path).substr(1), '/')) route.path.emplace_back(step);
  if (j["opslag"].is_object()) {
    for (const auto& [name, rule] : j["opslag"].as_object()) {
      const std::string here = at + "/opslag/" + name;
      TRY_VOID(only(doc, here, {"tabel", "kolonne", "vaerdi"}));
      LookUp l{name, rule["tabel"].string_or(""), rule["kolonne"].string_or(""), {}};
      if (!tables_.contains(l.table)) return base::fail(base::ErrorCode::invalid_argument, "unknown table '" + l.table + "'", doc.where(here));
      TRY(l.value, expression(doc, here + "/vaerdi", "null"));
      tables_[l.table].index[l.column];
      route.look_ups.push_back(std::move(l));
    }
  }
  TRY(route.status, expression(doc, at + "/status", "200"));
  TRY(route.answer, expression(doc, at + "/svar", "null"));
  routes_.push_back(std::move(route));
  return {};
}

void StandIns::System::build_index(Table& table) const {
  for (auto& [column, index] : table.index) {
    index.clear();
    std::size_t row = 0;
    for (const Json& r : table.rows.as_array()) index.emplace(key_text(r[column]), row++);
  }
}

base::Status StandIns::System::set_table(const std::string& name, Json rows) {
  const auto found = tables_.find(name);
  if (found == tables_.end()) return base::fail(base::ErrorCode::not_found, "stand-in '" + info_.kind + "' has no table '" + name + "'");
  if (!rows.is_array()) return base::fail(base::ErrorCode::invalid_argument, "table '" + name + "' is no list of rows");
  found->second.rows = std::move(rows);
  build_index(found->second);
  return {};
}

HttpResponse StandIns::System::refuse(int status, const std::string& text) const {
  Json body = Json::object();
  body.set("standin", info_.title.empty() ? Json(true) : Json(info_.title));
  body.set("fejl", text);
  return {status, body.dump(), {{"content-type", "application/json"}, {"x-sagsgang-standin", info_.kind}}};
}

HttpResponse StandIns::System::run(const Route& route, feel::Context names, base::Millis now) const {
  const feel::Environment env{.now = now};
  const auto evaluate = [&](const feel::Expression& e) {
    std::vector<feel::Value> values;
    for (const std::string& name : e.inputs()) {
      const feel::Value* v = names.find(name);
      if (v != nullptr) values.push_back(*v);
      else if (const auto table = tables_.find(name); table != tables_.end()) values.push_back(feel::from_json(table->second.rows));
      else values.emplace_back();
    }
    return e.evaluate(values, env);
  };
  for (const LookUp& l : route.look_ups) {
    const Table& table = tables_.at(l.table);
    const auto& index = table.index.at(l.column);
    const auto row = index.find(key_text(evaluate(l.value)));
    names.entries.emplace_back(l.name, row == index.end() ? feel::Value() : feel::from_json(table.rows.as_array()[row->second]));
  }
  const feel::Value status = evaluate(route.status);
  const auto code = status.kind() == feel::Kind::number ? status.as_number().as_int64() : std::nullopt;
  if (!code || *code < 100 || *code > 599) return refuse(500, "status giver ikke et tal");
  if (*code == 404) return refuse(404, "findes ikke");
  Json body = feel::to_json(evaluate(route.answer));
  if (body.is_object()) body.set("standin", info_.title);
  return {static_cast<int>(*code), body.dump(), {{"content-type", "application/json"}, {"x-sagsgang-standin", info_.kind}}};
}

HttpResponse StandIns::System::answer(const StandInRequest& request, base::Millis now) const {
  std::string_view path = request.path, query;
  if (const std::size_t mark = path.find('?'); mark != std::string_view::npos) {
    query = path.substr(mark + 1);
    path = path.substr(0, mark);
  }
  const auto steps = base::split(path.starts_with('/') ? path.substr(1) : path, '/');
  for (const Route& route : routes_) {
    if (route.method != request.method || route.path.size() != steps.size()) continue;
    feel::Context from_path, from_query;
    bool fits = true;
    for (std::size_t i = 0; i < steps.size() && fits; ++i) {
      const std::string& want = route.path[i];
      if (want.starts_with('{')) from_path.entries.emplace_back(want.substr(1, want.size() - 2), feel::Value::string(unpercent(steps[i])));
      else fits = want == unpercent(steps[i]);
    }
    if (!fits) continue;
    for (const std::string_view pair : base::split(query, '&')) {
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos)
        from_query.entries.emplace_back(unpercent(pair.substr(0, equals)), feel::Value::string(unpercent(pair.substr(equals + 1))));
    }
    feel::Context names;
    names.entries.emplace_back("sti", feel::Value::context(std::move(from_path)));
    names.entries.emplace_back("foresp", feel::Value::context(std::move(from_query)));
    auto body = base::parse_json(request.body.empty() ? "null" : request.body);
    names.entries.emplace_back("krop", body ? feel::from_json(*body) : feel::Value());
    return run(route, std::move(names), now);
  }
  return refuse(404, "ruten findes ikke");
}

}  // namespace connectors
