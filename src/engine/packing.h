// Packed values (base/packed.h) put together from parts that are packed already, without unpacking them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/packed.h"

namespace engine {

// A packed object, member by member; who adds a name twice gets it twice.
class PackedObject {
 public:
  void add(std::string_view name, std::string_view packed) {
    members_.text(name);
    members_.append(packed);
    ++count_;
  }
  std::string take() { return packed(base::Packed::Kind::object, count_, members_.bytes()); }

  // A value of `count` items or members, as they stand one after the other.
  static std::string packed(base::Packed::Kind kind, std::uint64_t count, std::string_view parts) {
    base::Writer body;
    body.varint(count);
    body.append(parts);
    base::Writer out;
    out.u8(static_cast<std::uint8_t>(kind));
    out.text(body.bytes());
    return out.take();
  }

 private:
  base::Writer members_;
  std::uint64_t count_ = 0;
};

// {name: [item(0), item(1), …]}: what a multi-instance activity collected. An empty item is null: its run gave nothing.
template <class Item> std::string packed_collection(std::string_view name, std::size_t count, const Item& item) {
  base::Writer items;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view one = item(i);
    if (one.empty()) items.u8(static_cast<std::uint8_t>(base::Packed::Kind::null));
    else items.append(one);
  }
  PackedObject out;
  out.add(name, PackedObject::packed(base::Packed::Kind::array, count, items.bytes()));
  return out.take();
}

}  // namespace engine
