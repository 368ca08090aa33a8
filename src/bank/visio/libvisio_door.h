// Old binary drawings (.vsd) through libvisio, which tells what is drawn and nothing else: no masters, no glue, no shape data.
#pragma once
#include "bank/visio/drawing.h"

namespace bank::visio {

// libvisio runs in a child process with limits on time and memory; whatever happens there, this returns. Any format that libvisio
// knows may be given. Errors: invalid_document (not readable, or the child died), limit_exceeded (it took too long or said too much).
base::Result<Drawing> read_by_geometry(std::string_view bytes);

// What the child says, one primitive for each line (primitives.cc), made into shapes. Errors: invalid_document, limit_exceeded.
base::Result<Drawing> assemble(std::string_view primitives);

// Replaces an elliptical arc (SVG 1.1, appendix F.6) by points on it, the last one `to`.
void flatten_arc(std::vector<Point>& out, Point from, Point to, double rx, double ry, double degrees, bool large, bool sweep);

}  // namespace bank::visio
