#include "api/problem.h"

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"

namespace api {
namespace {

// A reference number to quote to the help desk; the same one is in the log.
std::string reference() {
  unsigned char bytes[8];
  base::fill_random(bytes);
  return "urn:sagsgang:ref:" + base::hex(std::string_view(reinterpret_cast<const char*>(bytes), sizeof bytes));
}

}  // namespace

base::Json problem_body(const base::Error& error) {
  base::Json body = base::Json::object();
  body.set("type", "urn:sagsgang:" + std::string(base::name(error.code)));
  body.set("title", base::title_da(error.code));
  body.set("status", base::http_status(error.code));
  // A defect of ours or a fault of the disk is told in the log, not to strangers.
  const bool ours = base::http_status(error.code) == 500;
  body.set("detail", ours ? std::string("an internal fault; see the server's log under the reference") : error.message);
  const std::string number = reference();
  if (ours) base::log::error("api", number + ": " + error.text());
  body.set("instance", number);
  if (!error.remedy.empty()) body.set("remedy", error.remedy);
  if (error.where != base::Where{} && !ours) {
    base::Json where = base::Json::object();
    if (!error.where.file.empty()) where.set("file", error.where.file);
    if (error.where.line > 0) where.set("line", error.where.line);
    if (error.where.column > 0) where.set("column", error.where.column);
    if (!error.where.element.empty()) where.set("element", error.where.element);
    if (!error.where.pointer.empty()) where.set("pointer", error.where.pointer);
    body.set("where", std::move(where));
  }
  return body;
}

Response problem(const base::Error& error) {
  Response response;
  response.status = base::http_status(error.code);
  response.headers = {{"Content-Type", "application/problem+json; charset=utf-8"}, {"Cache-Control", "no-store"}};
  if (error.code == base::ErrorCode::busy) response.headers.emplace_back("Retry-After", "1");
  response.body = problem_body(error).dump();
  return response;
}

}  // namespace api
