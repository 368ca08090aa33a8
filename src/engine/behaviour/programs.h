// Compiled definitions beside the state: a cache that decide reads, made at deployment or again from the stored files.
#pragma once
#include <map>
#include <memory>
#include <unordered_map>

#include "dmn/dmn.h"
#include "engine/behaviour/collections.h"
#include "engine/program/program.h"
#include "engine/state/state.h"

namespace engine {

class Programs {
 public:
  // nullptr: no such definition, or a file that this release can no longer compile (finish_load reports which).
  const Program* process(const State&, Key definition);
  const dmn::Program* decision(const State&, Key resource);
  void put(Key definition, ProgramPtr program) { processes_[definition] = std::move(program); }
  void put(Key resource, std::shared_ptr<const dmn::Program> program) { decisions_[resource] = std::move(program); }
  void forget(Key key) { processes_.erase(key); decisions_.erase(key); }  // a deleted definition or file
  // Compiles all that is deployed. Errors: what the compiler says, or data_damaged when the element table differs.
  base::Status compile_all(const State&);
  Collections collections;

 private:
  base::Result<ProgramPtr> compile_process(const State&, const Definition&);
  std::unordered_map<Key, ProgramPtr> processes_;
  std::unordered_map<Key, std::shared_ptr<const dmn::Program>> decisions_;
};

}  // namespace engine
