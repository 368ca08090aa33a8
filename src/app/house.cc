#include "app/house.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "connectors/connector.h"

namespace app {

using base::ErrorCode;
using base::Json;

base::Result<FolderLock> FolderLock::take(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return base::fail(ErrorCode::io_failed, "cannot make the data folder: " + failed.message(), {.file = folder});
  const std::string path = folder + "/house.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return base::fail(ErrorCode::io_failed, std::string("cannot open the lock file: ") + std::strerror(errno), {.file = path}, "may this user write there?");
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return base::fail(ErrorCode::conflict, "another sagsgang works on this data folder", {.file = folder}, "stop it first, or choose another --data");
  }
  return FolderLock(fd);
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<std::unique_ptr<Archive>> Archive::open(const std::string& folder) {
  auto archive = std::make_unique<Archive>();
  TRY(archive->database, store::Database::open(folder + "/sagsgang.db", {}));
  TRY(archive->accounts, api::Accounts::open(*archive->database, archive->clock));
  TRY(archive->bank, bank::Bank::open(*archive->database, folder + "/index", archive->clock));
  return archive;
}

Json backup_json(const engine::BackupReport& report) {
  Json out = Json::object();
  out.set("folder", report.folder);
  out.set("position", std::to_string(report.position));
  out.set("files", report.files);
  out.set("bytes", report.bytes);
  return out;
}

base::Result<RunningServer> RunningServer::find(const std::string& folder) {
  {
    const auto lock = FolderLock::take(folder);
    if (lock) return base::fail(ErrorCode::not_found, "no server runs on this data folder", {.file = folder});
  }
  const std::string path = folder + "/server.json";
  TRY(const std::string text, base::read_file(path, 1u << 16));
  TRY(const Json json, base::parse_json(text, path));
  return RunningServer{json["url"].string_or(""), json["token"].string_or("")};
}

base::Result<Json> RunningServer::call(const std::string& method, const std::string& path, const std::string& body, const std::string& content_type) const {
  connectors::HttpRequest request{.method = method, .url = url + path, .body = body, .headers = {}, .timeout_ms = 600'000};
  request.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", content_type}, {"Origin", url}};
  TRY(const connectors::HttpResponse answer, connectors::curl_http().send(request));
  Json json;
  if (!answer.body.empty()) {
    auto parsed = base::parse_json(answer.body, "answer of the server");
    if (parsed) json = std::move(*parsed);
  }
  if (answer.status >= 400)
    return base::fail(ErrorCode::connector_failed, "the server answered " + std::to_string(answer.status) + ": " + json["detail"].string_or(answer.body.substr(0, 200)));
  return json;
}

}  // namespace app
