// What the addresses about a workflow's decisions share. Internal to the room.
#pragma once
#include <string>
#include <vector>

#include "api/call.h"
#include "dmn/dmn.h"

namespace api {

inline constexpr const char* kDecisionFile = "beslutninger.dmn";

// The DMN text that a call speaks of: the body's draft ("xml"), else the stored file. Errors: not_found.
base::Result<std::string> decision_text(const Call&);

// A draft as far as it can be understood: model and program are null where it cannot; findings say why.
struct Draft {
  std::shared_ptr<const dmn::Model> model;
  std::shared_ptr<const dmn::Program> program;
  std::vector<bank::Finding> findings;
  bool refused() const { return program == nullptr; }
};
Draft read_draft(const std::string& xml);
// 400 with everything that is wrong with it.
void refuse_draft(const CallPtr&, const std::vector<bank::Finding>&);

}  // namespace api
