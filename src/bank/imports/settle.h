// What a person decides about the doubtful elements of an imported diagram, done to its BPMN. Decisions are kept and done again from
// the diagram as it was read, so that the last one can be taken back.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bank/visio/import.h"
#include "base/error.h"
#include "base/json.h"

namespace bank::imports {

// accept: it is as guessed, or rightly left out; kind, name, reverse and remove need an element; connect draws a line (anew) from → to.
enum class Action : std::uint8_t { accept, kind, name, reverse, connect, remove };

struct Decision {
  std::size_t row = 0;                     // of the report
  Action action = Action::accept;
  std::string value;                       // kind: of kinds.def; name: the words
  std::string from, to;                    // connect: ids of elements
  std::string by;
  std::int64_t at = 0;                     // UTC ms

  base::Json json() const;                 // {row, action, value?, from?, to?, by, at}
};
// Errors: invalid_argument.
base::Result<Decision> decision(const base::Json&);

// Does the row want a person's eye? Guesses, and lines that lead nowhere.
bool asks(const visio::Row&);
bool is_line(const visio::Row&);

struct KindInfo { std::string_view value, xml, definition; enum class Family : std::uint8_t { activity, event, gateway, data, note } family; double width, height; std::string_view danish; };
const std::vector<KindInfo>& kinds();

// Errors: invalid_argument (no such row, kind or element), conflict (what BPMN does not allow, with the way out). The answer reads.
base::Result<std::string> settle(std::string_view bpmn, const std::vector<visio::Row>&, const std::vector<Decision>&);

}  // namespace bank::imports
