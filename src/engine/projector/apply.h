// The head of a model's function per event: `e` is the event, `at` its record. A missing one does not link.
#pragma once
#include "engine/projector/model.h"

#define ON(event) base::Status Model::on(const ev::event& e, [[maybe_unused]] const RecordView& at)
#define IGNORE(event) \
  base::Status Model::on(const ev::event&, const RecordView&) { return {}; }
