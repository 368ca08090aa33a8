// Who may sign in, and who is signed in: local users, sessions and tokens of every authority, kept in the relational store.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "store/database.h"

namespace api {

struct Person {
  std::string user, name, authority, authority_name;
  std::vector<std::string> roles;  // konsulent | sagsbehandler | drift
  bool has_role(std::string_view role) const;
};
struct SignedIn { Person person; std::string token; };

const std::vector<std::string>& known_roles();
bool valid_cvr(std::string_view);  // eight digits

class Accounts {
 public:
  // Creates its tables. Both outlive the object.
  static base::Result<std::unique_ptr<Accounts>> open(store::Database&, const base::Clock&);

  base::Status put_authority(const std::string& cvr, const std::string& name);
  base::Result<std::string> authority_name(const std::string& cvr);
  // Errors: conflict (exists), not_found (authority), invalid_argument (name, role, password shorter than 8).
  base::Status add_user(const std::string& authority, const std::string& user, const std::string& name, const std::string& password,
                        const std::vector<std::string>& roles);
  base::Status set_password(const std::string& user, const std::string& password);  // ends the user's sessions
  base::Status remove_user(const std::string& user);                                // with sessions and tokens
  base::Result<base::Json> users(const std::string& authority);                     // [{user, name, roles, authority}]; "" = all

  // Errors: not_signed_in (the same for an unknown user and a wrong password), busy (too many wrong ones lately).
  base::Result<SignedIn> sign_in(const std::string& user, const std::string& password);
  base::Status sign_out(const std::string& token);
  base::Result<Person> by_session(const std::string& token);  // not_signed_in
  // A token for a machine that acts as `user`. Shown once; only its fingerprint is stored.
  base::Result<std::string> make_token(const std::string& user, const std::string& label, int days);
  base::Result<Person> by_token(const std::string& token);    // not_signed_in

  // Demo users of two demo authorities, for --local only; safe to call at every start.
  struct DemoUser { std::string user, role, authority, authority_name; };
  static const std::vector<DemoUser>& demo_users();           // the password is the user's name
  base::Status ensure_demo();

 private:
  struct Cached { Person person; base::Millis until = 0, expires = 0; };
  struct Failures { int count = 0; base::Millis until = 0; };
  Accounts(store::Database& d, const base::Clock& c) : database_(d), clock_(c) {}
  base::Result<Person> by_print(const char* sql, const std::string& token);
  base::Status check_new(const std::string& user, const std::string& password, const std::vector<std::string>& roles) const;
  base::Status insert_user(const std::string& authority, const std::string& user, const std::string& name, const std::string& password,
                           const std::vector<std::string>& roles);
  void forget_cached(const std::string& user);
  store::Database& database_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Cached> cache_;       // by fingerprint of the token
  std::map<std::string, Failures> failures_;  // by user name
};

}  // namespace api
