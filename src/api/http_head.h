// What RFC 9112 (sections 2 to 6) demands of a head and Boost.Beast lets pass: checked on the raw bytes.
#pragma once
#include <string_view>

#include "api/http.h"

namespace api {

// `head` is everything up to and including the empty line. Fills method, path, segments, query and headers of `out`.
// Errors: invalid_argument (400) with the rule that is broken; the message never repeats the request's own text.
base::Status read_head(std::string_view head, Request& out, bool& http_1_0);

}  // namespace api
