// The index that the site's own search reads: plain scripts, so that it works from a disk. Cut into pieces where it is large.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bank::site {

enum class Where : std::uint8_t { title, number, step, law, form, document, role, system, text, part };  // part: of a compound word

class SearchIndex {
 public:
  // What a hit shows: page (from the site's root), title, domain, KLE, kind, first sentences, a note ("udløbet"). What has expired counts less.
  int add_page(const std::vector<std::string>& shown, bool expired);
  void add_text(int page, Where, std::string_view);
  // Files by their path below the site's root; the same pages give the same bytes.
  std::map<std::string, std::string> files();

 private:
  void split_compounds();
  std::vector<std::vector<std::string>> pages_;
  std::vector<int> expired_;
  std::map<std::string, std::map<int, std::uint16_t>> terms_;  // stem → page → bits of Where
};

}  // namespace bank::site
