// A fuzz target is one file beside this one: FUZZ_TARGET(name) { … data … }. With the preset `fuzz` (clang) libFuzzer drives
// it; with every other compiler replay.cc runs the committed corpus through it (tests/fuzz/corpus/<target>/).
// A target finds a fault by crashing: a sanitizer's report, or CHECK. It never judges by time; `tests/fuzz/run` does.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

// Steps that one evaluation of a fuzzed input may take: an input shall be cheap, so that many are tried.
inline constexpr std::uint64_t kSteps = 100'000;


struct Target {
  std::string_view name;
  void (*run)(std::string_view data);
  std::vector<std::string> (*words)();  // what its texts are made of
};
const Target& target();  // FUZZ_TARGET defines it

// Words of FEEL: keywords, operators, builtins and their parameters; from the parser's and the builtins' own lists.
std::vector<std::string> feel_words();


#define CHECK(condition, ...)                                                         \
  do {                                                                                \
    if (!(condition)) {                                                               \
      std::fprintf(stderr, "%s:%d: CHECK(%s) failed: ", __FILE__, __LINE__, #condition); \
      std::fprintf(stderr, __VA_ARGS__);                                              \
      std::fprintf(stderr, "\n");                                                     \
      std::abort();                                                                   \
    }                                                                                 \
  } while (false)

#define FUZZ_TARGET(name, words)                                                     \
  static void run_##name(std::string_view);                                          \
  const fuzz::Target& fuzz::target() {                                               \
    static const Target kTarget{#name, run_##name, words};                           \
    return kTarget;                                                                  \
  }                                                                                  \
  static void run_##name(std::string_view data)

}  // namespace fuzz
