// The corpus of one target, run through it without libFuzzer: every compiler can. usage: replay_<target> [FILE or FOLDER…]
// A fault crashes; the last file named is the one. `replay_<target> --dictionary` prints libFuzzer's dictionary.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "fuzz/target.h"

namespace fs = std::filesystem;

namespace {

int dictionary() {
  for (const std::string& word : fuzz::target().words()) {
    std::cout << '"';
    for (const char c : word) {
      char code[8];
      std::snprintf(code, sizeof code, c == '"' || c == '\\' ? "\\%c" : static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f ? "\\x%02x" : "%c",
                    static_cast<unsigned char>(c));
      std::cout << code;
    }
    std::cout << "\"\n";
  }
  return 0;
}

std::vector<fs::path> files_of(int count, char** arguments) {
  std::vector<fs::path> given(arguments + 1, arguments + count), files;
  if (given.empty()) given.push_back(fs::path("tests/fuzz/corpus") / fuzz::target().name);
  for (const fs::path& path : given) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 2 && std::strcmp(arguments[1], "--dictionary") == 0) return dictionary();
  int passed = 0, failed = 0;
  for (const fs::path& path : files_of(count, arguments)) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::cout << "cannot read " << path.string() << "\n";
      ++failed;
      continue;
    }
    const std::string data(std::istreambuf_iterator<char>(file), {});
    std::cout << path.string() << std::endl;  // flushed: a crash shows its file
    fuzz::target().run(data);
    ++passed;
  }
  if (passed + failed == 0) {
    std::cout << "no corpus of " << fuzz::target().name << ": run from the root of the project\n";
    ++failed;
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
