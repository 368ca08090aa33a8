// Correlation as BPMN itself says it (section 8.4.2), for messages without a zeebe:subscription.
#pragma once
#include <string>

#include "bpmn/model.h"

namespace engine {

// FEEL text of the correlation key of message `id` in a process, "" where the model says none. Who catches it evaluates the
// data paths of the process's correlation subscription; who throws it the message paths of a correlation key. Several
// properties are one text, joined by "|".
std::string correlation_text(const bpmn::Model&, int process, const std::string& message, bool catches);

}  // namespace engine
