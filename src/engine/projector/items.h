// What lies inside an instance's row: its element instances and variables as REST items.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/projector/model.h"

namespace engine {

struct Inside {
  LiveInstance one;
  DefinitionInfo definition;
  bool forgotten = false;   // the key is destroyed: variables read "slettet"
  std::map<Key, std::pair<Key, std::string>> incidents;  // element instance → incident, state
  std::map<Key, Variables> task_locals;                  // of finished user tasks: element instance → what the person saw
  std::map<Key, std::vector<ElementRow>> earlier;        // definitions it ran by before it was migrated
  std::string element_id(Index i) const { return definition.element_id(i); }
  const std::vector<ElementRow>& elements_of(Key key) const {
    const auto found = earlier.find(key);
    return key == one.definition || found == earlier.end() ? definition.elements : found->second;
  }
};
// Nothing when the instance does not exist or is another authority's.
base::Result<std::optional<Inside>> load_inside(store::Connection&, store::Keys*, Key instance, const std::string& authority);

struct Scope { Key instance = 0, scope = 0, visible_from = 0; };  // scope: only that one; visible_from: merged upwards
// From filter fields processInstanceKey, scopeKey, userTaskKey, elementInstanceKey.
base::Result<Scope> scope_of(store::Connection&, const base::Json& filter, const std::string& authority);

std::vector<base::Json> element_items(const Inside&);
std::vector<base::Json> variable_items(const Inside&, const Scope&);
std::string element_type(std::uint8_t bpmn_type);  // "SERVICE_TASK"
Key scope_of_variable(std::int64_t variable_key);

}  // namespace engine
