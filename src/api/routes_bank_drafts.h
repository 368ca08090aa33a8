// Internal to the room: only server.cc needs it.
#pragma once
#include "api/call.h"

namespace api {

void add_bank_drafts(Handlers&);

}  // namespace api
