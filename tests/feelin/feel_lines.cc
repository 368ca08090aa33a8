// FEEL expressions on standard input, one a line → their values on standard output, one JSON line each:
// {"value": …} or {"error": "…"}; what JSON has no word for is {"feel": its string()}. For tests/feelin/compare.py.
#include <iostream>
#include <string>

#include "feel/feel.h"

namespace {

base::Json shown(const feel::Value& value) {
  switch (value.kind()) {
    case feel::Kind::list: {
      base::Json::Array items;
      for (const feel::Value& item : value.as_list()) items.push_back(shown(item));
      return items;
    }
    case feel::Kind::context: {
      base::Json::Object members;
      for (const auto& [key, item] : value.as_context()) members.emplace_back(std::string(key), shown(item));
      return members;
    }
    case feel::Kind::null: case feel::Kind::boolean: case feel::Kind::number: case feel::Kind::string: return feel::to_json(value);
    case feel::Kind::function: return base::Json::Object{{"feel", "function"}};
    default: return base::Json::Object{{"feel", feel::text(value)}};
  }
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    feel::Environment environment;
    environment.now = 1'774'180'800'000;  // 2026-03-22T12:00:00Z
    environment.zone = "Etc/UTC";
    const auto expression = feel::compile(line);
    const base::Json answer = expression ? base::Json(base::Json::Object{{"value", shown(expression->evaluate({}, environment))}})
                                         : base::Json(base::Json::Object{{"error", expression.error().text()}});
    std::cout << answer.dump() << "\n";
  }
}
