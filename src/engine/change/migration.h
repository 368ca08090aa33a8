// Migration of a running instance to another definition. The tables say what each element and flow becomes; the check
// says whether everything that is alive fits; dry run and migration use the same one.
//
// What changes and what stays: element instances, jobs (with their worker, type and retries), user tasks, called
// instances, variables and multi-instance counters stay as they are, under their keys. An event that is waited for stays
// with its due time and correlation key where its counterpart hears the same kinds of trigger and interrupts alike; a
// message or signal with another fixed name is listened for under the new name. What only the target has is opened, what
// only the source has is closed. Tokens that wait at a join arrive again.
#pragma once
#include <map>

#include "engine/behaviour/decider.h"

namespace engine {

enum class Misfit : std::uint8_t {
#define MISFIT(name, code, english, danish) name,
#include "engine/change/migration.def"
#undef MISFIT
};
std::string_view name(Misfit);
base::ErrorCode refused_as(Misfit);

// element: id in the source; of a fault in the target alone (expression_failed …) the target's. instance: 0 = none.
struct Finding { Misfit code{}; std::string element; Key instance = 0; std::string other; };
std::string english(const Finding&);
std::string danish(const Finding&);

struct MigrationTables {
  const Program& source;
  const Program& target;
  std::vector<Index> elements, flows;    // source → target, kNoIndex: none
  Index of(Index element) const { return elements[element]; }
};
// Faults in the mapping itself go to `findings`.
MigrationTables make_tables(const Program& source, const Program& target, const std::vector<ElementMapping>&, std::vector<Finding>& findings);

// Does what waits for this event element of the source go on waiting for its counterpart?
bool stays(const MigrationTables&, Index event);
// The same of an event that this element instance waits for (which has not changed yet).
bool goes_on(const MigrationTables&, const ElementInstance&, Index event);
// Event elements of the target that begin to wait at an element instance that has not changed yet.
std::vector<Index> openings(const State&, const MigrationTables&, const ElementInstance&);
// An interrupting event sub-process has taken over this scope: its triggers wait no longer.
bool taken_over(const State&, const Program&, const ElementInstance& scope);

struct MigrationReport {
  std::vector<Finding> findings;         // at most limits::kMigrationFindings
  std::uint64_t found = 0;               // all of them
  std::map<std::pair<Index, Index>, std::uint64_t> elements, kept;  // (source, target) → how many
  std::map<Index, std::uint64_t> opened, closed;                    // target, source → how many
};
// Errors: limit_exceeded.
base::Result<MigrationReport> check_migration(Decider&, const Instance&, const MigrationTables&, std::vector<Finding> mapping_faults);

}  // namespace engine
