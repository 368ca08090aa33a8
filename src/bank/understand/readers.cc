// What a reader keeps of a workflow: a favourite, what to follow, that a version was read and understood; and its permanent link.
#include "bank/understand/rows.h"
#include "bank/understand/understand.h"
#include "base/time.h"

namespace bank::understand {

using base::ErrorCode;
using base::Json;
using store::Connection;

base::Result<Json> Understand::reader(const Who& who, const std::string& slug) {
  TRY(const Workflow w, workflow(who.authority, slug));
  bool favourite = false, follow = false;
  Json read, confirmed = Json::array();
  std::int64_t comments = 0;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY_VOID(each_row(db, "SELECT favourite, follow FROM understand_mark WHERE authority = ? AND user = ? AND slug = ?", [&](const store::Statement& r) {
      favourite = r.integer(0) != 0;
      follow = r.integer(1) != 0;
    }, who.authority, who.user, slug));
    TRY_VOID(each_row(db, "SELECT version, at FROM understand_read WHERE authority = ? AND slug = ? AND user = ? ORDER BY version DESC LIMIT 1", [&](const store::Statement& r) {
      read = Json::Object{{"version", r.integer(0)}, {"at", base::iso_utc(r.integer(1))}};
    }, who.authority, slug, who.user));
    // Counts only: who has read is nobody's list.
    TRY_VOID(each_row(db, "SELECT version, COUNT(*) FROM understand_read WHERE authority = ? AND slug = ? GROUP BY version ORDER BY version DESC", [&](const store::Statement& r) {
      confirmed.push(Json::Object{{"version", r.integer(0)}, {"people", r.integer(1)}});
    }, who.authority, slug));
    return each_row(db, "SELECT COUNT(*) FROM understand_comment WHERE authority = ? AND slug = ? AND reply_to = 0 AND removed_at = 0 AND resolved_at = 0",
                    [&](const store::Statement& r) { comments = r.integer(0); }, who.authority, slug);
  }));
  TRY(const auto open, open_reviews(who.authority, "slug"));
  const auto reviews = open.find(slug);
  return Json::Object{{"permanentId", w.id}, {"version", w.version}, {"favourite", favourite}, {"following", follow}, {"read", std::move(read)}, {"confirmed", std::move(confirmed)},
                      {"openComments", comments}, {"openReviews", reviews == open.end() ? 0 : reviews->second}};
}

base::Result<Json> Understand::mark(const Who& who, const std::string& slug, bool favourite, bool follow) {
  TRY_VOID(workflow(who.authority, slug));
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    if (!favourite && !follow) return change(db, "DELETE FROM understand_mark WHERE authority = ? AND user = ? AND slug = ?", who.authority, who.user, slug);
    return change(db, "INSERT OR REPLACE INTO understand_mark VALUES (?, ?, ?, ?, ?, ?)", who.authority, who.user, slug, favourite ? 1 : 0, follow ? 1 : 0, clock_.now());
  }));
  return reader(who, slug);
}

base::Result<Json> Understand::confirm_read(const Who& who, const std::string& slug, int version) {
  TRY(const Workflow w, workflow(who.authority, slug));
  if (version != w.version)
    return base::fail(ErrorCode::conflict, "the workflow is in version " + std::to_string(w.version) + " now", {.pointer = "/version"}, "read that version and confirm it");
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    return change(db, "INSERT OR IGNORE INTO understand_read VALUES (?, ?, ?, ?, ?)", who.authority, slug, version, who.user, clock_.now());
  }));
  return reader(who, slug);
}

base::Result<Json> Understand::followed(const Who& who) {
  TRY(const auto held, this->readable(who.authority));
  const Readable& readable = *held;
  TRY(const auto open, open_reviews(who.authority, "slug"));
  Json items = Json::array(), feed;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY_VOID(each_row(db, "SELECT at FROM understand_feed WHERE authority = ? AND user = ?", [&](const store::Statement& r) { feed = base::iso_utc(r.integer(0)); }, who.authority, who.user));
    return each_row(db, "SELECT m.slug, m.favourite, m.follow, w.changed, (SELECT MAX(version) FROM understand_read r WHERE r.authority = m.authority AND r.user = m.user AND r.slug = m.slug) "
                        "FROM understand_mark m LEFT JOIN bank_workflow w ON w.slug = m.slug AND (w.authority = m.authority OR w.published = 1) "
                        "WHERE m.authority = ? AND m.user = ? GROUP BY m.slug ORDER BY MAX(w.changed) DESC", [&](const store::Statement& r) {
      const auto at = readable.find(r.text(0));
      if (at == readable.end()) return;
      const auto reviews = open.find(r.text(0));
      items.push(Json::Object{{"slug", r.text(0)}, {"title", at->second.title}, {"domain", at->second.domain}, {"version", at->second.version}, {"changed", base::iso_utc(r.integer(3))},
                              {"favourite", r.integer(1) != 0}, {"following", r.integer(2) != 0}, {"read", r.is_null(4) ? Json() : Json(r.integer(4))},
                              {"openReviews", reviews == open.end() ? 0 : reviews->second}});
    }, who.authority, who.user);
  }));
  return Json::Object{{"items", std::move(items)}, {"feed", std::move(feed)}};
}

base::Result<Json> Understand::permanent(const std::string& authority, std::int64_t id) {
  std::string slug;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, "SELECT slug FROM bank_workflow WHERE id = ? AND (authority = ? OR published = 1)", [&](const store::Statement& r) { slug = r.text(0); }, id, authority);
  }));
  if (slug.empty()) return base::fail(ErrorCode::not_found, "no workflow with this permanent link that this authority can read");
  return Json::Object{{"slug", slug}};
}

}  // namespace bank::understand
