#include "base/collation.h"

#include <unicode/coll.h>
#include <unicode/unistr.h>

#include <memory>

namespace base {

std::string danish_sort_key(std::string_view text) {
  thread_local const std::unique_ptr<icu::Collator> collator = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::Collator>(icu::Collator::createInstance(icu::Locale("da"), status));
  }();
  if (!collator) return std::string(text);
  const auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  const int32_t size = collator->getSortKey(unicode, nullptr, 0);
  std::string key(static_cast<std::size_t>(size), '\0');
  collator->getSortKey(unicode, reinterpret_cast<uint8_t*>(key.data()), size);
  while (!key.empty() && key.back() == '\0') key.pop_back();
  return key;
}

}  // namespace base
