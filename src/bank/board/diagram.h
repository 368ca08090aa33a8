// A board as a BPMN diagram with lanes and places (docs/cards.md, "Becoming a diagram").
#pragma once
#include <set>
#include <string>

#include "bank/board/state.h"

namespace bank::board {

// The outline in the notation of docs/notation.md. `id`: of the process. `duties`: a card that was one and no longer claims it gets a new element id.
std::string outline(const State&, const std::string& id, const std::set<std::string>& duties);
// The same with positions, as BPMN. Errors: conflict (no cards), what notation and layout say.
base::Result<std::string> diagram(const State&, const std::string& id, const std::set<std::string>& duties);

}  // namespace bank::board
