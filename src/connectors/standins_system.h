// One stand-in system: what its part of standins.yaml says, compiled. Inside the room only.
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/yaml.h"
#include "connectors/standins.h"
#include "feel/feel.h"

namespace connectors {

class StandIns::System {
 public:
  static base::Result<System> read(const base::YamlDocument&, const std::string& pointer, const ReadFile&);
  base::Status set_table(const std::string& name, base::Json rows);
  HttpResponse answer(const StandInRequest&, base::Millis now) const;
  HttpResponse refuse(int status, const std::string& text) const;
  const Info& info() const { return info_; }

 private:
  struct Table {
    base::Json rows = base::Json::array();
    std::map<std::string, std::unordered_map<std::string, std::size_t>> index;  // column → text of value → first row
  };
  struct LookUp { std::string name, table, column; feel::Expression value; };
  struct Route {
    std::string method;
    std::vector<std::string> path;  // "{name}" takes one step
    std::vector<LookUp> look_ups;
    feel::Expression status, answer;
  };

  base::Status read_tables(const base::YamlDocument&, const std::string& pointer, const ReadFile&);
  base::Status read_route(const base::YamlDocument&, const std::string& pointer);
  HttpResponse run(const Route&, feel::Context names, base::Millis now) const;
  void build_index(Table&) const;

  Info info_;
  std::map<std::string, Table> tables_;
  std::vector<Route> routes_;
};

}  // namespace connectors
