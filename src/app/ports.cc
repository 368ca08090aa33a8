#include "app/ports.h"

#include <cstdlib>
#include <filesystem>

#include "base/storage.h"
#include "base/text.h"
#include "base/yaml.h"

namespace app {

using base::ErrorCode;
using base::Json;

base::Result<std::unique_ptr<SystemsBinding>> SystemsBinding::open(const std::string& file) {
  auto systems = std::make_unique<SystemsBinding>();
  if (!std::filesystem::exists(file)) return systems;
  TRY(const std::string text, base::read_file(file, base::limits::kYamlBytes));
  TRY(const base::YamlDocument document, base::parse_yaml(text, file));
  for (std::size_t i = 0; i < document.value["systemer"].size(); ++i) {
    const Json& row = document.value["systemer"].as_array()[i];
    const std::string authority = row["myndighed"].string_or(""), kind = row["slags"].string_or(""), url = row["adresse"].string_or("");
    if (authority.empty() || kind.empty() || url.empty())
      return base::fail(ErrorCode::invalid_yaml, "a system needs myndighed, slags and adresse", document.where("/systemer/" + std::to_string(i)),
                        "{myndighed: \"11111111\", slags: sundhedsordre, adresse: https://…, hemmelighed: NAME}");
    systems->bound_[{authority, kind}] = {.url = url, .secret = row["hemmelighed"].string_or(""), .stand_in = false};
  }
  return systems;
}

void SystemsBinding::add_stand_in(const std::string& kind, const std::string& url) {
  const std::lock_guard guard(mutex_);
  stand_ins_[kind] = {.url = url, .secret = {}, .stand_in = true};
}

base::Result<connectors::SystemsPort::Binding> SystemsBinding::binding(const std::string& authority, const std::string& kind) {
  const std::lock_guard guard(mutex_);
  if (const auto found = bound_.find({authority, kind}); found != bound_.end()) return found->second;
  if (const auto found = stand_ins_.find(kind); found != stand_ins_.end()) return found->second;
  return base::fail(ErrorCode::not_found, "no system of kind '" + kind + "' is bound", {.file = "systems.yaml"}, "bind it for the authority in systems.yaml");
}

base::Result<std::string> SystemsBinding::secret(const std::string&, const std::string& name) {
  const std::string variable = "SAGSGANG_SECRET_" + base::upper(name);
  const char* value = std::getenv(variable.c_str());
  if (!value) return base::fail(ErrorCode::not_found, "the secret '" + name + "' is not set", {}, "set " + variable);
  return std::string(value);
}

}  // namespace app
