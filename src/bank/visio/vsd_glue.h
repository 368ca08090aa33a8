// What libvisio leaves out of a .vsd of Visio 2003 to 2010 (format 11): which shapes a line is glued to. Runs in the child process.
#pragma once
#include <string>
#include <string_view>

namespace bank::visio {

// Lines of primitives.cc: "sheet PAGE ID X Y W H" (inches, y up) and "glue PAGE LINE END TO"; "" for any other file, and for what is
// damaged. Pages count from 0 in the order of the file.
std::string glue_lines(std::string_view file);

}  // namespace bank::visio
