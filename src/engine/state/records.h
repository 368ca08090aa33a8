// Checkpoint records and the canonical dump are written from one field list per struct (records.cc).
#pragma once
#include "engine/state/state.h"
