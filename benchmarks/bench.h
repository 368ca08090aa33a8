// The registry of measurements. One file per subject: BENCH(name, "what it measures") { … emit("figure", value, "unit"); }
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using Run = void (*)();
struct Entry { std::string name, what; Run run; bool large = false; };
std::vector<Entry>& entries();
struct Register {
  Register(std::string name, std::string what, Run run, bool large = false) { entries().push_back({std::move(name), std::move(what), run, large}); }
};

// One JSON line on stdout: {"name": …, "value": …, "unit": …}
void emit(std::string_view name, double value, std::string_view unit);
// Says why a measurement could not be made and makes the program exit 3.
void fail(std::string_view why);
double seconds();                        // monotonic
double percentile(std::vector<double> values, double p);  // p in [0, 1]; values in any order
std::uint64_t resident_bytes();          // of this process
// A fresh folder on the disk of $BENCH_FOLDER (default: build/bench), removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace bench

#define BENCH(id, what)                                                     \
  static void bench_##id();                                                 \
  static const bench::Register bench_register_##id(#id, what, bench_##id);  \
  static void bench_##id()
// Takes minutes or gigabytes: runs only where its whole name is given.
#define BENCH_LARGE(id, what)                                                     \
  static void bench_##id();                                                       \
  static const bench::Register bench_register_##id(#id, what, bench_##id, true);  \
  static void bench_##id()
