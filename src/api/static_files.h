// The built pages (web/dist) from memory: gzip, ETag, cache headers, and index.html for every address of a page.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "api/http.h"

namespace api {

class StaticFiles {
 public:
  // Reads the folder once. Errors: io_failed, limit_exceeded.
  static base::Result<std::unique_ptr<StaticFiles>> load(const std::string& folder);
  // A path that is no file and looks like a page answers index.html (the address holds the page's state); a missing file
  // with an extension answers 404.
  Response get(const Request&);

 private:
  struct File { std::string bytes, gzip, media, etag; bool compressible = false, hashed = false, tried = false; };
  std::mutex mutex_;  // of the gzip copies, made at the first request for each
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace api
