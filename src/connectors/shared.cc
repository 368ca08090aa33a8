#include <algorithm>

#include "connectors/connectors.h"

namespace connectors {

base::Json object_schema(std::initializer_list<std::pair<const char*, const char*>> members, std::initializer_list<const char*> required) {
  base::Json properties = base::Json::object(), must = base::Json::array();
  for (const auto& [name, type] : members) {
    base::Json one = base::Json::object();
    if (*type != '\0') one.set("type", type);
    properties.set(name, std::move(one));
  }
  for (const char* name : required) must.push(name);
  base::Json schema = base::Json::object();
  schema.set("type", "object");
  schema.set("properties", std::move(properties));
  schema.set("required", std::move(must));
  return schema;
}

base::Millis back_off(const Job& job, base::Millis first) {
  constexpr base::Millis kLongest = 600'000;
  constexpr int kUsual = 3;  // tries before the last one; the engine tells how many are left
  base::Millis wait = first;
  for (int used = kUsual - job.retries; used > 0 && wait < kLongest; --used) wait *= 2;
  return std::min(wait, kLongest);
}

}  // namespace connectors
