#include "api/multipart.h"

#include "base/limits.h"
#include "base/text.h"

namespace api {
namespace {

using base::ErrorCode;

// The value of a parameter of a header: name=value or name="value".
std::string header_parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos) {
    ++at;
    while (at < header.size() && (header[at] == ' ' || header[at] == '\t')) ++at;
    const auto equals = header.find('=', at);
    if (equals == std::string_view::npos) return {};
    const bool match = header.substr(at, equals - at) == name;
    std::string value;
    std::size_t i = equals + 1;
    if (i < header.size() && header[i] == '"') {
      for (++i; i < header.size() && header[i] != '"'; ++i) {
        if (header[i] == '\\' && i + 1 < header.size()) ++i;
        value += header[i];
      }
    } else {
      for (; i < header.size() && header[i] != ';'; ++i) value += header[i];
    }
    if (match) return value;
    at = header.find(';', i);
  }
  return {};
}

base::Result<Upload> read_part(std::string_view part) {
  const auto end = part.find("\r\n\r\n");
  if (end == std::string_view::npos) return base::fail(ErrorCode::invalid_argument, "a part of the multipart body has no header");
  Upload out;
  std::string_view head = part.substr(0, end);
  while (!head.empty()) {
    const auto line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    head = line_end == std::string_view::npos ? std::string_view() : head.substr(line_end + 2);
    if (!base::starts_with_icase(line, "content-disposition:")) continue;
    out.field = header_parameter(line, "name");
    out.name = header_parameter(line, "filename");
  }
  if (out.field.empty() && out.name.empty())
    return base::fail(ErrorCode::invalid_argument, "a part of the multipart body has no name", {},
        "Content-Disposition: form-data; name=\"resources\"; filename=\"proces.bpmn\"");
  out.content = part.substr(end + 4);
  return out;
}

}  // namespace

base::Result<std::vector<Upload>> read_multipart(const std::string& content_type, std::string_view body) {
  const std::string boundary = header_parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 70) return base::fail(ErrorCode::invalid_argument, "the Content-Type has no usable boundary (RFC 2046: 1 to 70 characters)");
  const std::string mark = "\r\n--" + boundary;
  std::vector<Upload> out;
  // The first boundary may stand at the very beginning.
  std::size_t at = body.starts_with(std::string_view(mark).substr(2)) ? mark.size() - 2 : std::string_view::npos;
  if (at == std::string_view::npos) {
    const auto first = body.find(mark);
    if (first == std::string_view::npos) return base::fail(ErrorCode::invalid_argument, "the multipart body does not hold its boundary");
    at = first + mark.size();
  }
  while (true) {
    if (body.substr(at).starts_with("--")) return out;
    const auto line_end = body.find("\r\n", at);
    const auto next = line_end == std::string_view::npos ? line_end : body.find(mark, line_end);
    if (next == std::string_view::npos) return base::fail(ErrorCode::invalid_argument, "the multipart body ends before its last boundary");
    if (out.size() >= base::limits::kPackageFiles) return base::fail(ErrorCode::limit_exceeded, "more parts than base::limits::kPackageFiles");
    const std::size_t begin = line_end + 2;
    TRY(auto part, read_part(begin <= next ? body.substr(begin, next - begin) : std::string_view()));
    out.push_back(std::move(part));
    at = next + mark.size();
  }
}

}  // namespace api
