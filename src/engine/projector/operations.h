// What operations people ask of the read side: one case's timeline, heat per element, versions, incidents in groups, and the scan.
#pragma once
#include <memory>

#include "engine/query.h"
#include "store/database.h"
#include "store/keys.h"

namespace engine {

std::unique_ptr<InstanceScan> make_instance_scan(store::Database& projection, store::Keys*);
// As the ReadSide's functions of these names, which have waited for the projection.
base::Result<base::Json> read_timeline(store::Database&, store::Keys*, std::int64_t instance, const std::string& authority, std::size_t from, std::size_t limit);
base::Result<base::Json> read_heat(store::Database&, std::int64_t definition, base::Millis from, base::Millis to, const std::string& authority);
base::Result<base::Json> read_versions(store::Database&, const std::string& authority, std::string_view process_id);
base::Result<base::Json> read_incident_groups(store::Database&, const std::string& authority);

}  // namespace engine
