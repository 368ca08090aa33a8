// What decisions said, in the words of their tables: for the caseworker's task (docs/api.md, "Decisions of a task").
#pragma once
#include "api/call.h"
#include "base/json.h"

namespace api {

// The decisions that a process instance asked before the user task of `task_key` began, newest last, at most kTaskDecisions.
base::Result<base::Json> decisions_before_task(const Call&, const base::Json& task_row);

}  // namespace api
