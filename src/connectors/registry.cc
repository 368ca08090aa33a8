#include "connectors/connectors.h"

namespace connectors {

const std::vector<const Connector*>& all() {
  static const std::vector<const Connector*> list = {
#define CONNECTOR(factory, type, file) &factory(),
#include "connectors/connectors.def"
#undef CONNECTOR
  };
  return list;
}

const Connector* find(std::string_view type) {
  for (const Connector* c : all())
    if (c->type() == type) return c;
  return nullptr;
}

}  // namespace connectors
