// Errors are values: Result<T> = std::expected<T, Error>. No exception crosses a room's door.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

enum class ErrorCode : std::uint8_t {
#define ERROR(name, http, title, doc) name,
#include "base/errors.def"
#undef ERROR
};

// Where something is wrong. Lines and columns count from 1; 0 and "" mean "not known".
struct Where {
  std::string file;
  int line = 0;
  int column = 0;
  std::string element;  // element id of a model
  std::string pointer;  // JSON pointer (RFC 6901)
  std::string text() const;  // "file:3:7 element 'x' at /a/b"; "" when nothing is known
  bool operator==(const Where&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;  // what was wrong, English, no personal data
  Where where;
  std::string remedy;  // what would be right; may be empty
  std::string text() const;  // "file:3:7: message (remedy)"
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

std::string_view name(ErrorCode);       // "not_found": the stable last part of a problem type
std::string_view title_da(ErrorCode);   // for people
int http_status(ErrorCode);

inline std::unexpected<Error> fail(ErrorCode code, std::string message, Where where = {}, std::string remedy = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(where), std::move(remedy)});
}

}  // namespace base

// TRY(auto x, call()): x is the value, or the enclosing function returns the error.
#define BASE_JOIN_(a, b) a##b
#define BASE_JOIN(a, b) BASE_JOIN_(a, b)
#define TRY_INTO_(tmp, decl, ...)                                       \
  auto tmp = (__VA_ARGS__);                                             \
  if (!tmp) return std::unexpected(std::move(tmp).error());             \
  decl = std::move(*tmp)
#define TRY(decl, ...) TRY_INTO_(BASE_JOIN(try_, __COUNTER__), decl, __VA_ARGS__)
#define TRY_VOID(...)                                                   \
  do {                                                                  \
    auto try_status = (__VA_ARGS__);                                    \
    if (!try_status) return std::unexpected(std::move(try_status).error()); \
  } while (0)
