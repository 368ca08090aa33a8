// What one package names that a register lists: roles, kinds of systems, forms, documents, laws, and the workflows it calls.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bank/package.h"

namespace bank::understand {

struct Use {
  std::string kind;                    // rolle | system | blanket | dokument | lov; kald (key = slug); ejer; afledt, erstatter (key = slug)
  std::string key, title;              // key: register_key(title), so that spellings with other letter case are one entry
  std::string element, element_name;   // "" = the workflow as a whole
  std::string detail;                  // law: the reference; system: what for; document: "ind" | "ud"
  std::string url, eli, verified, due; // of laws; verified and due as YYYY-MM-DD
};

std::vector<Use> uses(const Package&);
// "Lov om sociale ydelser" → "lov-om-sociale-ydelser": the entry's name in addresses.
std::string register_key(std::string_view title);

// A `lov` property of an activity: "Sygedagpengeloven § 54" → the law, and where in it.
struct Citation { std::string law, reference; };
Citation cite(std::string_view property, const std::vector<std::string>& titles);  // titles: of the manifest's jura

}  // namespace bank::understand
