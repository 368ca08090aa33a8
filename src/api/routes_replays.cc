// Replays: Hvad nu hvis (docs/dmn.md, for the rule owner).
#include "api/decisions.h"

namespace api {
namespace {

using base::ErrorCode;

void not_yet(const CallPtr& call) {
  if (auto xml = decision_text(*call); !xml) return call->fail(xml.error());
  call->fail({ErrorCode::busy, "this part is being built", {}, {}});
}
void none(const CallPtr& call) { call->fail({ErrorCode::not_found, "no such replay", {}, {}}); }

}  // namespace

void add_replays(Handlers& handlers) {
  handlers["startReplay"] = {not_yet};
  handlers["getReplay"] = {none};
  handlers["getReplayDifferences"] = {none};
  handlers["cancelReplay"] = {none};
}

}  // namespace api
