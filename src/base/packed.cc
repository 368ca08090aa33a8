#include "base/packed.h"

#include "base/bytes.h"

namespace base {
namespace {

enum Tag : std::uint8_t { kNull, kFalse, kTrue, kInteger, kNumber, kString, kArray, kObject };

void pack_into(Writer& out, const Json& value) {
  if (value.is_null()) return out.u8(kNull);
  if (value.is_bool()) return out.u8(value.as_bool() ? kTrue : kFalse);
  if (value.is_int()) {
    out.u8(kInteger);
    return out.zigzag(value.as_int());
  }
  if (value.is_number()) {
    out.u8(kNumber);
    return out.text(value.number_text());
  }
  if (value.is_string()) {
    out.u8(kString);
    return out.text(value.as_string());
  }
  Writer body;
  body.varint(value.size());
  if (value.is_array()) {
    for (const Json& item : value.as_array()) pack_into(body, item);
  } else {
    for (const auto& [key, item] : value.as_object()) {
      body.text(key);
      pack_into(body, item);
    }
  }
  out.u8(value.is_array() ? kArray : kObject);
  out.text(body.bytes());
}

// Takes one packed value off the reader and returns its bytes.
std::string_view take_value(Reader& in) {
  const std::string_view before = in.rest();
  switch (in.u8()) {
    case kInteger: in.varint(); break;
    case kNumber: case kString: case kArray: case kObject: in.text(); break;
    default: break;
  }
  return before.substr(0, before.size() - in.rest().size());
}

Result<Json> unpack_value(Reader& in, int depth) {
  const auto damaged = [](const char* what) { return fail(ErrorCode::data_damaged, std::string("packed value: ") + what); };
  if (depth > limits::kJsonDepth) return damaged("nested too deep");
  const std::uint8_t tag = in.u8();
  if (!in.ok()) return damaged("ends early");
  switch (tag) {
    case kNull: return Json();
    case kFalse: return Json(false);
    case kTrue: return Json(true);
    case kInteger: {
      const std::int64_t v = in.zigzag();
      if (!in.ok()) return damaged("ends early");
      return Json(v);
    }
    case kNumber: case kString: {
      std::string text(in.text());
      if (!in.ok()) return damaged("ends early");
      return tag == kString ? Json(std::move(text)) : Json(Json::Number{std::move(text)});
    }
    case kArray: case kObject: {
      Reader body(in.text());
      if (!in.ok()) return damaged("ends early");
      const std::uint64_t count = body.varint();
      Json::Array items;
      Json::Object members;
      for (std::uint64_t i = 0; i < count; ++i) {
        std::string key;
        if (tag == kObject) key = body.text();
        if (!body.ok()) return damaged("ends early");
        TRY(Json child, unpack_value(body, depth + 1));
        if (tag == kObject) members.emplace_back(std::move(key), std::move(child));
        else items.push_back(std::move(child));
      }
      if (!body.done()) return damaged("has bytes left over");
      return tag == kArray ? Json(std::move(items)) : Json(std::move(members));
    }
  }
  return damaged("has an unknown tag");
}

}  // namespace

void pack_to(std::string& out, const Json& value) {
  Writer writer;
  pack_into(writer, value);
  out += writer.bytes();
}

std::string pack(const Json& value) {
  Writer writer;
  pack_into(writer, value);
  return writer.take();
}

Result<Json> unpack(std::string_view bytes) {
  Reader in(bytes);
  TRY(Json value, unpack_value(in, 0));
  if (!in.done()) return fail(ErrorCode::data_damaged, "packed value: has bytes left over");
  return value;
}

Status Packed::check(std::string_view bytes) {
  auto value = unpack(bytes);
  if (!value) return std::unexpected(std::move(value).error());
  return {};
}

std::int64_t Packed::as_int() const {
  Reader in(bytes_.substr(1));
  return in.zigzag();
}

std::string_view Packed::text() const {
  Reader in(bytes_.substr(1));
  return in.text();
}

std::size_t Packed::count() const {
  Reader in(bytes_.substr(1));
  Reader body(in.text());
  return body.varint();
}

Packed::Items Packed::items() const {
  Reader in(bytes_.substr(1));
  Reader body(in.text());
  Items items;
  items.left_ = body.varint();
  items.rest_ = body.rest();
  items.keyed_ = kind() == Kind::object;
  items.load();
  return items;
}

void Packed::Items::load() {
  if (left_ == 0) return;
  Reader in(rest_);
  if (keyed_) key_ = in.text();
  value_ = take_value(in);
  rest_ = in.rest();
}

void Packed::Items::next() {
  --left_;
  load();
}

bool Packed::find(std::string_view key, Packed& out) const {
  for (Items it = items(); it.more(); it.next()) {
    if (it.key() != key) continue;
    out = it.value();
    return true;
  }
  return false;
}

}  // namespace base
