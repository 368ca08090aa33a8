#include "engine/journal/journal.h"

#include <algorithm>
#include <charconv>

#include "engine/journal/archive.h"
#include "engine/journal/segment.h"

namespace engine::journal {
namespace {

// 0000000007-00000000000000001234.seg: segment number and first position, so that a reader can skip without opening.
std::string digits(std::uint64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(text.size() < width ? width - text.size() : 0, '0') + text;
}
std::string segment_name(std::uint64_t number, std::uint64_t first_position) {
  return digits(number, 10) + "-" + digits(first_position, 20) + ".seg";
}

bool parse_name(const std::string& name, SegmentFile& out) {
  out.archived = name.ends_with(".seg.zst");
  if (!out.archived && !name.ends_with(".seg")) return false;
  const char* end = name.data() + name.size();
  const auto number = std::from_chars(name.data(), end, out.number);
  if (number.ec != std::errc{} || number.ptr == end || *number.ptr != '-') return false;
  const auto position = std::from_chars(number.ptr + 1, end, out.first_position);
  out.name = name;
  return position.ec == std::errc{} && position.ptr != end && *position.ptr == '.';
}

std::string archive_folder(const std::string& folder) { return folder + "/archive"; }

}  // namespace

base::Result<std::vector<SegmentFile>> segments(base::Storage& storage, const std::string& folder) {
  std::vector<SegmentFile> out;
  for (const bool archived : {true, false}) {
    const std::string where = archived ? archive_folder(folder) : folder;
    if (!storage.exists(where)) continue;
    TRY(const auto names, storage.list(where));
    for (const auto& name : names) {
      SegmentFile file;
      if (!parse_name(name, file) || file.archived != archived) continue;
      // Archived and still there: the crash came between the two; the archive is complete (it was renamed into place).
      const bool twice = std::any_of(out.begin(), out.end(), [&](const SegmentFile& other) { return other.number == file.number; });
      if (!twice) out.push_back(std::move(file));
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i].number != out[i - 1].number + 1) {
      return base::fail(base::ErrorCode::data_damaged, "journal segment " + std::to_string(out[i - 1].number + 1) + " is missing",
                        base::Where{.file = folder}, "restore the newest backup");
    }
  }
  return out;
}

std::string segment_path(const std::string& folder, const SegmentFile& file) {
  return (file.archived ? archive_folder(folder) : folder) + "/" + file.name;
}

base::Result<std::string> read_segment(base::Storage& storage, const std::string& folder, const SegmentFile& segment) {
  TRY(auto file, storage.open(segment_path(folder, segment), base::Storage::Open::read));
  TRY(const auto size, file->size());
  TRY(auto bytes, file->read_at(0, static_cast<std::size_t>(size)));
  if (!segment.archived) return bytes;
  return unpack_archive(bytes, segment_path(folder, segment));
}

base::Status read(base::Storage& storage, const std::string& folder, std::uint64_t after, const BatchVisitor& visit) {
  TRY(const auto files, segments(storage, folder));
  std::uint64_t expected = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const bool last = i + 1 == files.size();
    if (!last && files[i + 1].first_position <= after + 1) continue;
    TRY(const auto bytes, read_segment(storage, folder, files[i]));
    const auto head = decode_head(bytes);
    if (!head && last) return {};  // never finished; recovery removes it
    if (!head) return std::unexpected(head.error());
    if (head->number != files[i].number || head->first_position != files[i].first_position || (expected != 0 && head->first_position != expected)) {
      return base::fail(base::ErrorCode::data_damaged, "a journal segment is not the one its name says", base::Where{.file = segment_path(folder, files[i])}, "restore the newest backup");
    }
    const auto extent = scan(bytes, *head, last, segment_path(folder, files[i]), [&](const Frame& frame) -> base::Status {
      if (frame.last_position() <= after) return {};
      return visit(frame.last_position(), frame.payload);
    });
    if (!extent) return std::unexpected(extent.error());
    expected = extent->next_position;
  }
  return {};
}

// Newest first, so that an interruption leaves a journal without gaps.
base::Status cut_behind(base::Storage& storage, const std::string& folder, std::uint64_t position) {
  TRY(auto files, segments(storage, folder));
  for (; !files.empty() && files.back().first_position > position; files.pop_back()) TRY_VOID(storage.remove(segment_path(folder, files.back())));
  const auto no_end = base::fail(base::ErrorCode::not_found, "no batch of the journal ends at position " + std::to_string(position), base::Where{.file = folder});
  if (files.empty()) return no_end;
  const SegmentFile& last = files.back();
  TRY(const auto bytes, read_segment(storage, folder, last));
  TRY(const auto head, decode_head(bytes));
  std::uint64_t end = 0;
  TRY_VOID(scan(bytes, head, true, segment_path(folder, last), [&](const Frame& frame) -> base::Status {
    if (frame.last_position() == position) end = frame.end();
    return {};
  }));
  if (end == 0) return no_end;
  const std::string path = folder + "/" + segment_name(last.number, last.first_position), part = path + ".new";
  if (storage.exists(part)) TRY_VOID(storage.remove(part));
  {
    TRY(const auto file, storage.open(part, base::Storage::Open::create));
    TRY_VOID(file->write_at(0, std::string_view(bytes).substr(0, end)));
    TRY_VOID(file->sync());
  }
  TRY_VOID(storage.rename(part, path));
  if (last.archived) TRY_VOID(storage.remove(segment_path(folder, last)));
  return storage.sync_folder(folder);
}

Journal::Journal(JournalOptions options) : options_(std::move(options)) {}
Journal::~Journal() = default;

base::Result<std::unique_ptr<Journal>> Journal::open(JournalOptions options) {
  std::unique_ptr<Journal> journal(new Journal(std::move(options)));
  TRY_VOID(journal->options_.storage->make_folder(archive_folder(journal->options_.folder)));
  TRY_VOID(journal->recover());
  return journal;
}

base::Status Journal::recover() {
  base::Storage& storage = *options_.storage;
  TRY(const auto names, storage.list(archive_folder(options_.folder)));
  for (const auto& name : names) {
    if (name.ends_with(".new")) TRY_VOID(storage.remove(archive_folder(options_.folder) + "/" + name));
  }
  TRY(const auto files, segments(storage, options_.folder));
  for (const auto& file : files) {
    const std::string raw = options_.folder + "/" + segment_name(file.number, file.first_position);
    if (!file.archived || !storage.exists(raw)) continue;
    TRY_VOID(storage.sync_folder(archive_folder(options_.folder)));  // the rename may be the very thing that was not synced
    TRY_VOID(storage.remove(raw));
  }
  last_position_ = options_.first_position - 1;
  if (files.empty()) return {};
  number_ = files.back().number;
  last_position_ = files.back().first_position - 1;
  if (!files.back().archived) return recover_last(files.back());
  TRY(const auto bytes, read_segment(storage, options_.folder, files.back()));
  TRY(const auto head, decode_head(bytes));
  TRY(const auto extent, scan(bytes, head, false, segment_path(options_.folder, files.back()), [](const Frame&) -> base::Status { return {}; }));
  last_position_ = extent.next_position - 1;
  return {};
}

// The last segment: its torn tail goes, and what no later frame calls durable is written again, because after a failed
// sync the page cache shows bytes that the disk may not have.
base::Status Journal::recover_last(const SegmentFile& segment) {
  base::Storage& storage = *options_.storage;
  const std::string path = segment_path(options_.folder, segment);
  TRY(const auto bytes, read_segment(storage, options_.folder, segment));
  auto head = decode_head(bytes);
  if (!head) {
    // The head is synced before the first frame: a frame without a head is damage, no frame is an unfinished segment.
    Frame frame;
    for (std::uint64_t at = kHeadBytes; at + kFrameHeadBytes <= bytes.size(); at += 8) {
      if (frame_at(bytes, segment.number, at, frame)) {
        head.error().where.file = path;
        return std::unexpected(head.error());
      }
    }
    TRY_VOID(storage.remove(path));
    --number_;
    return storage.sync_folder(options_.folder);
  }
  if (head->number != segment.number || head->first_position != segment.first_position) {
    return base::fail(base::ErrorCode::data_damaged, "a journal segment is not the one its name says", base::Where{.file = path});
  }
  TRY(const auto extent, scan(bytes, *head, true, path, [](const Frame&) -> base::Status { return {}; }));
  last_position_ = extent.next_position - 1;
  if (extent.end == kHeadBytes) {
    TRY_VOID(storage.remove(path));
    --number_;
    return storage.sync_folder(options_.folder);
  }
  TRY(auto file, storage.open(path, base::Storage::Open::read_write));
  if (extent.end < bytes.size()) TRY_VOID(file->truncate(extent.end));
  TRY_VOID(file->write_at(extent.durable, std::string_view(bytes).substr(extent.durable, extent.end - extent.durable)));
  if (options_.sync) TRY_VOID(file->sync());
  return storage.sync_folder(options_.folder);
}

base::Status Journal::open_segment(std::uint64_t first_position) {
  base::Storage& storage = *options_.storage;
  const std::string path = options_.folder + "/" + segment_name(number_ + 1, first_position);
  TRY(auto file, storage.open(path, base::Storage::Open::create));
  TRY_VOID(file->preallocate(options_.segment_bytes));
  TRY_VOID(file->write_at(0, encode_head({number_ + 1, first_position, options_.timeline})));
  if (options_.sync) {
    TRY_VOID(file->sync());
    TRY_VOID(storage.sync_folder(options_.folder));
  }
  file_ = std::move(file);
  const std::lock_guard lock(mutex_);
  ++number_;
  offset_ = kHeadBytes;
  ++syncs_;
  return {};
}

base::Status Journal::close_segment() {
  TRY_VOID(file_->truncate(offset_));
  if (options_.sync) TRY_VOID(file_->sync());
  file_.reset();
  return {};
}

base::Status Journal::append(std::uint64_t first_position, std::uint32_t count, std::string_view batch) {
  if (!failed_) return failed_;
  failed_ = write(first_position, count, batch);
  return failed_;
}

base::Status Journal::write(std::uint64_t first_position, std::uint32_t count, std::string_view batch) {
  if (first_position != last_position_ + 1 || count == 0 || batch.size() > kBatchBytes) {
    return base::fail(base::ErrorCode::internal, "batch of " + std::to_string(count) + " at position " + std::to_string(first_position) +
                                                     " does not follow position " + std::to_string(last_position_));
  }
  if (file_ && offset_ + kFrameHeadBytes + batch.size() > options_.segment_bytes && offset_ > kHeadBytes) TRY_VOID(close_segment());
  if (!file_) TRY_VOID(open_segment(first_position));
  const Frame frame{.offset = offset_, .first_position = first_position, .durable = offset_, .count = count, .payload = batch};
  buffer_.clear();
  append_frame(buffer_, number_, frame);
  TRY_VOID(file_->write_at(offset_, buffer_));
  if (options_.sync) TRY_VOID(file_->sync());
  const std::lock_guard lock(mutex_);
  offset_ = frame.end();
  last_position_ = frame.last_position();
  bytes_ += buffer_.size();
  ++syncs_;
  return {};
}

std::uint64_t Journal::last_position() const {
  const std::lock_guard lock(mutex_);
  return last_position_;
}
std::uint64_t Journal::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}
std::uint64_t Journal::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

base::Status Journal::archive(std::uint64_t position) {
  TRY(const auto files, segments(*options_.storage, options_.folder));
  for (std::size_t i = 0; i + 1 < files.size(); ++i) {
    // Only segments with a successor: those are closed whatever the appending thread is doing now.
    if (files[i].archived || files[i + 1].first_position > position + 1) continue;
    TRY_VOID(archive_segment(*options_.storage, options_.folder, archive_folder(options_.folder), files[i].name));
  }
  return {};
}

base::Result<Journal::Cut> Journal::cut() const {
  const std::lock_guard lock(mutex_);
  Cut cut;
  TRY(cut.files, segments(*options_.storage, options_.folder));
  cut.position = last_position_;
  cut.last_bytes = offset_;
  return cut;
}

}  // namespace engine::journal
