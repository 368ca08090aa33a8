#include "api/http_text.h"

#include <chrono>
#include <ctime>

namespace api {

std::string http_date() {
  thread_local std::time_t last = 0;
  thread_local std::string text;
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (now != last) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    char buffer[64];
    const std::size_t n = std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    text.assign(buffer, n);
    last = now;
  }
  return text;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return "";  // RFC 9112 section 4: may be empty
  }
}

std::string answer_head(const Response& response, bool http_1_0, bool close) {
  std::string head = http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason_phrase(response.status);
  head += "\r\nDate: " + http_date();
  for (const auto& [name, value] : response.headers) {
    if (name.find_first_of("\r\n:") != std::string::npos || value.find_first_of("\r\n") != std::string::npos) continue;
    head += "\r\n" + name + ": " + value;
  }
  const bool no_body = response.status == 204 || response.status == 304;
  if (!no_body) head += "\r\nContent-Length: " + std::to_string(response.body.size());
  if (close) head += "\r\nConnection: close";
  else if (http_1_0) head += "\r\nConnection: keep-alive";
  head += "\r\n\r\n";
  return head;
}

std::string event_text(std::string_view event, std::string_view data) {
  std::string out = "event: ";
  out += event;
  std::size_t begin = 0;
  do {
    const auto end = data.find('\n', begin);
    out += "\ndata: ";
    out += data.substr(begin, end == std::string_view::npos ? end : end - begin);
    begin = end == std::string_view::npos ? end : end + 1;
  } while (begin != std::string_view::npos);
  out += "\n\n";
  return out;
}

}  // namespace api
