// Little-endian and varint (LEB128) encoding for records. A Reader never reads past its end: it turns bad.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace base {

class Writer {
 public:
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void u32(std::uint32_t v) { raw(&v, sizeof v); }
  void u64(std::uint64_t v) { raw(&v, sizeof v); }
  void varint(std::uint64_t v) {
    while (v >= 0x80) {
      u8(static_cast<std::uint8_t>(v | 0x80));
      v >>= 7;
    }
    u8(static_cast<std::uint8_t>(v));
  }
  void zigzag(std::int64_t v) { varint((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63)); }
  void text(std::string_view v) {
    varint(v.size());
    out_.append(v);
  }
  void append(std::string_view v) { out_.append(v); }
  std::string& bytes() { return out_; }
  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }
  void clear() { out_.clear(); }

 private:
  static_assert(std::endian::native == std::endian::little);
  void raw(const void* p, std::size_t n) { out_.append(static_cast<const char*>(p), n); }
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool ok() const { return ok_; }
  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  std::uint8_t u8() { return static_cast<std::uint8_t>(take(1, 0)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(take(4, 0)); }
  std::uint64_t u64() { return take(8, 0); }
  std::uint64_t varint() {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t b = u8();
      v |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return v;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t v = varint();
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }
  std::string_view text() { return bytes(varint()); }
  std::string_view bytes(std::uint64_t n) {
    if (n > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view v = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return v;
  }

 private:
  std::uint64_t take(std::size_t n, std::uint64_t otherwise) {
    if (rest_.size() < n) {
      ok_ = false;
      rest_ = {};
      return otherwise;
    }
    std::uint64_t v = 0;
    std::memcpy(&v, rest_.data(), n);
    rest_.remove_prefix(n);
    return v;
  }
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace base
