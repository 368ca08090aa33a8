// bench [names…]: runs the named measurements (all where none is named; "dmn" also names dmn_tables) and prints one JSON line per figure.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/json.h"
#include "bench.h"

namespace bench {
namespace {
bool failed = false;
}

std::vector<Entry>& entries() {
  static std::vector<Entry> all;
  return all;
}

void emit(std::string_view name, double value, std::string_view unit) {
  std::string quoted_name, quoted_unit;
  base::json_escape_to(quoted_name, name);
  base::json_escape_to(quoted_unit, unit);
  std::printf("{\"name\": %s, \"value\": %.6g, \"unit\": %s}\n", quoted_name.c_str(), value, quoted_unit.c_str());
  std::fflush(stdout);
}

void fail(std::string_view why) {
  failed = true;
  std::fprintf(stderr, "bench: %.*s\n", static_cast<int>(why.size()), why.data());
}

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double percentile(std::vector<double> values, double p) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long size = 0, resident = 0;
  const int got = std::fscanf(file, "%lu %lu", &size, &resident);
  std::fclose(file);
  return got == 2 ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

Folder::Folder() {
  const char* where = std::getenv("BENCH_FOLDER");
  const std::string base = where != nullptr ? where : "build/bench";
  std::filesystem::create_directories(base);
  std::string path = base + "/run-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    fail("cannot make a folder in " + base);
    std::exit(3);
  }
  path_ = path;
}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace bench

// "dmn" names "dmn" and all of its parts, but for the large ones.
static bool is_named(const bench::Entry& entry, const char* name) {
  return entry.name == name || (!entry.large && entry.name.starts_with(std::string(name) + "_"));
}

int main(int argc, char** argv) {
  auto& all = bench::entries();
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (argc > 1 && (std::strcmp(argv[1], "--help") == 0 || std::strcmp(argv[1], "-h") == 0)) {
    std::printf("usage: bench [names…]\nexample: bench engine_throughput\n\n");
    for (const auto& entry : all) std::printf("  %-28s %s%s\n", entry.name.c_str(), entry.what.c_str(), entry.large ? " (only by its whole name)" : "");
    return 0;
  }
  for (int i = 1; i < argc; ++i) {
    if (std::none_of(all.begin(), all.end(), [&](const auto& entry) { return is_named(entry, argv[i]); })) {
      std::fprintf(stderr, "bench: there is no measurement '%s'; see bench --help\n", argv[i]);
      return 2;
    }
  }
  for (const auto& entry : all) {
    const bool wanted = (argc == 1 && !entry.large) || std::any_of(argv + 1, argv + argc, [&](const char* name) { return is_named(entry, name); });
    if (wanted) entry.run();
  }
  return bench::failed ? 3 : 0;
}
