#include "bank/visio/libvisio_door.h"
#include "bank/visio/raw.h"
#include "bank/visio/resolve.h"

namespace bank::visio {

base::Result<Drawing> read_drawing(std::string_view bytes) {
  if (bytes.starts_with("PK")) {
    TRY(const raw::File file, raw::read_vsdx(bytes));
    return resolve(file);
  }
  if (bytes.starts_with("\xD0\xCF\x11\xE0")) return read_by_geometry(bytes);  // OLE2: .vsd
  const auto first = bytes.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (first != std::string_view::npos && (bytes[first] == '<' || bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))) {
    TRY(const raw::File file, raw::read_vdx(bytes));
    return resolve(file);
  }
  return base::fail(base::ErrorCode::invalid_document, "this is no Visio drawing: neither a zip, XML nor an OLE2 file", {}, "a .vsdx, .vdx or .vsd file");
}

}  // namespace bank::visio
