#include "dmn/namespaces.h"

#include <algorithm>
#include <iterator>

namespace dmn {
namespace {

struct Edition {
  std::string_view version, model, feel;
};
constexpr Edition kEditions[] = {
    {"1.1", "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/FEEL/20140401"},
    {"1.2", "http://www.omg.org/spec/DMN/20180521/MODEL/", "http://www.omg.org/spec/DMN/20180521/FEEL/"},
    {"1.3", "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20191111/FEEL/"},
    {"1.4", "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20211108/FEEL/"},
    {"1.5", "https://www.omg.org/spec/DMN/20230324/MODEL/", "https://www.omg.org/spec/DMN/20230324/FEEL/"},
};

}  // namespace

std::string_view model_version(std::string_view ns) {
  const auto* found = std::find_if(std::begin(kEditions), std::end(kEditions), [&](const Edition& e) { return e.model == ns; });
  return found == std::end(kEditions) ? std::string_view{} : found->version;
}

bool is_feel_type_namespace(std::string_view ns) {
  return std::any_of(std::begin(kEditions), std::end(kEditions), [&](const Edition& e) { return e.feel == ns; });
}

bool is_feel(std::string_view language) {
  return language.empty() || language == "feel" || language == "FEEL" || is_feel_type_namespace(language);
}

std::string_view supported_versions() {
  return "DMN 1.1 http://www.omg.org/spec/DMN/20151101/dmn.xsd, 1.2 http://www.omg.org/spec/DMN/20180521/MODEL/, "
         "1.3 https://www.omg.org/spec/DMN/20191111/MODEL/, 1.4 https://www.omg.org/spec/DMN/20211108/MODEL/, "
         "1.5 https://www.omg.org/spec/DMN/20230324/MODEL/";
}

}  // namespace dmn
