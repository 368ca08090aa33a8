#include "api/http_head.h"

#include <algorithm>

namespace api {
namespace {

base::Status bad(std::string message) { return base::fail(base::ErrorCode::invalid_argument, std::move(message)); }

// RFC 9110 section 5.6.2: tchar
bool token_char(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool token(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), token_char); }

std::string lower_ascii(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}
std::string_view trim_ows(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// RFC 9112 section 3.2: origin-form, or absolute-form which a server must accept.
base::Status read_target(std::string_view target, Request& out) {
  for (const char c : target)
    if (c <= ' ' || c == 0x7f || static_cast<unsigned char>(c) >= 0x80) return bad("the request target has a byte that must be percent-encoded");
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const auto slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  if (target == "*" && out.method == "OPTIONS") target = "/";
  if (target.empty() || target.front() != '/') return bad("the request target must begin with '/'");
  if (target.find('#') != std::string_view::npos) return bad("the request target must not have a fragment");
  std::string_view query;
  if (const auto mark = target.find('?'); mark != std::string_view::npos) {
    query = target.substr(mark + 1);
    target = target.substr(0, mark);
  }
  std::string_view rest = target.substr(1);
  while (true) {
    const auto slash = rest.find('/');
    auto segment = url_decode(rest.substr(0, slash), false);
    if (!segment) return std::unexpected(segment.error());
    if (*segment == "." || *segment == "..") return bad("the path must not have '.' or '..' segments");
    if (segment->find('/') != std::string::npos || segment->find('\\') != std::string::npos)
      return bad("a path segment must not hold an encoded slash");
    out.path += '/';
    out.path += *segment;
    out.segments.push_back(std::move(*segment));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  while (!query.empty()) {
    const auto amp = query.find('&');
    const std::string_view pair = query.substr(0, amp);
    query = amp == std::string_view::npos ? std::string_view() : query.substr(amp + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto key = url_decode(pair.substr(0, equals), true);
    auto value = url_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!key) return std::unexpected(key.error());
    if (!value) return std::unexpected(value.error());
    out.query.emplace_back(std::move(*key), std::move(*value));
    if (out.query.size() > base::limits::kHttpHeaders) return bad("too many query parameters");
  }
  return {};
}

// RFC 9112 section 3: method SP request-target SP HTTP-version
base::Status read_request_line(std::string_view line, Request& out, bool& http_1_0) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("the request line must be 'METHOD target HTTP/1.1'");
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return bad("only HTTP/1.1 and HTTP/1.0 are spoken here");
  http_1_0 = version == "HTTP/1.0";
  if (!token(line.substr(0, first))) return bad("the method is not a token");
  out.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() || target.find(' ') != std::string_view::npos) return bad("the request line must have exactly two spaces");
  return read_target(target, out);
}

// RFC 9112 section 5, without the obsolete line folding of section 5.2.
base::Status read_field(std::string_view line, Request& out) {
  if (line.front() == ' ' || line.front() == '\t') return bad("obsolete line folding in a header");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return bad("a header line has no ':'");
  if (!token(line.substr(0, colon))) return bad("a header name is not a token");
  const std::string_view value = trim_ows(line.substr(colon + 1));
  for (const char c : value)
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) return bad("a header value has a control character");
  out.headers.emplace_back(lower_ascii(line.substr(0, colon)), std::string(value));
  if (out.headers.size() > base::limits::kHttpHeaders) return bad("too many headers");
  return {};
}

// RFC 9112 sections 3.2 (Host) and 6 (message body length): whatever two readers could understand differently is refused.
base::Status check_framing(const Request& request, bool http_1_0) {
  int hosts = 0, lengths = 0, encodings = 0;
  for (const auto& [name, value] : request.headers) {
    if (name == "host") {
      ++hosts;
      if (value.find_first_of(" \t/@?#,") != std::string::npos) return bad("Host is not a host name with an optional port");
    } else if (name == "content-length") {
      ++lengths;
      if (value.empty() || value.size() > 18 || value.find_first_not_of("0123456789") != std::string::npos)
        return bad("Content-Length is not a number");
    } else if (name == "transfer-encoding") {
      ++encodings;
      if (lower_ascii(value) != "chunked") return bad("unknown Transfer-Encoding; only 'chunked' is read");
    }
  }
  if (hosts > 1) return bad("more than one Host header");
  if (hosts == 0 && !http_1_0) return bad("the Host header is missing");
  if (lengths > 1) return bad("more than one Content-Length header");
  if (encodings > 1) return bad("more than one Transfer-Encoding header");
  if (encodings == 1 && lengths == 1) return bad("both Transfer-Encoding and Content-Length");
  if (encodings == 1 && http_1_0) return bad("Transfer-Encoding in an HTTP/1.0 request");
  return {};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

base::Status read_head(std::string_view head, Request& out, bool& http_1_0) {
  bool first = true;
  while (true) {
    const auto end = head.find('\n');
    if (end == std::string_view::npos) return bad("the header ends too early");
    if (end == 0 || head[end - 1] != '\r') return bad("a line ends with a bare LF");
    const std::string_view line = head.substr(0, end - 1);
    head.remove_prefix(end + 1);
    if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos)
      return bad("a header line has a bare CR or NUL");
    if (line.empty()) {
      if (first) return bad("the request line is missing");
      break;
    }
    if (first) {
      TRY_VOID(read_request_line(line, out, http_1_0));
    } else {
      TRY_VOID(read_field(line, out));
    }
    first = false;
  }
  return check_framing(out, http_1_0);
}

const std::string& Request::header(std::string_view lower_case_name) const {
  static const std::string kNone;
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return kNone;
}

const std::string& Request::parameter(std::string_view query_name) const {
  static const std::string kNone;
  for (const auto& [name, value] : query)
    if (name == query_name) return value;
  return kNone;
}

Response Response::json(std::string text, int status) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(text)};
}
Response Response::text(std::string text, int status) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

std::string url_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

base::Result<std::string> url_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return base::fail(base::ErrorCode::invalid_argument, "a percent sign must be followed by two hexadecimal digits");
      if (high == 0 && low == 0) return base::fail(base::ErrorCode::invalid_argument, "an encoded NUL in the request target");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace api
