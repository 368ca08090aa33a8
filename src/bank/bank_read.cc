// The reading half of the bank: one workflow with its history, the parsed package. Lists and search are in bank_find.cc.
#include <algorithm>

#include "bank/bank.h"
#include "bank/steps.h"
#include "base/text.h"
#include "base/time.h"
#include "dmn/model.h"

namespace bank {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

constexpr std::size_t kCachedPackages = 200;   // parsed models; a large one takes about 1 MB
Json law_json(const Json& law) {
  Json out = Json::object();
  out.set("title", law["titel"]);
  out.set("reference", law["henvisning"]);
  out.set("url", law["url"].string_or(""));
  out.set("verified", law["verificeret"]);
  out.set("status", law["status"]);
  return out;
}

template <class F>
Json mapped(const Json& list, F&& call) {
  Json out = Json::array();
  if (list.is_array())
    for (const Json& item : list.as_array()) out.push(call(item));
  return out;
}

}  // namespace

base::Result<Bank::Row> Bank::find_row(const std::string& authority, const std::string& slug) {
  Row row;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* find, db.prepare("SELECT id, authority, published, version, changed, facts FROM bank_workflow WHERE slug = ?2 AND (authority = ?1 OR published = 1) ORDER BY authority <> ?1, id LIMIT 1"));
    TRY(const bool exists, find->begin().bind_text(1, authority).bind_text(2, slug).step());
    if (!exists) return base::fail(ErrorCode::not_found, "no workflow '" + slug.substr(0, 200) + "' that this authority can read");
    row = {find->integer(0), find->text(1), slug, find->integer(2) != 0, static_cast<int>(find->integer(3)), find->integer(4), {}};
    TRY(row.facts, base::parse_json(find->text(5)));
    find->begin();
    return {};
  }));
  return row;
}

base::Result<Stored> Bank::get(const std::string& authority, const std::string& slug) {
  TRY(const Row row, find_row(authority, slug));
  const std::string key = row.owner + " " + slug + " " + std::to_string(row.version);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = cache_.find(key); found != cache_.end()) return Stored{row.owner, row.version, found->second};
  }
  std::map<std::string, std::string> files;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT path, bytes FROM bank_file WHERE authority = ? AND slug = ? AND version = ?"));
    rows->begin().bind_text(1, row.owner).bind_text(2, slug).bind(3, row.version);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      files.emplace(rows->text(0), rows->text(1));
    }
  }));
  TRY(auto package, load_files(std::move(files), slug));
  auto shared = std::make_shared<const Package>(std::move(package));
  const std::lock_guard lock(mutex_);
  if (cache_.size() >= kCachedPackages) cache_.clear();
  cache_[key] = shared;
  return Stored{row.owner, row.version, std::move(shared)};
}

base::Result<std::string> Bank::file(const std::string& authority, const std::string& slug, int version, const std::string& path) {
  TRY(const Row row, find_row(authority, slug));
  std::string out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT bytes FROM bank_file WHERE authority = ? AND slug = ? AND version = ? AND path = ?"));
    TRY(const bool any, rows->begin().bind_text(1, row.owner).bind_text(2, slug).bind(3, version).bind_text(4, path).step());
    if (!any) return base::fail(ErrorCode::not_found, "version " + std::to_string(version) + " of the workflow has no such file");
    out = rows->text(0);
    rows->begin();
    return {};
  }));
  return out;
}

base::Result<Json> Bank::steps(const std::string& authority, const std::string& slug) {
  TRY(const auto stored, get(authority, slug));
  if (!stored.package->process) return base::fail(ErrorCode::not_found, "the workflow has no diagram");
  return bank::steps(*stored.package->process);
}

base::Status Bank::add_scenarios(Json& out, const std::string& authority, const Stored& stored) {
  std::map<std::string, Json> last;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT file, passed, at, message, version FROM bank_scenario WHERE authority = ? AND slug = ?"));
    rows->begin().bind_text(1, authority).bind_text(2, stored.package->slug);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      Json result = Json::object();
      result.set("passed", rows->integer(1) != 0);
      result.set("at", base::iso_utc(rows->integer(2)));
      result.set("message", rows->text(3));
      result.set("version", rows->integer(4));
      last[rows->text(0)] = std::move(result);
    }
  }));
  Json scenarios = Json::array();
  for (const auto& [name, content] : stored.package->files) {
    if (!name.starts_with("scenarier/") || !name.ends_with(".yaml")) continue;
    const auto document = base::parse_yaml(content, name);
    Json one = Json::object();
    one.set("file", name);
    one.set("title", document ? document->value["titel"].string_or(name) : name);
    one.set("lastResult", last.contains(name) ? last[name] : Json());
    scenarios.push(std::move(one));
  }
  out.set("scenarios", std::move(scenarios));
  return {};
}

base::Status Bank::add_history(Json& out, const std::string& authority, const Stored& stored) {
  const std::string& slug = stored.package->slug;
  Json versions = Json::array(), deployed;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT version, at, by_user, note FROM bank_version WHERE authority = ? AND slug = ? ORDER BY version DESC"));
    rows->begin().bind_text(1, stored.owner).bind_text(2, slug);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) break;
      Json one = Json::object();
      one.set("version", rows->integer(0));
      one.set("at", base::iso_utc(rows->integer(1)));
      // Who works at another authority is that authority's business.
      one.set("by", stored.owner == authority ? rows->text(2) : std::string());
      one.set("note", rows->text(3));
      versions.push(std::move(one));
    }
    TRY(auto* newest, db.prepare("SELECT version, definition_key FROM bank_deployment WHERE authority = ? AND slug = ? ORDER BY definition_key DESC LIMIT 1"));
    TRY(const bool any, newest->begin().bind_text(1, authority).bind_text(2, slug).step());
    if (any) {
      deployed.set("version", newest->integer(0));
      deployed.set("definitionKey", newest->text(1));
    }
    newest->begin();
    return {};
  }));
  out.set("versions", std::move(versions));
  out.set("deployed", std::move(deployed));
  return {};
}

base::Result<Json> Bank::workflow(const std::string& authority, const std::string& slug) {
  TRY(const Row row, find_row(authority, slug));
  TRY(const auto stored, get(authority, slug));
  const Package& package = *stored.package;
  const Json& m = package.manifest.value;
  Json out = row.facts;
  out.set("version", row.version);
  out.set("changed", base::iso_utc(row.changed));
  out.set("published", row.published);
  out.set("own", row.owner == authority);
  out.set("manifest", m);
  out.set("law", mapped(m["jura"], law_json));
  out.set("roles", m["roller"].is_array() ? m["roller"] : Json::array());
  bool stand_ins = package.files.contains("data/standins.yaml");
  out.set("systems", mapped(m["systemer"], [&](const Json& s) { return Json(Json::Object{{"kind", s["slags"]}, {"use", s["brug"]}, {"standIn", stand_ins}}); }));
  Json decisions = Json::array();
  if (package.decisions)
    for (const auto& d : package.decisions->decisions) decisions.push(Json(Json::Object{{"id", d.id}, {"name", d.name}}));
  out.set("decisions", std::move(decisions));
  Json files = Json::array();
  for (const auto& [name, bytes] : package.files) files.push(name);
  out.set("files", std::move(files));
  out.set("diagramElements", package.process ? static_cast<std::int64_t>(package.process->nodes.size()) : 0);
  TRY_VOID(add_scenarios(out, authority, stored));
  TRY_VOID(add_history(out, authority, stored));
  return out;
}

}  // namespace bank
