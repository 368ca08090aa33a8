// The XML namespaces of DMN 1.1–1.5 and of FEEL: the one place where they are written down.
#pragma once
#include <string_view>

namespace dmn {

// "1.5" for the namespace URI of a DMN model; "" where it is not one that we read.
std::string_view model_version(std::string_view ns);
// FEEL as expression or type language, in any edition. "" (not given) counts as FEEL.
bool is_feel(std::string_view language);
// The namespace of FEEL's type names in QNames such as feel:string (DMN 1.1).
bool is_feel_type_namespace(std::string_view ns);
// "1.1, 1.2, …" with their URIs, for error messages.
std::string_view supported_versions();

}  // namespace dmn
