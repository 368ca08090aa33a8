#include "connectors/inbox.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/storage.h"
#include "base/text.h"
#include "base/xml.h"
#include "connectors/oioubl.h"

namespace connectors {
namespace {

namespace fs = std::filesystem;

struct File {
  std::string authority, process, name, path, bytes, digest;
  engine::Key instance = 0;
  store::KeySlot key_slot = 0;
  std::uint64_t position = 0;
  bool created = false, stored = false;
};

constexpr std::size_t kBatch = 64;  // files in memory at a time

std::string digest_of(const std::string& name, const std::string& bytes) {
  unsigned char hash[32];
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, sizeof hash);
  const std::string head = std::to_string(name.size()) + ":" + name;  // the length keeps name and content apart
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(head.data()), head.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  crypto_generichash_final(&state, hash, sizeof hash);
  return base::hex(std::string_view(reinterpret_cast<const char*>(hash), sizeof hash));
}

std::string key_of(const File& file) { return "inbox:" + file.process + ":" + file.digest; }

bool still_written(const std::string& name) { return name.starts_with('.') || name.ends_with(".tmp") || name.ends_with(".part"); }

base::Status check_format(const std::string& format, const std::string& bytes, const std::string& name) {
  if (format == "fri") return {};
  if (format == "xml") {
    auto document = base::xml::parse(bytes, name);
    return document ? base::Status{} : std::unexpected(document.error());
  }
  auto invoice = read_oioubl(bytes, name);
  return invoice ? base::Status{} : std::unexpected(invoice.error());
}

std::string mime_of(const std::string& name) {
  const std::string extension = base::lower(fs::path(name).extension().string());
  return extension == ".xml" ? "application/xml" : extension == ".pdf" ? "application/pdf" : "application/octet-stream";
}

// A sender's file name may hold anything, also a personal number: the case's document has a name of ours.
std::string stored_name(const std::string& name) { return kOriginalDocument + base::lower(fs::path(name).extension().string()); }

base::Status sync_folder(const std::string& folder) { return base::SystemStorage().sync_folder(folder); }

// A sender may put a personal number into a file's name; what stays in the data folder in the clear must not have it.
// Ten digits on their own, or with a hyphen after six, that begin with a day and a month (1-31, or 61-91 for replacement numbers).
std::string without_number(std::string name) {
  const auto digit = [&](std::size_t i) { return i < name.size() && name[i] >= '0' && name[i] <= '9'; };
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!digit(i) || (i > 0 && digit(i - 1))) continue;
    std::size_t at = i, digits = 0;
    while (digits < 10 && (digit(at) || (digits == 6 && name[at] == '-' && at == i + 6))) digits += digit(at++) ? 1 : 0;
    if (digits != 10 || digit(at) || (at < name.size() && name[at] == '-' && digit(at + 1))) continue;
    const int day = ((name[i] - '0') * 10 + (name[i + 1] - '0')) % 60, month = (name[i + 2] - '0') * 10 + (name[i + 3] - '0');
    if (day < 1 || day > 31 || month < 1 || month > 12) continue;
    for (std::size_t k = i; k < at; ++k)
      if (digit(k)) name[k] = 'x';
  }
  return name;
}

// As text: JSON and reports are UTF-8 without control characters, a file's name may be any bytes.
std::string as_text(std::string name) {
  const bool text = base::valid_utf8(name);
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' || byte == 0x7f || (!text && byte >= 0x80)) c = '_';
  }
  return name;
}

// The name in the rejected folder: no personal number, and room for the report's ending within the 255 bytes of a name.
std::string rejected_name(const std::string& name) {
  constexpr std::size_t kRoom = 200;
  const std::string safe = without_number(as_text(name));
  if (safe.size() <= kRoom) return safe;
  std::string extension = fs::path(safe).extension().string();
  if (extension.size() > 20) extension.clear();
  std::size_t end = kRoom - extension.size();
  while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xc0) == 0x80) --end;  // not in the middle of a character
  return safe.substr(0, end) + extension;
}

// Subfolders or files by name, sorted; a folder that is gone is empty.
base::Result<std::vector<std::string>> names(const std::string& folder, bool folders) {
  std::vector<std::string> out;
  std::error_code e;
  for (fs::directory_iterator it(folder, e), end; !e && it != end; it.increment(e)) {
    std::error_code ignored;
    if (folders ? it->is_directory(ignored) : it->is_regular_file(ignored)) out.push_back(it->path().filename().string());
  }
  if (e && e != std::errc::no_such_file_or_directory) return base::fail(base::ErrorCode::io_failed, "cannot list the inbox: " + e.message());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

struct Inbox::Impl {
  Options options;
  std::thread thread;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::set<std::string> said;  // reasons already logged

  bool crash(std::string_view point) const { return options.crash && options.crash(point); }
  void wait_for_next_pass(InboxReport& report, const std::string& why) {
    ++report.waiting;
    report.why_waiting = why;
    if (said.insert(why).second) base::log::warning("connectors", "inbox: " + why);
  }

  base::Result<InboxReport> scan();
  base::Status scan_folder(const std::string& authority, const std::string& process, InboxReport&);
  bool read(File&, const std::string& format, InboxReport&);
  void create(std::vector<File>&, InboxReport&);
  void note_created(File&, const base::Result<engine::Answer>&, InboxReport&);
  void store(std::vector<File>&, InboxReport&);
  base::Status note_received(const File&) const;
  base::Status reject(const File&, const base::Error&, InboxReport&);
};

base::Result<InboxReport> Inbox::Impl::scan() {
  InboxReport report;
  TRY(const auto authorities, names(options.inbox, true));
  for (const std::string& authority : authorities) {
    auto listed = names(options.inbox + "/" + authority, true);
    if (!listed) {
      wait_for_next_pass(report, "authority " + authority + ": " + listed.error().message);
      continue;
    }
    const auto& processes = *listed;
    for (const std::string& process : processes)  // a folder that cannot be read holds up no other
      if (auto ok = scan_folder(authority, process, report); !ok) wait_for_next_pass(report, "process '" + process + "': " + ok.error().message);
  }
  return report;
}

base::Status Inbox::Impl::scan_folder(const std::string& authority, const std::string& process, InboxReport& report) {
  const std::string folder = options.inbox + "/" + authority + "/" + process;
  TRY(const auto folders, names(folder, true));
  if (!folders.empty()) wait_for_next_pass(report, "process '" + process + "': a folder lies in the inbox; only files are handled, put them beside it");
  TRY(const auto files, names(folder, false));
  if (files.empty()) return {};
  const std::string format = options.format ? options.format(process) : "oioubl";
  std::vector<File> batch;
  const auto flush = [&] {
    create(batch, report);
    store(batch, report);
    if (!batch.empty()) report.last_instance = batch.back().instance;
    batch.clear();
  };
  for (const std::string& name : files) {
    {
      const std::lock_guard lock(mutex);
      if (stopping) break;
    }
    if (still_written(name)) continue;
    if (format.empty()) {
      wait_for_next_pass(report, "no process '" + process + "' takes files from an inbox");
      continue;
    }
    File file{authority, process, name, folder + "/" + name, {}, {}};
    if (read(file, format, report)) batch.push_back(std::move(file));
    if (batch.size() == kBatch) flush();
  }
  flush();
  return {};
}

// True when the file is to become an instance; otherwise it has been rejected or waits.
bool Inbox::Impl::read(File& file, const std::string& format, InboxReport& report) {
  struct stat info {};
  if (::stat(file.path.c_str(), &info) != 0) return false;
  const base::Millis age = base::SystemClock().now() - (static_cast<base::Millis>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000);
  if (age >= 0 && age < options.settle_ms) {
    ++report.waiting;
    return false;
  }
  auto bytes = base::read_file(file.path, options.max_bytes);
  if (!bytes && bytes.error().code != base::ErrorCode::limit_exceeded) {
    wait_for_next_pass(report, bytes.error().message);
    return false;
  }
  const base::Status right = bytes ? check_format(format, *bytes, file.name) : std::unexpected(bytes.error());
  if (!right) {
    if (auto moved = reject(file, right.error(), report); !moved) wait_for_next_pass(report, moved.error().message);
    return false;
  }
  if (crash("checked")) return false;
  file.bytes = std::move(*bytes);
  file.digest = digest_of(file.name, file.bytes);
  return true;
}

void Inbox::Impl::note_created(File& file, const base::Result<engine::Answer>& answer, InboxReport& report) {
  if (!answer) return wait_for_next_pass(report, "process '" + file.process + "': " + answer.error().message);
  file.created = true;
  file.instance = answer->key;
  file.key_slot = answer->key_slot;
  file.position = answer->position;
}

void Inbox::Impl::create(std::vector<File>& files, InboxReport& report) {
  const auto command = [](const File& file) {
    engine::CreateInstance create;
    create.process_id = file.process;
    create.business_key = "inbox:" + file.digest;
    base::Json document = base::Json::object();  // the same for the same file: it is part of what the idempotency key stands for
    document.set("navn", as_text(file.name));
    document.set("gemtSom", stored_name(file.name));
    document.set("kontrolsum", file.digest);
    create.variables.set("dokument", std::move(document));
    return engine::Command{file.authority, "inbox", key_of(file), std::move(create)};
  };
  if (options.manual) {
    for (File& file : files) {
      bool answered = false;
      options.engine->submit(command(file), [&](base::Result<engine::Answer> answer) {
        answered = true;
        note_created(file, answer, report);
      });
      while (!answered && options.engine->pump()) {}
    }
  } else {
    // All on their way at once, in the order of their names; they share the engine's group commits.
    std::mutex done_mutex;
    std::condition_variable done;
    std::size_t left = files.size();
    for (File& file : files)
      options.engine->submit(command(file), [&, this](base::Result<engine::Answer> answer) {
        const std::lock_guard lock(done_mutex);
        note_created(file, answer, report);
        if (--left == 0) done.notify_all();
      });
    std::unique_lock lock(done_mutex);
    done.wait(lock, [&] { return left == 0; });
  }
  if (crash("created")) files.clear();
}

base::Status Inbox::Impl::note_received(const File& f) const {
  if (!options.note_effect) return {};
  const base::Millis now = options.clock == nullptr ? base::SystemClock().now() : options.clock->now();
  return options.note_effect({f.authority, "received", key_of(f), "Modtaget dokument til " + f.process, f.instance, f.position, now});
}

void Inbox::Impl::store(std::vector<File>& files, InboxReport& report) {
  std::atomic<std::size_t> next{0};
  std::mutex report_mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      File& f = files[i];
      if (!f.created) continue;
      auto stored = options.cases->document(f.authority, f.instance, f.key_slot, stored_name(f.name), mime_of(f.name), f.bytes);
      if (stored) stored = note_received(f);
      f.stored = stored.has_value() && !crash("stored") && ::unlink(f.path.c_str()) == 0;
      const std::lock_guard lock(report_mutex);
      if (f.stored) ++report.started;
      else wait_for_next_pass(report, stored ? "a handled file could not be removed" : stored.error().message);
    }
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < options.writers && static_cast<std::size_t>(i) < files.size() && !options.manual; ++i) helpers.emplace_back(work);
  work();
  for (std::thread& t : helpers) t.join();
  if (!files.empty()) (void)sync_folder(fs::path(files.front().path).parent_path().string());  // a removal that is lost is handled again: same key, same instance
}

base::Status Inbox::Impl::reject(const File& file, const base::Error& error, InboxReport& report) {
  const std::string folder = options.rejected + "/" + file.authority;
  TRY_VOID(base::SystemStorage().make_folder(folder));
  // Another rejected file of that name stays; this one gets a number.
  const std::string name = rejected_name(file.name);
  std::string target = folder + "/" + name;
  for (int n = 2; fs::exists(target); ++n)
    target = folder + "/" + fs::path(name).stem().string() + "-" + std::to_string(n) + fs::path(name).extension().string();
  TRY_VOID(base::write_file_atomic(target + ".rapport.txt", rejection_report(name, error)));
  if (crash("reported")) return {};
  if (::rename(file.path.c_str(), target.c_str()) != 0)
    return base::fail(base::ErrorCode::io_failed, "a rejected file could not be moved (inbox and rejected must be on one file system)");
  TRY_VOID(sync_folder(folder));
  (void)sync_folder(fs::path(file.path).parent_path().string());
  ++report.rejected;
  report.last_report = target + ".rapport.txt";
  return {};
}

Inbox::Inbox(Options options) : impl_(std::make_unique<Impl>()) { impl_->options = std::move(options); }
Inbox::~Inbox() { stop(); }

base::Result<InboxReport> Inbox::scan() { return impl_->scan(); }

void Inbox::start() {
  impl_->stopping = false;
  impl_->thread = std::thread([this] {
    while (true) {
      auto report = impl_->scan();
      if (!report && impl_->said.insert(report.error().message).second) base::log::error("connectors", "inbox: " + report.error().text());
      std::unique_lock lock(impl_->mutex);
      const auto pause = std::chrono::milliseconds(impl_->options.scan_ms);
      if (impl_->wake.wait_for(lock, pause, [this] { return impl_->stopping; })) return;
    }
  });
}

void Inbox::stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace connectors
