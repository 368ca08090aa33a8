// The connectors' ports bound to the rooms of this house.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "casework/cases.h"
#include "casework/ledger.h"
#include "connectors/connector.h"

namespace app {

class LedgerBinding final : public connectors::LedgerPort {
 public:
  explicit LedgerBinding(casework::Ledger& ledger) : ledger_(ledger) {}
  base::Result<base::Json> post(const std::string& authority, std::int64_t instance, const base::Json& posting) override {
    return ledger_.post(authority, instance, posting);
  }
  base::Result<base::Json> find(const std::string& authority, const std::string& key) override { return ledger_.find(authority, key); }

 private:
  casework::Ledger& ledger_;
};

class CaseBinding final : public connectors::CasePort {
 public:
  explicit CaseBinding(casework::Cases& cases) : cases_(cases) {}
  base::Status note(const std::string& authority, std::int64_t instance, store::KeySlot slot, const std::string& key, const std::string& text) override {
    return cases_.note(authority, instance, slot, key, text);
  }
  base::Status document(const std::string& authority, std::int64_t instance, store::KeySlot slot, const std::string& name, const std::string& mime,
                        std::string_view bytes) override {
    return cases_.document(authority, instance, slot, name, mime, bytes);
  }
  base::Result<std::string> read_document(const std::string& authority, std::int64_t instance, const std::string& name) override {
    return cases_.read_document(authority, instance, name);
  }

 private:
  casework::Cases& cases_;
};

// data/systems.yaml: which system each kind is bound to, per authority; kinds without a binding go to the house's own
// stand-ins where those exist. Secrets come from the environment (SAGSGANG_SECRET_<NAME>), never from a file of ours.
class SystemsBinding final : public connectors::SystemsPort {
 public:
  // Reads the file where it exists. Errors: invalid_yaml with position.
  static base::Result<std::unique_ptr<SystemsBinding>> open(const std::string& file);
  void add_stand_in(const std::string& kind, const std::string& url);
  base::Result<Binding> binding(const std::string& authority, const std::string& kind) override;
  base::Result<std::string> secret(const std::string& authority, const std::string& name) override;

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Binding> bound_;  // authority, kind
  std::map<std::string, Binding> stand_ins_;
};

}  // namespace app
