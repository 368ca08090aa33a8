// HTTP through libcurl. One handle per thread keeps connections open; redirects are not followed, only http and https are spoken.
#include <curl/curl.h>

#include <memory>

#include "base/limits.h"
#include "base/text.h"
#include "connectors/connectors.h"

namespace connectors {
namespace {

struct Sink {
  HttpResponse* response;
  bool too_large = false;
};

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* user) {
  Sink& sink = *static_cast<Sink*>(user);
  if (sink.response->body.size() + size * count > base::limits::kConnectorAnswerBytes) {
    sink.too_large = true;
    return 0;
  }
  sink.response->body.append(bytes, size * count);
  return size * count;
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* user) {
  constexpr std::size_t kHeaders = 200;  // a sane answer has a few dozen
  Sink& sink = *static_cast<Sink*>(user);
  const std::string_view line(bytes, size * count);
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && sink.response->headers.size() < kHeaders)
    sink.response->headers.emplace_back(base::lower(base::trim(line.substr(0, colon))), std::string(base::trim(line.substr(colon + 1))));
  return size * count;
}

struct Free {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
  void operator()(curl_slist* l) const { curl_slist_free_all(l); }
};

class Curl final : public HttpPort {
 public:
  Curl() { curl_global_init(CURL_GLOBAL_DEFAULT); }

  base::Result<HttpResponse> send(const HttpRequest& request) override {
    thread_local std::unique_ptr<CURL, Free> handle{curl_easy_init()};
    if (!handle) return base::fail(base::ErrorCode::connector_failed, "libcurl has no handle");
    CURL* c = handle.get();
    curl_easy_reset(c);  // keeps the connections
    HttpResponse response;
    Sink sink{&response};
    std::unique_ptr<curl_slist, Free> headers;
    for (const auto& [name, value] : request.headers) {
      curl_slist* longer = curl_slist_append(headers.get(), (name + ": " + value).c_str());
      if (longer == nullptr) return base::fail(base::ErrorCode::connector_failed, "libcurl has no memory");
      (void)headers.release();
      headers.reset(longer);
    }
    curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "127.0.0.1,localhost");
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &sink);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, &sink);
    if (!request.body.empty()) {
      curl_easy_setopt(c, CURLOPT_POSTFIELDS, request.body.data());
      curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    const CURLcode code = curl_easy_perform(c);
    if (sink.too_large)
      return base::fail(base::ErrorCode::limit_exceeded,
          "the answer is larger than " + std::to_string(base::limits::kConnectorAnswerBytes) + " bytes (kConnectorAnswerBytes)");
    if (code != CURLE_OK) return base::fail(base::ErrorCode::connector_failed, curl_easy_strerror(code));  // without the URL: it may hold an id
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    return response;
  }
};

}  // namespace

HttpPort& curl_http() {
  static Curl one;
  return one;
}

}  // namespace connectors
