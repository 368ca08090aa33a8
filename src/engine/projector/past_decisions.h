// History of decisions out of projection.db, for what replays them.
#pragma once
#include <memory>

#include "engine/query.h"
#include "store/database.h"
#include "store/keys.h"

namespace engine {

// Both outlive it.
std::unique_ptr<DecisionHistory> make_decision_history(store::Database& projection, store::Keys*);

}  // namespace engine
