// A model of the suite rewritten into ordinary BPMN that the engine deploys.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/xml.h"

namespace conformance::tokens {

// Elements that the rewriting adds have no lines.
inline bool added(const std::string& id) { return id.ends_with("-added"); }
// Where a sub-process or activity that waits is triggered.
inline std::string wait_of(const std::string& id) { return id + "-wait-added"; }
// The variable that lists the flows which configured gateways take.
inline constexpr const char* kTaken = "taken";
// A message flow is a message of its own name.
inline std::string message_of(const std::string& flow) { return "flow-" + flow; }

struct Model {
  std::vector<std::string> processes;
  std::map<std::string, std::set<std::string>> nodes;     // of each process: ids directly in it
  std::map<std::string, std::vector<std::string>> begins; // of each process: what begins with it beside a start event
  std::map<std::string, std::string> participants;        // process → participant, whose id its scope carries
  std::set<std::string> flows, containers;                // containers: elements that others are created in
  std::set<std::string> chained;                          // what waits does so at wait_of it
};

// Rewrites `document`: activities become plain tasks, those that wait become receive tasks (or wait inside), those with
// message flows send and receive them in the order in which they are drawn; the decision of a gateway becomes conditions
// over kTaken; events that data or time would bring become messages, triggered by name; an error that nobody catches has no
// effect and becomes an end. `waits`: elements that wait when they are entered.
Model rewrite(base::xml::Document& document, const std::set<std::string>& waits);

}  // namespace conformance::tokens
