// A board becomes a package of its authority.
#include <algorithm>

#include "bank/board/board.h"
#include "bank/board/diagram.h"
#include "bank/board/manifest.h"
#include "base/text.h"

namespace bank::board {
namespace {

using base::ErrorCode;
using base::Json;

}  // namespace

base::Result<Json> Boards::store(const Member& who, std::int64_t key, const Target& target, std::vector<Finding>* findings) {
  TRY(const auto board, find(who.authority, key));
  const std::lock_guard lock(board->mutex);
  if (!valid_slug(target.slug)) return base::fail(ErrorCode::invalid_argument, "'" + target.slug.substr(0, 100) + "' is no slug", {}, "<domain>/<name> of a-z, 0-9 and hyphen");
  std::vector<std::shared_ptr<const Package>> sources;
  for (const std::string& slug : board->sources)
    if (auto source = bank_.get(who.authority, slug)) sources.push_back(source->package);
  int version = 1;
  bool published = false;
  if (const auto there = bank_.get(who.authority, target.slug); there && there->owner == who.authority) {
    if (derived_from(*there->package) != board->sources)
      return base::fail(ErrorCode::conflict, "another workflow of yours has this slug", {.file = target.slug}, "choose another name");
    version = there->version + 1;
    TRY(const Json facts, bank_.workflow(who.authority, target.slug));
    published = facts["published"].bool_or(false);
  }
  TRY(const auto covered, coverage_of(*board));
  if (published && !covered.missing().empty())
    return base::fail(ErrorCode::conflict, "the workflow is published, and '" + covered.missing().front().name + "' is not covered any more", {.element = covered.missing().front().id},
        "let a card claim it, or say on the board why it does not apply");
  std::set<std::string> ids;
  for (const auto& one : covered.duties) ids.insert(one.duty.id);
  TRY(auto bpmn, board::diagram(board->state, target.slug.substr(target.slug.find('/') + 1), ids));
  std::map<std::string, std::string> files = {{"arbejdsgang.yaml", manifest(board->state, target, sources, board->sources, version)}, {"proces.bpmn", std::move(bpmn)}};
  TRY(const auto imported, bank_.import(who.authority, target.slug, std::move(files), who.user, target.note.empty() ? std::string("Fra tavle med kort") : target.note, findings));
  TRY(const auto recorded, bank_.excuses(who.authority, target.slug));
  for (const auto& [duty, excuse] : recorded)
    if (!board->state.excuses.contains(duty)) TRY_VOID(bank_.excuse(who.authority, target.slug, duty, "", who.user));
  for (const auto& [duty, excuse] : board->state.excuses) TRY_VOID(bank_.excuse(who.authority, target.slug, duty, excuse.reason, excuse.by, excuse.at));
  return Json::Object{{"slug", imported.slug}, {"version", imported.version}, {"changed", imported.changed}, {"coverage", covered.json()},
      {"from", board->sources.empty() ? Json() : Json(board->sources.front())}};
}

}  // namespace bank::board
