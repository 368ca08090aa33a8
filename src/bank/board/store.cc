// A board becomes a package of its authority.
#include <algorithm>

#include "bank/board/board.h"
#include "bank/board/diagram.h"
#include "bank/board/manifest.h"
#include "base/text.h"

namespace bank::board {

using base::ErrorCode;
using base::Json;

base::Result<Json> Boards::store(const Member& who, std::int64_t key, const Target& target, std::vector<Finding>* findings) {
  TRY(const auto board, find(who.authority, key));
  const std::lock_guard lock(board->mutex);
  if (!valid_slug(target.slug)) return base::fail(ErrorCode::invalid_argument, "'" + target.slug.substr(0, 100) + "' is no slug", {}, "<domain>/<name> of a-z, 0-9 and hyphen");
  std::vector<std::shared_ptr<const Package>> sources;
  for (const std::string& slug : board->sources)
    if (auto source = bank_.get(who.authority, slug)) sources.push_back(source->package);
  const auto there = bank_.get(who.authority, target.slug);
  const bool own = there && there->owner == who.authority;
  if (own && derived_from(*there->package) != board->sources)
    return base::fail(ErrorCode::conflict, "another workflow of yours has this slug", {.file = target.slug}, "choose another name");
  TRY(const auto covered, coverage_of(*board));
  std::set<std::string> ids;
  for (const auto& one : covered.duties) ids.insert(one.duty.id);
  TRY(auto bpmn, board::diagram(board->state, target.slug.substr(target.slug.find('/') + 1), ids));
  const auto files = [&](int version) {
    return std::map<std::string, std::string>{{"arbejdsgang.yaml", manifest(board->state, target, sources, board->sources, version)}, {"proces.bpmn", bpmn}};
  };
  const bool same = own && files(there->version) == there->package->files;
  const auto record_excuses = [&]() -> base::Status {
    for (const auto& [duty, excuse] : board->state.excuses) TRY_VOID(bank_.excuse(who.authority, target.slug, duty, excuse.reason, excuse.by, excuse.at));
    return {};
  };
  if (own) TRY_VOID(record_excuses());  // before the new version, which is judged with them where the workflow is published
  const std::string note = target.note.empty() ? std::string("Fra tavle med kort") : target.note;
  TRY(const auto imported, bank_.import(who.authority, target.slug, files(!own ? 1 : same ? there->version : there->version + 1), who.user, note, findings));
  if (!own) TRY_VOID(record_excuses());
  TRY(const auto recorded, bank_.excuses(who.authority, target.slug));  // and after it, when it covers what they were for
  for (const auto& [duty, excuse] : recorded)
    if (!board->state.excuses.contains(duty)) TRY_VOID(bank_.excuse(who.authority, target.slug, duty, "", who.user));
  return Json::Object{{"slug", imported.slug}, {"version", imported.version}, {"changed", imported.changed}, {"coverage", covered.json()},
      {"from", board->sources.empty() ? Json() : Json(board->sources.front())}};
}

}  // namespace bank::board
