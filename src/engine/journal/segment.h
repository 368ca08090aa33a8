// One journal segment's bytes. All little endian; see README.md for why each field is there.
//   head, 64 bytes: u32 "SGJ1" · u32 format 1 · u64 segment number · u64 first position · u32 timeline · u32 0 ·
//                   u64 xxh3 of those 32 bytes · zeros
//   frames from offset 64, each at a multiple of 8:
//     u32 payload bytes · u32 "FRAM" · u64 own offset · u64 first position · u32 positions · u32 0 ·
//     u64 durable: everything before this offset was synced when the frame was written ·
//     u64 xxh3 (seed = segment number) of the 40 bytes before and the payload · payload · zeros to 8
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace engine::journal {

inline constexpr std::uint32_t kFormat = 1;
inline constexpr std::size_t kHeadBytes = 64;
inline constexpr std::size_t kFrameHeadBytes = 48;
inline constexpr std::size_t kBatchBytes = 256u << 20;  // a batch is bounded by commands of at most 32 MB; more is damage

struct SegmentHead {
  std::uint64_t number = 0, first_position = 0;
  std::uint32_t timeline = 0;
};
std::string encode_head(const SegmentHead&);
base::Result<SegmentHead> decode_head(std::string_view segment);  // data_damaged

struct Frame {
  std::uint64_t offset = 0, first_position = 0, durable = 0;
  std::uint32_t count = 0;
  std::string_view payload;
  std::uint64_t last_position() const { return first_position + count - 1; }
  std::uint64_t end() const { return (offset + kFrameHeadBytes + payload.size() + 7) / 8 * 8; }
};
void append_frame(std::string& out, std::uint64_t segment, const Frame&);
// The whole and unharmed frame at `offset`, or false. Never reads past the segment.
bool frame_at(std::string_view segment, std::uint64_t number, std::uint64_t offset, Frame& out);

// Where the good frames of a segment end.
struct Extent {
  std::uint64_t end = kHeadBytes;      // behind the last good frame
  std::uint64_t durable = kHeadBytes;  // highest durable mark of a good frame
  std::uint64_t next_position = 0;
};
// Visits the good frames in order. `last`: a torn tail ends the segment quietly, unless a frame behind it shows that the
// torn place had been synced once; in any other segment a bad frame is data_damaged.
base::Result<Extent> scan(std::string_view segment, const SegmentHead&, bool last, const std::string& file,
                          const std::function<base::Status(const Frame&)>& visit);

}  // namespace engine::journal
