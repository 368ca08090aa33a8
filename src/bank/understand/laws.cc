// The watch on laws: somebody marks a law as changed, every activity that cites it gets a review, and a person settles each.
#include <algorithm>
#include <set>

#include "bank/understand/rows.h"
#include "bank/understand/understand.h"
#include "base/limits_understand.h"
#include "base/text.h"
#include "base/time.h"

namespace bank::understand {
namespace {

using base::ErrorCode;
using base::Json;
using store::Connection;

// "§ 13" is in "Samtale § 13, stk. 2" and not in "§ 130" or "§ 13 a".
bool mentions(std::string_view reference, std::string_view place) {
  for (std::size_t at = reference.find(place); at != std::string_view::npos; at = reference.find(place, at + 1)) {
    const std::string_view rest = reference.substr(at + place.size());
    const auto letter_or_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; };
    const bool longer = !rest.empty() && letter_or_digit(rest[0]);
    const bool letter = rest.size() >= 2 && rest[0] == ' ' && rest[1] >= 'a' && rest[1] <= 'z' && (rest.size() == 2 || !letter_or_digit(rest[2]));
    if (!longer && !letter) return true;
  }
  return false;
}

constexpr const char* kReview =
    "SELECT r.id, r.slug, r.version, r.element, r.element_name, r.reference, r.owner_role, r.outcome, r.in_version, r.note, r.by_user, r.at, c.id, c.law, c.title, c.changed, c.place, c.note, "
    "EXISTS (SELECT 1 FROM understand_use u WHERE u.slug = r.slug AND u.kind = 'lov' AND u.entry = c.law AND u.element = r.element AND u.authority = "
    "(SELECT w.authority FROM bank_workflow w WHERE w.slug = r.slug AND (w.authority = ?1 OR w.published = 1) ORDER BY w.authority <> ?1, w.id LIMIT 1)) "
    "FROM understand_review r JOIN understand_law_change c ON c.id = r.change WHERE r.authority = ?1 AND c.withdrawn * (r.outcome = '') = 0 ";

Json review_json(const store::Statement& r) {
  const bool open = r.text(7).empty();
  Json out = Json::Object{{"reviewKey", r.text(0)}, {"slug", r.text(1)}, {"version", r.integer(2)}, {"elementId", r.text(3)}, {"elementName", r.text(4)}, {"reference", r.text(5)},
                          {"owner", r.text(6)}, {"open", open}, {"lawChangeKey", r.text(12)}, {"law", r.text(13)}, {"lawTitle", r.text(14)}, {"changed", r.text(15)},
                          {"place", r.text(16)}, {"changeNote", r.text(17)}, {"stillCited", r.integer(18) != 0}};
  out.set("settled", open ? Json() : Json(Json::Object{{"outcome", r.text(7)}, {"version", r.integer(8) == 0 ? Json() : Json(r.integer(8))}, {"note", r.text(9)}, {"by", r.text(10)}, {"at", base::iso_utc(r.integer(11))}}));
  return out;
}

}  // namespace

base::Result<Json> Understand::mark_law(const Who& who, const LawChange& change_of) {
  TRY(const auto held, this->readable(who.authority));
  const Readable& readable = *held;
  TRY(const auto found, find(readable, "lov", change_of.law));
  if (found.empty()) return base::fail(ErrorCode::not_found, "no workflow that this authority can read cites this law");
  TRY(const auto owners, find(readable, "ejer", ""));
  std::map<std::string, std::string> owner_of;
  for (const Found& f : owners) owner_of[f.workflow->slug] = f.use.title;
  std::set<std::string> with_activities;
  for (const Found& f : found)
    if (!f.use.element.empty()) with_activities.insert(f.workflow->slug);
  std::string id;
  std::int64_t raised = 0;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY_VOID(change(db, "INSERT INTO understand_law_change (authority, law, title, changed, place, note, url, by_user, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", who.authority,
                    change_of.law, found.front().use.title, change_of.changed, change_of.place, change_of.note, change_of.url, who.user, clock_.now()));
    const std::int64_t row = db.last_row_id();
    id = std::to_string(row);
    std::set<std::pair<std::string, std::string>> done;
    for (const Found& f : found) {
      const Use& u = f.use;
      // A reference to the law as a whole is met by any change of it; the workflow itself stands for its activities where none cites.
      if (!change_of.place.empty() && !u.detail.empty() && u.detail.find("§") != std::string::npos && !mentions(u.detail, change_of.place)) continue;
      if (u.element.empty() && with_activities.contains(f.workflow->slug)) continue;
      if (!done.insert({f.workflow->slug, u.element}).second) continue;
      TRY_VOID(change(db, "INSERT INTO understand_review (authority, change, slug, version, element, element_name, reference, owner_role) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", who.authority, row,
                      f.workflow->slug, f.workflow->version, u.element, u.element_name, u.detail, owner_of[f.workflow->slug]));
      ++raised;
    }
    return {};
  }));
  return Json::Object{{"lawChangeKey", id}, {"reviews", raised}};
}

base::Result<Json> Understand::law_changes(const std::string& authority, const std::string& law) {
  Json items = Json::array();
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, "SELECT c.id, c.law, c.title, c.changed, c.place, c.note, c.url, c.by_user, c.at, c.withdrawn, "
                        "(SELECT COUNT(*) FROM understand_review r WHERE r.change = c.id AND r.outcome = ''), (SELECT COUNT(*) FROM understand_review r WHERE r.change = c.id AND r.outcome <> '') "
                        "FROM understand_law_change c WHERE c.authority = ?1 AND (?2 = '' OR c.law = ?2) ORDER BY c.id DESC LIMIT 1000", [&](const store::Statement& r) {
      const bool withdrawn = r.integer(9) != 0;
      items.push(Json::Object{{"lawChangeKey", r.text(0)}, {"law", r.text(1)}, {"title", r.text(2)}, {"changed", r.text(3)}, {"place", r.text(4)}, {"note", r.text(5)}, {"url", r.text(6)},
                              {"by", r.text(7)}, {"at", base::iso_utc(r.integer(8))}, {"withdrawn", withdrawn}, {"open", withdrawn ? 0 : r.integer(10)}, {"settled", r.integer(11)}});
    }, authority, law);
  }));
  return Json::Object{{"items", std::move(items)}};
}

base::Status Understand::withdraw_law_change(const Who& who, std::int64_t id) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY_VOID(change(db, "UPDATE understand_law_change SET withdrawn = 1 WHERE id = ? AND authority = ?", id, who.authority));
    if (db.changes() == 0) return base::fail(ErrorCode::not_found, "no such change of a law");
    return {};
  });
}

base::Result<Json> Understand::reviews(const std::string& authority, const ReviewFilter& filter) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  Json items = Json::array();
  std::int64_t open = 0, total = 0;
  std::map<std::string, std::int64_t> by_owner;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, std::string(kReview) + "AND (?2 = '' OR r.slug = ?2) AND (?3 = '' OR c.law = ?3) AND (?4 = '' OR r.owner_role = ?4) ORDER BY r.outcome <> '', c.changed, r.slug, r.id",
                    [&](const store::Statement& r) {
      const auto at = readable.find(r.text(1));
      if (at == readable.end()) return;  // withdrawn from publication since
      Json one = review_json(r);
      if (one["open"].as_bool()) {
        ++open;
        ++by_owner[r.text(6)];
      } else if (filter.open_only) {
        return;
      }
      ++total;
      if (items.size() >= base::limits::kReviewsShown) return;
      one.set("title", at->second.title);
      one.set("currentVersion", at->second.version);
      items.push(std::move(one));
    }, authority, filter.slug, filter.law, filter.owner);
  }));
  Json owners = Json::array();
  for (const auto& [owner, count] : by_owner) owners.push(Json::Object{{"owner", owner}, {"open", count}});
  return Json::Object{{"items", std::move(items)}, {"total", total}, {"open", open}, {"byOwner", std::move(owners)}};
}

base::Result<std::map<std::string, int>> Understand::open_reviews(const std::string& authority, const char* column) {
  std::map<std::string, int> out;
  const std::string by = std::string_view(column) == "law" ? "c.law" : "r.slug";
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, "SELECT " + by + ", COUNT(*) FROM understand_review r JOIN understand_law_change c ON c.id = r.change "
                        "WHERE r.authority = ? AND r.outcome = '' AND c.withdrawn = 0 GROUP BY " + by, [&](const store::Statement& r) { out[r.text(0)] = static_cast<int>(r.integer(1)); }, authority);
  }));
  return out;
}

base::Result<Json> Understand::review(const std::string& authority, std::int64_t id) {
  Json out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, std::string(kReview) + "AND r.id = ?2", [&](const store::Statement& r) { out = review_json(r); }, authority, id);
  }));
  if (out.is_null()) return base::fail(ErrorCode::not_found, "no such review");
  TRY(const Workflow w, workflow(authority, out["slug"].as_string()));
  out.set("title", w.title);
  out.set("currentVersion", w.version);
  return out;
}

base::Result<Json> Understand::settle(const Who& who, std::int64_t id, const Settlement& settlement) {
  TRY(const Json before, review(who.authority, id));
  if (!before["open"].as_bool()) return base::fail(ErrorCode::conflict, "the review has been settled", {}, "reopen it first");
  if (settlement.outcome == "rettet" && (settlement.version < 1 || settlement.version > before["currentVersion"].as_int()))
    return base::fail(ErrorCode::invalid_argument, "the workflow has no version " + std::to_string(settlement.version), {.pointer = "/version"},
                      "1 to " + before["currentVersion"].number_text() + "; publish the new version first");
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY_VOID(change(db, "UPDATE understand_review SET outcome = ?, in_version = ?, note = ?, by_user = ?, at = ? WHERE id = ? AND authority = ? AND outcome = ''", settlement.outcome,
                    settlement.outcome == "rettet" ? settlement.version : 0, settlement.note, who.user, clock_.now(), id, who.authority));
    if (db.changes() == 0) return base::fail(ErrorCode::conflict, "somebody settled the review in the meantime");
    return {};
  }));
  return review(who.authority, id);
}

base::Result<Json> Understand::reopen(const Who& who, std::int64_t id) {
  TRY_VOID(review(who.authority, id));
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    return change(db, "UPDATE understand_review SET outcome = '', in_version = 0, note = '', by_user = '', at = 0 WHERE id = ? AND authority = ?", id, who.authority);
  }));
  return review(who.authority, id);
}

base::Result<Json> Understand::workflow_law(const std::string& authority, const std::string& slug) {
  TRY(const Workflow w, workflow(authority, slug));
  TRY(const auto uses, uses_of(w));
  Json laws = Json::array(), elements = Json::array();
  std::map<std::string, const Use*> listed;  // the first row of each law in the manifest: link and date for its activities
  for (const Use& u : uses) {
    if (u.kind != "lov" || !u.element.empty()) continue;
    listed.emplace(u.key, &u);
    laws.push(Json::Object{{"key", u.key}, {"title", u.title}, {"reference", u.detail}, {"url", u.eli.empty() ? u.url : u.eli}, {"eli", !u.eli.empty()}, {"verified", u.verified}, {"due", u.due}, {"state", law_state(u.verified, u.due)}});
  }
  for (const Use& u : uses) {
    if (u.kind != "lov" || u.element.empty()) continue;
    Json one = Json::Object{{"elementId", u.element}, {"name", u.element_name}, {"key", u.key}, {"title", u.title}, {"reference", u.detail}, {"listed", listed.contains(u.key)}};
    if (const auto at = listed.find(u.key); at != listed.end()) {
      one.set("url", at->second->eli.empty() ? at->second->url : at->second->eli);
      one.set("verified", at->second->verified);
      one.set("state", law_state(at->second->verified, at->second->due));
    }
    elements.push(std::move(one));
  }
  TRY(const Json tasks, reviews(authority, {.slug = slug, .law = {}, .owner = {}, .open_only = false}));
  return Json::Object{{"laws", std::move(laws)}, {"activities", std::move(elements)}, {"reviews", tasks["items"]}, {"openReviews", tasks["open"]}};
}

}  // namespace bank::understand
