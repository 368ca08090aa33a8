// Checkpoint records and the canonical dump are written from one field list per struct (records.cc).
#pragma once
#include "engine/state/state.h"

namespace engine {

// The variables of an element instance as a checkpoint record has them (sealed), and back. A key that was destroyed: storing
// fails (forgotten), opening gives {"slettet": "slettet"}.
base::Result<std::string> stored_form(std::string_view variables, const State&, const ElementInstance&, store::Keys*);
base::Result<std::string> open_stored(std::string_view stored, const State&, const ElementInstance&, store::Keys*);
// The steps of a stored ready queue, in order.
base::Status load_ready(std::string_view bytes, store::Keys*, const std::function<void(Step)>& push);

}  // namespace engine
