#include "base/xml_bytes.h"

#include <expat.h>

#include <algorithm>
#include <memory>

namespace base::xml {
namespace {

struct Walk {
  XML_Parser parser = nullptr;
  std::vector<Bytes> all;
  std::vector<std::size_t> open;
};

std::size_t here(const Walk& w) { return static_cast<std::size_t>(XML_GetCurrentByteIndex(w.parser)); }
std::size_t length(const Walk& w) { return static_cast<std::size_t>(XML_GetCurrentByteCount(w.parser)); }

void on_start(void* self, const char*, const char**) {
  Walk& w = *static_cast<Walk*>(self);
  w.open.push_back(w.all.size());
  w.all.push_back({here(w), here(w) + length(w), 0, 0});
}
void on_end(void* self, const char*) {  // of <a/>, expat reports the end behind the tag, with no bytes
  Walk& w = *static_cast<Walk*>(self);
  Bytes& at = w.all[w.open.back()];
  at.close = here(w);
  at.end = at.close + length(w);
  w.open.pop_back();
}
// One byte, one character: which one does not matter to positions.
int on_encoding(void*, const char*, XML_Encoding* info) {
  for (int i = 0; i < 256; ++i) info->map[i] = i < 0x80 ? i : 0xa0 + (i & 0x3f);
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return XML_STATUS_OK;
}

}  // namespace

Result<std::vector<Bytes>> element_bytes(std::string_view text) {
  Walk w;
  const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  w.parser = parser.get();
  XML_SetUserData(w.parser, &w);
  XML_SetElementHandler(w.parser, on_start, on_end);
  XML_SetUnknownEncodingHandler(w.parser, on_encoding, nullptr);
  std::size_t at = 0;
  XML_Status status = XML_STATUS_OK;
  do {  // in pieces: expat takes an int
    const std::size_t piece = std::min<std::size_t>(text.size() - at, 1u << 20);
    status = XML_Parse(w.parser, text.data() + at, static_cast<int>(piece), at + piece == text.size());
    at += piece;
  } while (status == XML_STATUS_OK && at < text.size());
  if (status != XML_STATUS_OK) return fail(ErrorCode::invalid_xml, XML_ErrorString(XML_GetErrorCode(w.parser)));
  return std::move(w.all);
}

}  // namespace base::xml
