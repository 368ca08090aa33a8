// Where the elements of an XML text stand in its bytes, for those who cut it and put it together again.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace base::xml {

// Offsets of '<' of the start tag, behind its '>', '<' of the end tag, behind that one's '>'; the last three are the same in <a/>.
struct Bytes { std::size_t begin = 0, open_end = 0, close = 0, end = 0; };

// Of every element, in the order of their start tags: as a walk over parse()'s tree meets them. The text is one that parse() takes
// (it has judged size, depth and form). Errors: invalid_xml.
Result<std::vector<Bytes>> element_bytes(std::string_view text);

}  // namespace base::xml
