#include "engine/journal/segment.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "base/bytes.h"

namespace engine::journal {
namespace {

constexpr std::uint32_t kHeadMagic = 0x314a4753;   // "SGJ1"
constexpr std::uint32_t kFrameMagic = 0x4d415246;  // "FRAM"

std::uint64_t checksum(std::string_view head, std::string_view payload, std::uint64_t segment) {
  return XXH3_64bits_withSeed(payload.data(), payload.size(), XXH3_64bits_withSeed(head.data(), head.size(), segment));
}

std::unexpected<base::Error> damaged(std::string what, const std::string& file, std::uint64_t offset) {
  return base::fail(base::ErrorCode::data_damaged, std::move(what) + " at offset " + std::to_string(offset), base::Where{.file = file},
                    "restore the newest backup");
}

}  // namespace

std::string encode_head(const SegmentHead& head) {
  base::Writer out;
  out.u32(kHeadMagic);
  out.u32(kFormat);
  out.u64(head.number);
  out.u64(head.first_position);
  out.u32(head.timeline);
  out.u32(0);
  out.u64(XXH3_64bits(out.bytes().data(), out.size()));
  out.bytes().resize(kHeadBytes);
  return out.take();
}

base::Result<SegmentHead> decode_head(std::string_view segment) {
  base::Reader in(segment);
  const std::uint32_t magic = in.u32(), format = in.u32();
  SegmentHead head;
  head.number = in.u64();
  head.first_position = in.u64();
  head.timeline = in.u32();
  in.u32();
  const std::uint64_t sum = in.u64();
  if (segment.size() < kHeadBytes || magic != kHeadMagic || sum != XXH3_64bits(segment.data(), 32)) {
    return base::fail(base::ErrorCode::data_damaged, "not the head of a journal segment");
  }
  if (format != kFormat) {
    return base::fail(base::ErrorCode::data_damaged, "journal format " + std::to_string(format) + " is not one this release reads", {},
                      "format " + std::to_string(kFormat));
  }
  return head;
}

void append_frame(std::string& out, std::uint64_t segment, const Frame& frame) {
  base::Writer head;
  head.u32(static_cast<std::uint32_t>(frame.payload.size()));
  head.u32(kFrameMagic);
  head.u64(frame.offset);
  head.u64(frame.first_position);
  head.u32(frame.count);
  head.u32(0);
  head.u64(frame.durable);
  head.u64(checksum(head.bytes(), frame.payload, segment));
  out += head.bytes();
  out += frame.payload;
  out.resize(out.size() + (frame.end() - frame.offset - kFrameHeadBytes - frame.payload.size()));
}

bool frame_at(std::string_view segment, std::uint64_t number, std::uint64_t offset, Frame& out) {
  if (offset + kFrameHeadBytes > segment.size()) return false;
  base::Reader in(segment.substr(offset));
  const std::uint32_t bytes = in.u32();
  if (in.u32() != kFrameMagic || in.u64() != offset) return false;
  out.offset = offset;
  out.first_position = in.u64();
  out.count = in.u32();
  in.u32();
  out.durable = in.u64();
  const std::uint64_t sum = in.u64();
  if (out.count == 0 || bytes > kBatchBytes || bytes > in.rest().size()) return false;
  out.payload = in.bytes(bytes);
  return sum == checksum(segment.substr(offset, kFrameHeadBytes - 8), out.payload, number);
}

base::Result<Extent> scan(std::string_view segment, const SegmentHead& head, bool last, const std::string& file,
                          const std::function<base::Status(const Frame&)>& visit) {
  Extent extent;
  extent.next_position = head.first_position;
  Frame frame;
  while (extent.end < segment.size() && frame_at(segment, head.number, extent.end, frame)) {
    if (frame.first_position != extent.next_position) {
      return damaged("position " + std::to_string(frame.first_position) + " follows where " + std::to_string(extent.next_position) + " belongs", file,
                     frame.offset);
    }
    TRY_VOID(visit(frame));
    extent.end = frame.end();
    extent.durable = std::max(extent.durable, frame.durable);
    extent.next_position = frame.last_position() + 1;
  }
  if (extent.end >= segment.size()) return extent;
  if (!last) return damaged("a record does not match its checksum", file, extent.end);
  // A torn tail is what was being written when the power went. Was this place already synced once, it is damage.
  for (std::uint64_t at = extent.end + 8; at + kFrameHeadBytes <= segment.size(); at += 8) {
    if (frame_at(segment, head.number, at, frame) && frame.durable > extent.end) {
      return damaged("a synced record does not match its checksum", file, extent.end);
    }
  }
  return extent;
}

}  // namespace engine::journal
