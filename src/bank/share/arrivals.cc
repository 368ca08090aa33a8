// What arrived from other banks, and what becomes of it.
#include "bank/danish.h"
#include "bank/share/share.h"
#include "bank/summary.h"
#include "bank/zip.h"
#include "base/text.h"
#include "base/time.h"
#include "bpmn/compare/compare.h"

namespace bank {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

constexpr const char* kColumns = "id, slug, title, bank, remote, url, state, digest, signature, open_key, version, at, decided, by_user, taken_as";

void say(Json& to, const std::string& what, const std::string& before, const std::string& after) {
  if (before == after) return;
  to.push(before.empty() ? what + " er ny: »" + after + "«." : after.empty() ? what + " er væk; det var »" + before + "«." : what + " er ændret fra »" + before + "« til »" + after + "«.");
}

std::string law_text(const Summary& s) {
  std::string out;
  for (const LawText& law : s.law) out += (out.empty() ? "" : "; ") + law.title + " " + law.reference;
  return out;
}

// What taking it would change, in sentences; the diagram as bpmn::compare tells it.
Json changes(const Package& mine, const Package& theirs) {
  const Summary a = summarize(mine), b = summarize(theirs);
  Json out = Json::array();
  say(out, "Titlen", a.title, b.title);
  say(out, "Resuméet", a.text, b.text);
  say(out, "KLE-nummeret", a.kle, b.kle);
  say(out, "Arten", kind_da(a.kind), kind_da(b.kind));
  say(out, "Ejeren", a.owner_role, b.owner_role);
  say(out, "Gyldig fra", day_da(a.valid_from), day_da(b.valid_from));
  say(out, "Gyldig til", day_da(a.valid_to), day_da(b.valid_to));
  say(out, "Afgørelsen", decision_da(a.decision), decision_da(b.decision));
  say(out, "Jura", law_text(a), law_text(b));
  say(out, "Rollerne", base::join(a.roles, ", "), base::join(b.roles, ", "));
  if (mine.process && theirs.process)
    if (const auto diagram = bpmn::compare(*mine.process, *theirs.process))
      for (const bpmn::Difference& one : diagram->differences) out.push(one.da);
  for (const auto& [path, bytes] : theirs.files) {
    const auto found = mine.files.find(path);
    if (found == mine.files.end()) out.push("Filen " + path + " er ny.");
    else if (found->second != bytes && path != "arbejdsgang.yaml") out.push("Filen " + path + " er ændret.");
  }
  for (const auto& [path, bytes] : mine.files)
    if (!theirs.files.contains(path)) out.push("Filen " + path + " er ikke med.");
  return out;
}

}  // namespace

namespace {

Json arrival_json(store::Statement& row) {
  return Json::Object{{"arrivalKey", std::to_string(row.integer(0))}, {"slug", row.text(1)}, {"title", row.text(2)}, {"bank", row.text(3)}, {"authority", row.text(4)}, {"url", row.text(5)}, {"state", row.text(6)}, {"digest", row.text(7)},
                      {"signature", row.text(8)}, {"fingerprint", fingerprint(base::unbase64(row.text(9)).value_or(""))}, {"version", row.integer(10)}, {"arrived", base::iso_utc(row.integer(11))},
                      {"decided", row.integer(12) == 0 ? Json() : Json(base::iso_utc(row.integer(12)))}, {"by", row.text(13)}, {"takenAs", row.integer(14) == 0 ? Json() : Json(row.integer(14))}};
}

}  // namespace

base::Result<Json> Share::arrivals(const std::string& authority, const std::string& state) {
  Json items = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT " + std::string(kColumns) + " FROM bank_arrival WHERE authority = ?1 AND (?2 = '' OR state = ?2) ORDER BY id DESC LIMIT 1000"));
    rows->begin().bind_text(1, authority).bind_text(2, state);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      items.push(arrival_json(*rows));
    }
  }));
  for (Json& one : items.as_array()) {
    const auto own = bank_.get(authority, one["slug"].string_or(""));
    one.set("local", own && own->owner == authority ? Json(own->version) : Json());
  }
  return Json(Json::Object{{"items", std::move(items)}});
}

base::Result<Share::Arrival> Share::read_arrival(const std::string& authority, std::int64_t id) {
  Arrival out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* row, db.prepare("SELECT slug, title, bank, remote, url, state, digest, signature, open_key, version, zip FROM bank_arrival WHERE id = ? AND authority = ?"));
    TRY(const bool any, row->begin().bind(1, id).bind_text(2, authority).step());
    if (!any) return base::fail(ErrorCode::not_found, "no such arrival");
    out.id = id, out.slug = row->text(0), out.title = row->text(1), out.bank = row->text(2), out.remote = row->text(3), out.url = row->text(4), out.state = row->text(5), out.digest = row->text(6);
    out.signature = row->text(7), out.key = row->text(8), out.version = static_cast<int>(row->integer(9)), out.zip = row->text(10);
    row->begin();
    return {};
  }));
  return out;
}

base::Result<std::map<std::string, std::string>> Share::arrival_files(const std::string& authority, std::int64_t id) {
  TRY(const Arrival one, read_arrival(authority, id));
  return unzip(one.zip);
}

base::Result<Json> Share::arrival(const std::string& authority, std::int64_t id) {
  TRY(const Json all, arrivals(authority, ""));
  TRY(const Arrival one, read_arrival(authority, id));
  Json out;
  for (const Json& row : all["items"].as_array())
    if (row["arrivalKey"].string_or("") == std::to_string(id)) out = row;
  TRY(auto files, unzip(one.zip));
  TRY(const Package theirs, load_files(std::move(files), one.slug));
  Json findings = Json::array();
  for (const Finding& f : bank::check(theirs))
    findings.push(Json::Object{{"file", f.file}, {"line", f.line}, {"element", f.element}, {"code", f.code}, {"message", f.message}, {"message_da", f.message_da}, {"remedy", f.remedy}, {"error", f.is_error}});
  out.set("findings", std::move(findings));
  const auto own = bank_.get(authority, one.slug);
  out.set("changes", own && own->owner == authority ? changes(*own->package, theirs) : Json::array());
  out.set("summary", theirs.summary);
  return out;
}

base::Result<Json> Share::decide(const std::string& authority, std::int64_t id, bool take, const std::string& by) {
  TRY(const Arrival one, read_arrival(authority, id));
  if (one.state != "new") return base::fail(ErrorCode::conflict, "the arrival is already " + one.state, {}, "check the bank again for something newer");
  int version = 0;
  if (take) {
    TRY(auto files, unzip(one.zip));
    if (package_digest(files) != one.digest || !store::signed_by(base::unbase64(one.key).value_or(""), share_statement(one.remote, one.slug, one.version, one.digest), base::unbase64(one.signature).value_or("")))
      return base::fail(ErrorCode::data_damaged, "the package is no longer what was signed");
    TRY(const auto imported, bank_.import(authority, one.slug, std::move(files), by, "Fra " + one.bank + ", udgave " + std::to_string(one.version)));
    version = imported.version;
  }
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(auto* put, db.prepare("UPDATE bank_arrival SET state = ?, decided = ?, by_user = ?, taken_as = ? WHERE id = ? AND authority = ? AND state = 'new'"));
    return put->begin().bind_text(1, take ? "taken" : "ignored").bind(2, clock_.now()).bind_text(3, by).bind(4, version).bind(5, id).bind_text(6, authority).run();
  }));
  return Json(Json::Object{{"state", take ? "taken" : "ignored"}, {"slug", one.slug}, {"version", take ? Json(version) : Json()}});
}

base::Result<Json> Share::provenance(const std::string& authority, const std::string& slug) {
  TRY(const auto seen, bank_.get(authority, slug));  // not_found as everywhere
  Json items = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT taken_as, bank, remote, url, version, digest, signature, open_key, decided FROM bank_arrival WHERE authority = ? AND slug = ? AND state = 'taken' ORDER BY id DESC LIMIT 200"));
    rows->begin().bind_text(1, seen.owner).bind_text(2, slug);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      items.push(Json::Object{{"version", rows->integer(0)}, {"bank", rows->text(1)}, {"authority", rows->text(2)}, {"url", rows->text(3)}, {"remoteVersion", rows->integer(4)}, {"digest", rows->text(5)}, {"signature", rows->text(6)},
                              {"key", rows->text(7)}, {"fingerprint", fingerprint(base::unbase64(rows->text(7)).value_or(""))}, {"at", base::iso_utc(rows->integer(8))}});
    }
  }));
  return Json(Json::Object{{"items", std::move(items)}});
}

}  // namespace bank
