// The texts that leave: an answer's head, and server-sent events.
#pragma once
#include <string>
#include <string_view>

#include "api/http.h"

namespace api {

std::string http_date();                                       // RFC 9110 section 5.6.7; of now
std::string_view reason_phrase(int status);                    // RFC 9110 section 15; "" when not known
// Up to and including the empty line. A header with a line break in it is left out.
std::string answer_head(const Response&, bool http_1_0, bool close);
std::string event_text(std::string_view event, std::string_view data);  // a line break in the data begins another data line

}  // namespace api
