// What `sagsgang eval` prints about a value, a null's reason and a trace.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "dmn/dmn.h"
#include "feel/feel.h"

namespace app {

// da where the environment's language is Danish (LC_ALL, LC_MESSAGES, LANG).
feel::Language language_of_environment();

// "list<number>", "context<a: number, b: string>": of what the value is, not of what was declared.
std::string type_in_words(const feel::Value&);
// FEEL text; JSON where asked for, and for null.
std::string value_line(const feel::Value&, bool json);

// How an expression came to its value: the values of its names, and each null with its reason and a mark below the place in the text.
std::string explanation(const std::string& text, const std::vector<std::pair<std::string, feel::Value>>& names,
                        const std::vector<feel::Reason>& reasons, feel::Language);
// Inputs, matched rules, the cell that stopped each of the others, decisions in between, reasons.
std::string explanation(const dmn::Evaluation&, feel::Language);
base::Json expression_trace(const feel::Value&, const std::vector<std::pair<std::string, feel::Value>>& names, const std::vector<feel::Reason>& reasons);

}  // namespace app
