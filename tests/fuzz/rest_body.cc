// A request as it comes from the network: its head, a body against every operation's schema, a multipart upload. First byte: which.
#include "api/http_head.h"
#include "api/multipart.h"
#include "api/openapi.h"
#include "base/packed.h"
#include "fuzz/target.h"

namespace {

std::vector<std::string> words() {
  std::vector<std::string> out = {"GET ", "POST ", " HTTP/1.1\r\n", "Host: a\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "\r\n\r\n", "--b\r\n", "--b--\r\n",
                                  "Content-Disposition: form-data; name=\"resources\"; filename=\"", "%2F", "?a=b&", "null", "true", "[]", "{}", "1e999", "\\u0000"};
  for (const api::Operation& operation : api::Contract::instance().operations()) {
    out.push_back(operation.path);
    if (operation.body == nullptr) continue;
    const base::Json& properties = (*operation.body)["properties"];
    if (properties.is_object())
      for (const auto& [name, schema] : properties.as_object()) out.push_back("\"" + name + "\": ");
  }
  return out;
}

void head(std::string_view bytes) {
  api::Request request;
  bool http_1_0 = false;
  const auto read = api::read_head(bytes, request, http_1_0);
  if (!read) {
    CHECK(!read.error().message.empty(), "a refusal says nothing");
    return;
  }
  std::string allowed;
  const api::Operation* operation = api::Contract::instance().match(request.method, request.segments, allowed);
  if (operation != nullptr) (void)api::Contract::instance().check_parameters(*operation, request);
}

void body(std::string_view bytes) {
  const auto json = base::parse_json(bytes);
  if (!json) {
    CHECK(!json.error().message.empty(), "an error says nothing");
    return;
  }
  const auto packed = base::unpack(base::pack(*json));
  CHECK(packed.has_value() && packed->dump() == json->dump(), "a body changes when it is packed");
  for (const api::Operation& operation : api::Contract::instance().operations()) {
    if (operation.body == nullptr) continue;
    const auto fits = api::Contract::instance().check_body(operation, *json);
    if (!fits) CHECK(!fits.error().message.empty(), "a refusal says nothing");
  }
}

void upload(std::string_view bytes) {
  const auto parts = api::read_multipart("multipart/form-data; boundary=b", bytes);
  if (!parts) CHECK(!parts.error().message.empty(), "a refusal says nothing");
}

}  // namespace

FUZZ_TARGET(rest_body, words) {
  if (data.empty()) return;
  const std::string_view rest = data.substr(1);
  switch (data[0] % 3) {
    case 0: return head(rest);
    case 1: return body(rest);
    default: return upload(rest);
  }
}
