// Running instances of a version moved to another one, many at a time, or tried without moving anything.
#pragma once
#include "api/batches.h"
#include "engine/engine.h"

namespace api {

struct MigrationOrder {
  engine::Key source = 0, target = 0, instance = 0;  // instance: only this one; 0 = all that run
  std::vector<engine::ElementMapping> mapping;
  bool dry_run = true;
};
// Outcomes "fits" or "moved", "refused" (with what does not fit), "gone" (it ended meanwhile), "failed". Each one is tried before it is
// moved. The engine outlives it.
std::shared_ptr<Batch> make_migrations(BatchOrder, engine::Engine&, MigrationOrder);

}  // namespace api
