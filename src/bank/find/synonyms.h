// What people write and what the bank calls it (bank/synonymer.yaml; the products of bank/systems.yaml). Read once, never changed.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"

namespace bank::find {

class Synonyms {
 public:
  // ens: [[word, word], …] find one another; ogsaa: [{skriv: [phrase], find: [phrase]}] only that way. Unknown keys are errors.
  // Errors: invalid_yaml with the line.
  static base::Result<Synonyms> read(std::string_view yaml, std::string_view file);
  // produkter: [{produkt, ogsaa, slags}] of bank/systems.yaml: who writes the product finds what needs its kind.
  base::Status add_products(std::string_view yaml, std::string_view file);
  static const Synonyms& shipped();

  struct Entry {
    std::vector<std::string> from;                  // stems, stop words among them
    std::vector<std::vector<std::string>> to;       // phrases of words, without stop words
    std::vector<std::string> systems;               // kinds of systems
  };
  // Those that begin with this stem, longest first.
  const std::vector<Entry>& beginning_with(const std::string& stem) const;
  const std::vector<std::string>& words() const { return words_; }  // of the writers' side

 private:
  void add(const std::string& from, std::vector<std::vector<std::string>> to, std::vector<std::string> systems);
  std::unordered_map<std::string, std::vector<Entry>> entries_;
  std::vector<std::string> words_;
};

// The title of a kind of system in bank/systems.yaml; "" where it has none.
const std::string& system_title(const std::string& kind);

}  // namespace bank::find
