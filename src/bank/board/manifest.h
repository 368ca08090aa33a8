// The manifest of a package that a board becomes: what it inherits from where it came from, and what the board says itself.
#pragma once
#include "bank/board/boards.h"

namespace bank::board {

// arbejdsgang.yaml. `sources`: packages the board is drawn from, the first one first. `version`: of the package, from 1.
std::string manifest(const State&, const Target&, const std::vector<std::shared_ptr<const Package>>& sources, const std::vector<std::string>& slugs, int version);
// JSON as block YAML, texts in double quotes.
std::string yaml(const base::Json&);

}  // namespace bank::board
