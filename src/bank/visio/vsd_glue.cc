// The binary format: an OLE2 file ([MS-CFB]) whose stream "VisioDocument" is a tree of streams, some packed, that end in chunks.
// Found out from drawings and their known models: a line's Misc chunk (0xa4) holds the formulas of BegTrigger and EndTrigger,
// _XFTRIGGER(Sheet.n!EventXFMod), as tokens; n is the shape at that end. Its 1-D chunk (0x9d) names shapes in PNT(Sheet.n!…).
#include "bank/visio/vsd_glue.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <set>
#include <vector>

#include "base/limits_visio.h"

namespace bank::visio {
namespace {

constexpr std::uint32_t kFreeSector = 0xfffffff0;  // and above: no sector
constexpr int kDepth = 8;                          // streams in streams; real files have 4
constexpr std::uint32_t kPointers = 20'000;        // of one stream

// Numbers of little endian; 0 beyond the end, so that a short file ends loops and breaks nothing.
std::uint32_t u32(std::string_view b, std::size_t at) {
  std::uint32_t out = 0;
  if (at <= b.size() && b.size() - at >= 4) std::memcpy(&out, b.data() + at, 4);
  return out;
}
std::uint16_t u16(std::string_view b, std::size_t at) {
  std::uint16_t out = 0;
  if (at <= b.size() && b.size() - at >= 2) std::memcpy(&out, b.data() + at, 2);
  return out;
}
std::uint8_t u8(std::string_view b, std::size_t at) { return at < b.size() ? static_cast<std::uint8_t>(b[at]) : 0; }
double real(std::string_view b, std::size_t at) {
  double out = 0;
  if (at <= b.size() && b.size() - at >= 8) std::memcpy(&out, b.data() + at, 8);
  return std::isfinite(out) && std::abs(out) < 1e5 ? out : 0;
}
std::string_view part(std::string_view b, std::size_t at, std::size_t length) { return at >= b.size() ? std::string_view() : b.substr(at, length); }

// The stream "VisioDocument"; "" where there is none.
std::string document_stream(std::string_view file) {
  const unsigned shift = u16(file, 30);
  if (shift < 9 || shift > 12) return {};
  const std::size_t size = std::size_t{1} << shift, sectors = file.size() / size;
  const auto sector = [&](std::uint32_t i) { return part(file, (std::size_t{i} + 1) * size, size); };
  std::vector<std::uint32_t> fat;
  const auto take = [&](std::uint32_t at) {
    const std::string_view s = sector(at);
    for (std::size_t k = 0; k + 4 <= s.size() && fat.size() <= sectors; k += 4) fat.push_back(u32(s, k));
  };
  for (std::size_t i = 0; i < 109; ++i)
    if (const std::uint32_t at = u32(file, 76 + 4 * i); at < kFreeSector) take(at);
  std::uint32_t next = u32(file, 68);
  for (std::size_t turn = 0; next < kFreeSector && turn <= sectors; ++turn) {  // a FAT of more than 109 sectors
    const std::string_view s = sector(next);
    for (std::size_t k = 0; k + 8 <= s.size(); k += 4)
      if (const std::uint32_t at = u32(s, k); at < kFreeSector) take(at);
    next = s.size() < 4 ? kFreeSector : u32(s, s.size() - 4);
  }
  const auto chain = [&](std::uint32_t at) {
    std::string out;
    for (std::size_t turn = 0; at < fat.size() && turn <= sectors; ++turn, at = fat[at]) out += sector(at);
    return out;
  };
  const std::string directory = chain(u32(file, 48));
  static constexpr char kName[] = "V\0i\0s\0i\0o\0D\0o\0c\0u\0m\0e\0n\0t";
  for (std::size_t at = 0; at + 128 <= directory.size(); at += 128)
    if (std::string_view(directory).substr(at, sizeof kName) == std::string_view(kName, sizeof kName)) {
      std::string out = chain(u32(directory, at + 116));
      out.resize(std::min<std::size_t>(out.size(), u32(directory, at + 120)));
      return out;
    }
  return {};
}

// The packing of streams: a flag byte, then eight items, each a byte or a copy of 3 to 18 bytes out of the last 4096.
std::string unpack(std::string_view in, std::size_t& budget) {
  std::string out;
  unsigned char window[4096] = {};
  unsigned at = 0;
  const auto put = [&](unsigned char c) {
    window[at++ & 4095] = c;
    out += static_cast<char>(c);
  };
  for (std::size_t i = 0; i < in.size() && out.size() < budget;) {
    const unsigned flags = u8(in, i++);
    for (unsigned bit = 0; bit < 8 && i < in.size(); ++bit) {
      if ((flags & (1u << bit)) != 0) {
        put(u8(in, i++));
        continue;
      }
      if (i + 1 >= in.size()) return out;
      const unsigned low = u8(in, i), high = u8(in, i + 1), length = (high & 15) + 3;
      i += 2;
      unsigned from = ((high & 0xf0) << 4) | low;
      from = from > 4078 ? from - 4078 : from + 18;
      for (unsigned k = 0; k < length; ++k) put(window[(from + k) & 4095]);
    }
  }
  budget -= std::min(budget, out.size());
  return out;
}

class Reader {
 public:
  explicit Reader(std::string document) : document_(std::move(document)) {}

  std::string read() {
    if (u8(document_, 0x1a) != 11) return {};
    stream(0x24, document_, 0);
    return std::move(said_);
  }

 private:
  // The stream that the 18 bytes of a pointer lead to.
  void stream(std::size_t pointer, std::string_view in, int depth) {
    const std::uint32_t type = u32(in, pointer), offset = u32(in, pointer + 8), length = u32(in, pointer + 12);
    const unsigned format = u16(in, pointer + 16), kind = format >> 4;
    if (offset == 0 || depth > kDepth || !seen_.insert(offset).second || budget_ == 0) return;
    const bool packed = (format & 2) != 0;
    const std::string_view raw = part(document_, offset, length);
    const std::string data = packed ? unpack(raw, budget_) : std::string(raw);
    const bool page = type == 0x15;
    if (page) ++page_, on_page_ = true;
    if (kind == 0xd || kind == 0xc || kind == 0x8) chunks(data);
    if (kind == 0x5) pointers(data, packed ? 4 : 0, depth);
    if (page) on_page_ = false;
  }

  void pointers(const std::string& data, std::size_t shift, int depth) {
    const std::size_t at = std::size_t{u32(data, shift)} + shift - 4;
    const std::uint32_t count = u32(data, at + 4);
    if (count > kPointers) return;
    for (std::uint32_t i = 0; i < count && at + 12 + (i + 1) * 18 <= data.size(); ++i)
      if (u32(data, at + 12 + i * 18) != 0) stream(at + 12 + i * 18, data, depth + 1);
  }

  // Bytes behind a chunk, after the rules that hold for format 11.
  static std::size_t trailer(std::uint32_t type, std::uint32_t list, unsigned level, unsigned mark) {
    static const std::set<std::uint32_t> kEight = {0x71, 0x70, 0x6b, 0x6a, 0x69, 0x66, 0x65, 0x2c}, kFour = {0x64, 0x65, 0x66, 0x69, 0x6a, 0x6b, 0x6f, 0x71, 0x92, 0xa9, 0xb4, 0xb6, 0xb9, 0xc7};
    if (type == 0x1f || type == 0xc9 || type == 0x2d || type == 0xd1) return 0;
    std::size_t out = list != 0 || kEight.contains(type) ? 8 : 0;
    if (list != 0 || (level == 2 && mark == 0x55) || (level == 2 && mark == 0x54 && type == 0xaa) || (level == 3 && mark != 0x50 && mark != 0x54)) out += 4;
    if (kFour.contains(type) && out != 12 && out != 4) out += 4;
    return out;
  }

  void chunks(const std::string& data) {
    std::size_t at = 0;
    while (true) {
      while (at < data.size() && data[at] == 0) ++at;
      if (at + 19 > data.size()) return;
      const std::uint32_t type = u32(data, at), list = u32(data, at + 8), length = u32(data, at + 12);
      const unsigned level = u16(data, at + 16), mark = u8(data, at + 18);
      const std::string_view body = part(data, at + 19, length);
      if (body.size() < length) return;  // out of step: nothing behind this is believed
      if (on_page_) chunk(type, body);
      at += 19 + length + trailer(type, list, level, mark);
    }
  }

  void chunk(std::uint32_t type, std::string_view body) {
    if (type == 0x47 || type == 0x48 || type == 0x4e) sheet_ = u32(body, 14);
    else if (type == 0x9b) say("sheet %d %u %.4f %.4f %.4f %.4f\n", page_, sheet_, real(body, 1), real(body, 10), real(body, 19), real(body, 28));
    else if (type == 0xa4) blocks(body, 45, 0x0b, 0x0c, "\x74\x4e\0\0\x60", 5);
    else if (type == 0x9d) blocks(body, 38, 0x00, 0x02, "\x70", 1);
  }

  // Formulas: length, 2, the cell's number, tokens. The one that refers to a sheet begins with `token`.
  void blocks(std::string_view body, std::size_t at, unsigned begin, unsigned end, const char* token, std::size_t size) {
    while (at + 6 <= body.size()) {
      const std::uint32_t length = u32(body, at);
      if (length < 6) return;
      const unsigned cell = u8(body, at + 5);
      if (u8(body, at + 4) == 2 && (cell == begin || cell == end) && part(body, at + 6, size) == std::string_view(token, size))
        say("glue %d %u %d %u\n", page_, sheet_, cell == end, u32(body, at + 6 + size));
      at += length;
    }
  }

  template <class... A>
  void say(const char* format, A... values) {
    char line[256];
    const int n = std::snprintf(line, sizeof line, format, values...);
    if (n > 0 && static_cast<std::size_t>(n) < sizeof line && said_.size() < base::limits::kVisioAnswerBytes) said_.append(line, static_cast<std::size_t>(n));
  }

  std::string document_, said_;
  std::set<std::uint32_t> seen_;  // a stream is read once: pointers in rings end
  std::size_t budget_ = static_cast<std::size_t>(base::limits::kVisioBytes);
  int page_ = -1;
  bool on_page_ = false;
  std::uint32_t sheet_ = 0;
};

}  // namespace

std::string glue_lines(std::string_view file) {
  std::string document = document_stream(file);
  return document.empty() ? std::string() : Reader(std::move(document)).read();
}

}  // namespace bank::visio
