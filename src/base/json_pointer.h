// Writing JSON pointers (RFC 6901); reading them is Json::at_pointer.
#pragma once
#include <string>
#include <string_view>

namespace base {

std::string escape_pointer(std::string_view key);  // one reference token: "~" and "/" escaped (section 3)

}  // namespace base
