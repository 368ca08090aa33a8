// Danish order as bytes that compare like collate_danish, for sorting where only bytes are compared (an index).
#pragma once
#include <string>
#include <string_view>

namespace base {

std::string danish_sort_key(std::string_view utf8);

}  // namespace base
