#include "api/static_files.h"

#include <zlib.h>

#include <filesystem>

#include "api/problem.h"
#include "api/secrets.h"
#include "base/storage.h"

namespace api {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kWebBytes = 200u << 20;  // bpmn-js, fonts and charts are about 10 MB

struct Media { std::string_view suffix, type; bool compressible; };
constexpr Media kMedia[] = {
  {".html", "text/html; charset=utf-8", true}, {".js", "text/javascript; charset=utf-8", true}, {".mjs", "text/javascript; charset=utf-8", true},
  {".css", "text/css; charset=utf-8", true},   {".svg", "image/svg+xml", true},                 {".json", "application/json", true},
  {".map", "application/json", true},          {".txt", "text/plain; charset=utf-8", true},     {".webmanifest", "application/manifest+json", true},
  {".woff2", "font/woff2", false},             {".woff", "font/woff", false},                   {".ttf", "font/ttf", true},
  {".png", "image/png", false},                {".jpg", "image/jpeg", false},                   {".ico", "image/x-icon", false},
  {".xml", "application/xml", true},           {".bpmn", "application/xml", true},              {".wasm", "application/wasm", true}};

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return result == Z_STREAM_END ? out : std::string();
}

// Vite puts a hash of the content into these names: they never change.
bool named_by_content(const std::string& path) { return path.starts_with("/assets/") && path.find('-') != std::string::npos; }

}  // namespace

base::Result<std::unique_ptr<StaticFiles>> StaticFiles::load(const std::string& folder) {
  auto out = std::make_unique<StaticFiles>();
  std::error_code ec;
  std::size_t total = 0;
  for (auto it = fs::recursive_directory_iterator(folder, ec); !ec && it != fs::recursive_directory_iterator(); it.increment(ec)) {
    if (!it->is_regular_file(ec) || it->path().extension() == ".gz") continue;
    TRY(auto bytes, base::read_file(it->path().string(), kWebBytes - total));
    total += bytes.size();
    File file;
    file.media = "application/octet-stream";
    const std::string path = "/" + fs::relative(it->path(), folder, ec).generic_string();
    for (const Media& m : kMedia)
      if (path.ends_with(m.suffix)) file.media = m.type, file.compressible = m.compressible;
    file.etag = "\"" + fingerprint(bytes).substr(0, 32) + "\"";
    file.hashed = named_by_content(path);
    file.bytes = std::move(bytes);
    out->files_.emplace(path, std::move(file));
  }
  if (ec) return base::fail(base::ErrorCode::io_failed, "cannot read the folder of the pages: " + ec.message(), {.file = folder}, "build them: npm run build in web/");
  if (!out->files_.contains("/index.html"))
    return base::fail(base::ErrorCode::io_failed, "the folder of the pages has no index.html", {.file = folder}, "build them: npm run build in web/");
  return out;
}

Response StaticFiles::get(const Request& request) {
  auto found = files_.find(request.path);
  if (found == files_.end()) {
    const auto name = request.path.substr(request.path.rfind('/') + 1);
    if (name.find('.') != std::string::npos) return problem({base::ErrorCode::not_found, "no such file", {}, {}});
    found = files_.find("/index.html");
  }
  File& file = found->second;
  Response out;
  out.headers = {{"Content-Type", file.media},
                 {"ETag", file.etag},
                 {"Vary", "Accept-Encoding"},
                 {"Cache-Control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache"},
                 {"X-Content-Type-Options", "nosniff"},
                 {"Referrer-Policy", "same-origin"}};
  if (file.media.starts_with("text/html"))
    out.headers.emplace_back("Content-Security-Policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'");
  if (request.header("if-none-match").find(file.etag) != std::string::npos) {
    out.status = 304;
    return out;
  }
  if (file.compressible && request.header("accept-encoding").find("gzip") != std::string::npos) {
    const std::lock_guard lock(mutex_);
    if (!file.tried) {
      file.tried = true;
      file.gzip = gzip(file.bytes);
      if (file.gzip.size() >= file.bytes.size()) file.gzip.clear();
    }
    if (!file.gzip.empty()) {
      out.headers.emplace_back("Content-Encoding", "gzip");
      out.body = file.gzip;
      return out;
    }
  }
  out.body = file.bytes;
  return out;
}

}  // namespace api
