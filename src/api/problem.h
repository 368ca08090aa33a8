// base::Error as RFC 9457 problem+json: a stable type, a Danish title for people, an English detail for engineers.
#pragma once
#include "api/http.h"
#include "base/json.h"

namespace api {

// {type: "urn:sagsgang:<code>", title, status, detail, instance: "urn:sagsgang:ref:<hex>", where?, remedy?}
base::Json problem_body(const base::Error&);
Response problem(const base::Error&);

}  // namespace api
