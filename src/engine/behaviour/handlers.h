// One handler per BPMN element, declared from the registry: an element without one does not link.
#pragma once
#include "engine/behaviour/decider.h"

namespace engine::handlers {

#define ELEMENT(name, xml, section, family, executes) Done name(Decider&, const Entering&);
#include "bpmn/elements.def"
#undef ELEMENT

using Handler = Done (*)(Decider&, const Entering&);
Handler of(std::uint8_t element_type);

inline constexpr base::Millis kInternalMessageTtlMs = 3600 * 1000;  // a receiver that comes a little later still gets it

// Shared by the tasks: its job; a wait for its own event; work that is done at once with these results.
Done job(Decider&, const Entering&);
std::expected<ev::job_created, Trouble> job_for(Decider&, const Entering&, const std::string& locals);
Done wait_for_event(Decider&, const Entering&);
Done at_once(Decider&, const Entering&, std::string results);
// Variables of a scope that begins: its own data objects and properties, and these.
std::string with_declared(const ElementProgram& scope, const std::string& locals);
// The attachments of an activity: boundary events, unless it is an item (its body has them).
std::expected<std::vector<Wait>, Trouble> attachments(Decider&, const Entering&, Key key, const std::string& locals);

// A sub-process in which nothing begins by itself: a modification puts its tokens there. Answers its key.
std::expected<Key, Trouble> make_scope(Decider&, const Entering&, const std::string& variables);

// Section 10.6.1, 13.3.4: a compensation event is thrown; a transaction is canceled.
Done throw_compensation(Decider&, const Entering&, const EventProgram&);
Done cancel(Decider&, const Entering&);

}  // namespace engine::handlers
