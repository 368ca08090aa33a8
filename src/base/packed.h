// JSON values in a compact binary that can be read in place: what variables are at rest.
//   0 null · 1 false · 2 true · 3 int64 (zigzag varint) · 4 number text · 5 string
//   6 array: byte length, count, items · 7 object: byte length, count, (key, value)*
// Lengths are varints. Format 1; a reader refuses tags it does not know.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace base {

std::string pack(const Json& value);
void pack_to(std::string& out, const Json& value);
Result<Json> unpack(std::string_view bytes);  // data_damaged

// A view of one packed value. Valid as long as the bytes are; never owns. Bytes must have come from pack()
// (or passed Packed::check), so reading does not fail.
class Packed {
 public:
  enum class Kind : std::uint8_t { null, boolean_false, boolean_true, integer, number, string, array, object };
  explicit Packed(std::string_view bytes) : bytes_(bytes) {}
  static Status check(std::string_view bytes);  // data_damaged, with depth bounded
  Kind kind() const { return static_cast<Kind>(bytes_[0]); }
  std::int64_t as_int() const;
  std::string_view text() const;  // of a number or string
  std::size_t count() const;      // of an array or object
  bool find(std::string_view key, Packed& out) const;  // of an object

  // for (auto it = v.begin(); it.more(); it.next()) it.key(), it.value()
  class Items {
   public:
    bool more() const { return left_ > 0; }
    void next();
    std::string_view key() const { return key_; }  // "" in arrays
    Packed value() const { return Packed(value_); }

   private:
    friend class Packed;
    void load();
    std::string_view rest_, key_, value_;
    std::size_t left_ = 0;
    bool keyed_ = false;
  };
  Items items() const;
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace base
