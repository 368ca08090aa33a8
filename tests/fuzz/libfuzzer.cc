// libFuzzer's side: the entry point, and a mutator that knows where words and elements begin, so that a change often leaves
// a text that still parses. Only the preset `fuzz` compiles this file.
#include <ctime>
#include <random>

#include "fuzz/target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

// Seconds of processor time that one input may take: with sanitizers and a busy machine some hundred times what it should.
// Wall time would count the neighbours' work.
constexpr double kCpuSeconds = 20;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

bool word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0; }

// A text as pieces: tags, words, strings, white space, single signs.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '<' && end < text.size() && (word_char(text[end]) || text[end] == '/')) {
      const std::size_t close = text.find('>', at);
      end = close == std::string::npos ? text.size() : close + 1;
    } else if (text[at] == '"') {
      const std::size_t close = text.find('"', end);
      end = close == std::string::npos ? text.size() : close + 1;
    } else if (word_char(text[at])) {
      while (end < text.size() && word_char(text[end])) ++end;
    }
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

std::size_t below(std::minstd_rand& random, std::size_t n) { return n == 0 ? 0 : random() % n; }

// The end of a balanced part that starts at `from`: an element, or a bracket; one piece where nothing opens.
std::size_t part_end(const std::vector<std::string>& pieces, std::size_t from) {
  int depth = 0;
  for (std::size_t at = from; at < pieces.size(); ++at) {
    const std::string& piece = pieces[at];
    const bool tag = piece.size() > 2 && piece[0] == '<';
    if ((tag && piece[1] != '/' && !piece.ends_with("/>")) || piece == "(" || piece == "[" || piece == "{") ++depth;
    if ((tag && piece[1] == '/') || piece == ")" || piece == "]" || piece == "}") --depth;
    if (depth <= 0) return at + 1;
  }
  return pieces.size();
}

void change(std::vector<std::string>& pieces, std::minstd_rand& random) {
  const static std::vector<std::string> kWords = fuzz::target().words();
  const std::size_t at = below(random, pieces.size() + 1);
  const auto here = pieces.begin() + static_cast<std::ptrdiff_t>(at);
  const std::string& word = kWords[below(random, kWords.size())];
  if (at == pieces.size()) {
    pieces.push_back(word);
    return;
  }
  const std::size_t end = part_end(pieces, at);
  const std::vector<std::string> part(here, pieces.begin() + static_cast<std::ptrdiff_t>(end));
  switch (below(random, 8)) {
    case 0: pieces[at] = word; break;
    case 1: pieces.insert(here, word); break;
    case 2: pieces.erase(here); break;
    case 3: pieces.erase(here, pieces.begin() + static_cast<std::ptrdiff_t>(end)); break;
    case 4: {  // the part once more, somewhere
      const auto to = static_cast<std::ptrdiff_t>(below(random, pieces.size() + 1));
      pieces.insert(pieces.begin() + to, part.begin(), part.end());
      break;
    }
    case 5: {  // the part in place of another one
      const std::size_t to = below(random, pieces.size());
      const std::size_t to_end = part_end(pieces, to);
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(to), pieces.begin() + static_cast<std::ptrdiff_t>(to_end));
      pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(to), part.begin(), part.end());
      break;
    }
    case 6: std::swap(pieces[at], pieces[below(random, pieces.size())]); break;
    default: pieces[at] = pieces[below(random, pieces.size())]; break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const double begin = cpu_seconds();
  fuzz::target().run({reinterpret_cast<const char*>(data), size});
  if (const double used = cpu_seconds() - begin; used > kCpuSeconds) {
    std::fprintf(stderr, "one input of %zu bytes took %.1f seconds of processor time\n", size, used);
    std::abort();
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  std::minstd_rand random(seed);
  if (below(random, 3) == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::vector<std::string> pieces = pieces_of({reinterpret_cast<const char*>(data), size});
  for (std::size_t changes = 1 + below(random, 4); changes-- > 0;) change(pieces, random);
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  if (text.size() > max_size) text.resize(max_size);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
