#include "bank/coverage.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"

namespace bank {
namespace {

using base::Json;
using store::Connection;

bool activity(const bpmn::Node& node) {
  using enum bpmn::ElementType;
  switch (node.type) {
    case task: case user_task: case manual_task: case service_task: case script_task: case business_rule_task: case send_task: case receive_task:
    case call_activity: case sub_process: case transaction: case ad_hoc_sub_process: return true;
    default: return false;
  }
}

std::vector<std::string> properties(const bpmn::Node& node, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& p : node.zeebe.properties)
    if (p.key == name) out.push_back(p.value);
  return out;
}

const std::vector<store::Database::Migration> kMigrations = {
  {1, "reasons for duties left out", R"sql(
    CREATE TABLE bank_excuse (authority TEXT NOT NULL, slug TEXT NOT NULL, duty TEXT NOT NULL, reason TEXT NOT NULL, by_user TEXT NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (authority, slug, duty)) STRICT;)sql"},
};

Json duty_json(const Duty& duty) {
  Json law = Json::array();
  for (const auto& one : duty.law) law.push(one);
  return Json::Object{{"id", duty.id}, {"name", duty.name}, {"slug", duty.slug}, {"law", std::move(law)}};
}

}  // namespace

std::vector<Duty> duties(const Package& package) {
  std::vector<Duty> out;
  if (!package.process) return out;
  for (const auto& node : package.process->nodes) {
    if (!activity(node)) continue;
    auto law = properties(node, "lov");
    if (!law.empty()) out.push_back({package.slug, node.id, node.name.empty() ? node.id : node.name, std::move(law)});
  }
  return out;
}

Claims claims(const Package& package) {
  Claims out;
  if (!package.process) return out;
  const auto add = [&](const std::string& duty, const bpmn::Node& node) {
    auto& by = out[duty];
    if (std::none_of(by.begin(), by.end(), [&](const Claimant& c) { return c.id == node.id; })) by.push_back({node.id, node.name.empty() ? node.id : node.name});
  };
  for (const auto& node : package.process->nodes) {
    if (!activity(node)) continue;
    for (const std::string& list : properties(node, "daekker"))
      for (const auto one : base::split(list, ','))
        if (const auto id = base::trim(one); !id.empty()) add(std::string(id), node);
    if (!properties(node, "lov").empty()) add(node.id, node);
  }
  return out;
}

Coverage coverage(const std::vector<Duty>& duties, const Claims& claims, const std::map<std::string, Excuse>& excuses) {
  Coverage out;
  for (const Duty& duty : duties) {
    Coverage::One one{duty, {}, {}};
    if (const auto found = claims.find(duty.id); found != claims.end()) one.by = found->second;
    if (const auto found = excuses.find(duty.id); found != excuses.end()) one.excuse = found->second;
    ++out.total;
    if (!one.by.empty()) ++out.covered;
    else if (!one.excuse.reason.empty()) ++out.excused;
    out.duties.push_back(std::move(one));
  }
  return out;
}

std::vector<Duty> Coverage::missing() const {
  std::vector<Duty> out;
  for (const One& one : duties)
    if (one.by.empty() && one.excuse.reason.empty()) out.push_back(one.duty);
  return out;
}

std::string Coverage::text() const {
  if (total == 0) return "Ingen lovfastsatte opgaver";
  std::string out = std::to_string(covered) + " af " + std::to_string(total) + (total == 1 ? " lovfastsat opgave dækket" : " lovfastsatte opgaver dækket");
  if (excused > 0) out += ", " + std::to_string(excused) + " fravalgt med begrundelse";
  return out;
}

Json Coverage::json() const {
  Json all = Json::array(), gone = Json::array(), dark = Json::array();
  for (const One& one : duties) {
    Json item = duty_json(one.duty), by = Json::array();
    for (const Claimant& c : one.by) by.push(Json::Object{{"id", c.id}, {"name", c.name}});
    item.set("by", std::move(by));
    item.set("reason", one.excuse.reason);
    item.set("reasonBy", one.excuse.by);
    item.set("reasonAt", one.excuse.at > 0 ? Json(base::iso_utc(one.excuse.at)) : Json());
    all.push(std::move(item));
  }
  for (const Duty& duty : missing()) gone.push(duty_json(duty));
  for (const std::string& slug : unknown) dark.push(slug);
  return Json::Object{{"total", total}, {"covered", covered}, {"excused", excused}, {"text", text()}, {"missing", std::move(gone)}, {"duties", std::move(all)}, {"unknown", std::move(dark)}};
}

std::vector<std::string> derived_from(const Package& package) {
  std::vector<std::string> out;
  const Json& list = package.manifest.value["afledt_af"];
  for (const Json& one : list.is_array() ? list.as_array() : Json::Array{}) out.push_back(one.string_or(""));
  return out;
}

base::Result<Sources> duties_of(Bank& bank, const std::string& authority, const std::vector<std::string>& slugs) {
  Sources out;
  for (const std::string& slug : slugs) {
    const auto source = bank.get(authority, slug);
    if (!source && source.error().code != base::ErrorCode::not_found) return std::unexpected(source.error());
    if (!source) {
      out.unknown.push_back(slug);
    } else if (source->package->kind == "korrekt") {
      auto found = duties(*source->package);
      out.duties.insert(out.duties.end(), found.begin(), found.end());
    }
  }
  return out;
}

base::Result<Coverage> coverage(Bank& bank, const std::string& authority, const std::string& owner, const Package& package) {
  TRY(auto sources, duties_of(bank, authority, derived_from(package)));
  std::map<std::string, Excuse> excuses;
  const Json& listed = package.manifest.value["fravalgt"];
  for (const Json& one : listed.is_array() ? listed.as_array() : Json::Array{}) excuses[one["opgave"].string_or("")] = {one["begrundelse"].string_or(""), {}, 0};
  TRY(auto recorded, bank.excuses(owner, package.slug));
  for (auto& [duty, excuse] : recorded) {
    if (owner != authority) excuse.by.clear();  // who works at another authority is that authority's business
    excuses[duty] = std::move(excuse);
  }
  Coverage out = coverage(sources.duties, claims(package), excuses);
  out.unknown = std::move(sources.unknown);
  return out;
}

base::Status require_coverage(Bank& bank, const std::string& authority, const Package& package) {
  if (package.kind == "korrekt") return {};
  TRY(const auto found, coverage(bank, authority, authority, package));
  std::vector<std::string> names;
  for (const Duty& duty : found.missing()) names.push_back("'" + duty.name + "' (" + duty.slug + "#" + duty.id + ")");
  if (names.empty()) return {};
  return base::fail(base::ErrorCode::conflict, "statutory activities of the workflow it is drawn from are not covered: " + base::join(names, ", "), {.file = "proces.bpmn", .element = found.missing().front().id},
      "let an activity claim them (property daekker), or record why they do not apply");
}

std::vector<Finding> coverage_findings(Bank& bank, const std::string& authority, const Package& package) {
  std::vector<Finding> out;
  const auto found = coverage(bank, authority, authority, package);
  if (!found || package.kind == "korrekt") return out;
  for (const Duty& duty : found->missing())
    out.push_back({.element = duty.id, .code = "SG-COVERAGE", .message = "the statutory activity '" + duty.name + "' of " + duty.slug + " is not covered",
        .message_da = "Den lovfastsatte opgave »" + duty.name + "« (" + base::join(duty.law, ", ") + ") er ikke dækket", .remedy = "Lad et trin dække den, eller skriv, hvorfor den ikke er relevant her."});
  return out;
}

base::Result<std::map<std::string, Excuse>> Bank::excuses(const std::string& authority, const std::string& slug) {
  std::map<std::string, Excuse> out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT duty, reason, by_user, at FROM bank_excuse WHERE authority = ? AND slug = ?"));
    rows->begin().bind_text(1, authority).bind_text(2, slug);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      out[rows->text(0)] = {rows->text(1), rows->text(2), rows->integer(3)};
    }
  }));
  return out;
}

base::Status Bank::excuse(const std::string& authority, const std::string& slug, const std::string& duty, const std::string& reason, const std::string& by, base::Millis at) {
  TRY(const Row row, find_row(authority, slug));
  if (reason.empty() && row.owner == authority && row.published) {  // it was published with this reason
    TRY(const Stored stored, get(authority, slug));
    TRY(const auto found, coverage(*this, authority, authority, *stored.package));
    for (const auto& one : found.duties)
      if (one.duty.id == duty && one.by.empty() && stored.package->kind != "korrekt")
        return base::fail(base::ErrorCode::conflict, "the workflow is published, and nothing else covers '" + one.duty.name + "'", {.element = duty}, "let an activity claim it first");
  }
  return database_.write([&](Connection& db) -> base::Status {
    TRY(auto* own, db.prepare("SELECT 1 FROM bank_workflow WHERE authority = ? AND slug = ?"));
    TRY(const bool exists, own->begin().bind_text(1, authority).bind_text(2, slug).step());
    own->begin();
    if (!exists) return base::fail(base::ErrorCode::not_found, "no workflow '" + slug.substr(0, 200) + "' of this authority's own");
    if (reason.empty()) {
      TRY(auto* drop, db.prepare("DELETE FROM bank_excuse WHERE authority = ? AND slug = ? AND duty = ?"));
      return drop->begin().bind_text(1, authority).bind_text(2, slug).bind_text(3, duty).run();
    }
    TRY(auto* put, db.prepare("INSERT INTO bank_excuse VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (authority, slug, duty) DO UPDATE SET reason = excluded.reason, by_user = excluded.by_user, at = excluded.at"));
    return put->begin().bind_text(1, authority).bind_text(2, slug).bind_text(3, duty).bind_text(4, reason).bind_text(5, by).bind(6, at > 0 ? at : clock_.now()).run();
  });
}

base::Status Bank::migrate_coverage() { return database_.migrate("bank_coverage", kMigrations); }

}  // namespace bank
