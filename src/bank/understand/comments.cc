// What people of one authority write to each other about an activity. Threads of two levels; a removal can be taken back.
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

struct Row { std::string authority, slug, by; std::int64_t reply_to = 0; bool removed = false, resolved = false; };

base::Result<Row> row_of(Connection& db, const Who& who, std::int64_t id) {
  Row row;
  TRY_VOID(each_row(db, "SELECT authority, slug, by_user, reply_to, removed_at, resolved_at FROM understand_comment WHERE id = ? AND authority = ?", [&](const store::Statement& r) {
    row = {r.text(0), r.text(1), r.text(2), r.integer(3), r.integer(4) != 0, r.integer(5) != 0};
  }, id, who.authority));
  if (row.authority.empty()) return base::fail(ErrorCode::not_found, "no such comment");
  return row;
}

Json comment_json(const store::Statement& r, const Who& who) {
  Json out = Json::Object{{"commentKey", r.text(0)}, {"elementId", r.text(1)}, {"elementName", r.text(2)}, {"text", r.text(4)}, {"by", r.text(5)}, {"own", r.text(5) == who.user},
                          {"at", base::iso_utc(r.integer(6))}, {"version", r.integer(9)}};
  if (r.integer(3) == 0) {
    out.set("resolved", r.integer(8) == 0 ? Json() : Json(Json::Object{{"by", r.text(7)}, {"at", base::iso_utc(r.integer(8))}}));
    out.set("replies", Json::array());
  }
  return out;
}

}  // namespace

base::Result<Json> Understand::comments(const Who& who, const std::string& slug) {
  TRY_VOID(workflow(who.authority, slug));
  Json threads = Json::array();
  std::map<std::string, std::size_t> place;
  std::int64_t open = 0;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    return each_row(db, "SELECT id, element, element_name, reply_to, text, by_user, at, resolved_by, resolved_at, version FROM understand_comment "
                        "WHERE authority = ?1 AND slug = ?2 AND removed_at = 0 ORDER BY reply_to <> 0, id LIMIT ?3", [&](const store::Statement& r) {
      Json one = comment_json(r, who);
      if (r.integer(3) == 0) {
        place[r.text(0)] = threads.size();
        if (one["resolved"].is_null()) ++open;
        threads.push(std::move(one));
      } else if (const auto at = place.find(r.text(3)); at != place.end()) {  // an answer goes with the thread it stands in
        Json replies = threads.as_array()[at->second]["replies"];
        replies.push(std::move(one));
        threads.as_array()[at->second].set("replies", std::move(replies));
      }
    }, who.authority, slug, static_cast<std::int64_t>(base::limits::kCommentsShown));
  }));
  return Json::Object{{"threads", std::move(threads)}, {"open", open}};
}

base::Result<Json> Understand::comment(const Who& who, const std::string& slug, const std::string& element, const std::string& text, std::int64_t reply_to) {
  TRY(const Workflow w, workflow(who.authority, slug));
  const std::string trimmed(base::trim(text));
  if (trimmed.empty()) return base::fail(ErrorCode::invalid_argument, "the comment says nothing", {.pointer = "/text"});
  if (trimmed.size() > base::limits::kCommentBytes) return base::fail(ErrorCode::limit_exceeded, "the comment is longer than " + std::to_string(base::limits::kCommentBytes) + " bytes");
  std::string name;
  if (!element.empty() && reply_to == 0) {
    TRY(const auto stored, bank_.get(who.authority, slug));
    const int n = stored.package->process ? stored.package->process->node(element) : -1;
    if (n < 0) return base::fail(ErrorCode::invalid_argument, "the diagram has no activity or event of this id", {.element = element, .pointer = "/elementId"});
    name = stored.package->process->nodes[static_cast<std::size_t>(n)].name;
  }
  std::int64_t id = 0;
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    if (reply_to != 0) {
      TRY(const Row thread, row_of(db, who, reply_to));
      if (thread.slug != slug || thread.reply_to != 0 || thread.removed) return base::fail(ErrorCode::not_found, "no such thread on this workflow");
      if (thread.resolved) TRY_VOID(change(db, "UPDATE understand_comment SET resolved_by = '', resolved_at = 0 WHERE id = ?", reply_to));  // who answers opens it again
    }
    TRY_VOID(change(db, "INSERT INTO understand_comment (authority, slug, version, element, element_name, reply_to, text, by_user, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    who.authority, slug, w.version, element, name, reply_to, trimmed, who.user, clock_.now()));
    id = db.last_row_id();
    return {};
  }));
  return Json::Object{{"commentKey", std::to_string(id)}};
}

base::Result<Json> Understand::resolve(const Who& who, std::int64_t id, bool resolved) {
  TRY_VOID(database_.write([&](Connection& db) -> base::Status {
    TRY(const Row row, row_of(db, who, id));
    if (row.removed) return base::fail(ErrorCode::not_found, "no such comment");
    if (row.reply_to != 0) return base::fail(ErrorCode::conflict, "an answer is settled with its thread");
    return change(db, "UPDATE understand_comment SET resolved_by = ?, resolved_at = ? WHERE id = ?", resolved ? who.user : std::string(), resolved ? clock_.now() : 0, id);
  }));
  return Json::Object{{"commentKey", std::to_string(id)}, {"resolved", resolved}};
}

base::Status Understand::remove_comment(const Who& who, std::int64_t id, bool removed, bool any) {
  return database_.write([&](Connection& db) -> base::Status {
    TRY(const Row row, row_of(db, who, id));
    if (row.by != who.user && !any) return base::fail(ErrorCode::forbidden, "the comment is somebody else's", {}, "ask its author, or a konsulent");
    return change(db, "UPDATE understand_comment SET removed_by = ?, removed_at = ? WHERE id = ?", removed ? who.user : std::string(), removed ? clock_.now() : 0, id);
  });
}

}  // namespace bank::understand
