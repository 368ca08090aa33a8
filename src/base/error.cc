#include "base/error.h"

namespace base {
namespace {
struct Row {
  std::string_view name;
  int http;
  std::string_view title;
};
constexpr Row kRows[] = {
#define ERROR(name, http, title, doc) {#name, http, title},
#include "base/errors.def"
#undef ERROR
};
const Row& row(ErrorCode code) { return kRows[static_cast<std::size_t>(code)]; }
}  // namespace

std::string_view name(ErrorCode code) { return row(code).name; }
std::string_view title_da(ErrorCode code) { return row(code).title; }
int http_status(ErrorCode code) { return row(code).http; }

std::string Where::text() const {
  std::string out = file;
  if (line > 0) {
    if (out.empty()) out = "line ";
    else out += ':';
    out += std::to_string(line);
    if (column > 0) out += ':' + std::to_string(column);
  }
  if (!element.empty()) out += (out.empty() ? "" : " ") + ("element '" + element + "'");
  if (!pointer.empty()) out += (out.empty() ? "at " : " at ") + pointer;
  return out;
}

std::string Error::text() const {
  std::string out = where.text();
  if (!out.empty()) out += ": ";
  out += message;
  if (!remedy.empty()) out += " (" + remedy + ")";
  return out;
}

}  // namespace base
