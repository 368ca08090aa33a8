// Internal to the room: the tables that finding needs beside the bank's own.
#pragma once
#include "store/database.h"

namespace bank {

base::Status migrate_find(store::Database&);

}  // namespace bank
