#include "bank/similar/profile.h"

#include <algorithm>
#include <cmath>

#include "base/limits_compare.h"
#include "bpmn/compare/graph.h"

namespace bank::similar {
namespace {

using bpmn::comparing::Family;

constexpr char kFormat = '1';
const std::string kReference(1, kReferenceMark);
constexpr float kReferenceWeight = 2;   // two drawings that cite the same paragraph at a step mean the same duty

ProfileNode::Kind kind_of(const bpmn::Node& node) {
  switch (bpmn::comparing::family(node)) {
    case Family::start: return ProfileNode::Kind::start;
    case Family::end: return ProfileNode::Kind::end;
    case Family::activity: return ProfileNode::Kind::activity;
    case Family::gateway: return ProfileNode::Kind::gateway;
    default: return ProfileNode::Kind::event;
  }
}

std::vector<ProfileTerm> terms_of(std::string_view text) {
  std::vector<ProfileTerm> out;
  for (auto& term : bpmn::comparing::words_of(text).terms) out.push_back({std::move(term.stem), static_cast<float>(term.weight)});
  return out;
}

void put(std::string& out, std::size_t number) {  // two bytes: what is larger was cut before
  out += static_cast<char>(number & 0xff);
  out += static_cast<char>(number >> 8 & 0xff);
}

void put(std::string& out, const std::vector<ProfileTerm>& terms) {
  put(out, terms.size());
  for (const ProfileTerm& t : terms) {
    out += static_cast<char>(std::min<std::size_t>(t.stem.size(), 255));
    out.append(t.stem, 0, 255);
    out += static_cast<char>(std::lround(t.weight * 50));
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool good() const { return good_; }
  bool done() const { return at_ == bytes_.size(); }
  std::size_t byte() {
    if (at_ >= bytes_.size()) return good_ = false, 0;
    return static_cast<unsigned char>(bytes_[at_++]);
  }
  std::size_t number() {
    const std::size_t low = byte();
    return low | byte() << 8;
  }
  std::vector<ProfileTerm> terms() {
    std::vector<ProfileTerm> out;
    for (std::size_t n = number(); good_ && n > 0; --n) {
      const std::size_t size = byte();
      if (at_ + size > bytes_.size()) return good_ = false, out;
      ProfileTerm term{std::string(bytes_.substr(at_, size)), 0};
      at_ += size;
      term.weight = static_cast<float>(byte()) / 50;
      out.push_back(std::move(term));
    }
    return out;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace

Profile profile_of(const bpmn::Model& model, std::string_view title) {
  Profile out;
  out.title = terms_of(title);
  if (model.nodes.size() > base::limits::kCompareNodes) return out;  // such a drawing is found by its title only
  const bpmn::comparing::Graph graph(model, false);
  std::vector<int> place(graph.size(), -1);
  for (int i = 0; i < static_cast<int>(graph.size()); ++i) {
    if (graph.node(i).name.empty() || out.nodes.size() >= base::limits::kSimilarNodes) continue;
    place[static_cast<std::size_t>(i)] = static_cast<int>(out.nodes.size());
    ProfileNode node{kind_of(graph.node(i)), {}, {}};
    for (const auto& t : graph.words(i).terms) node.terms.push_back({t.stem, static_cast<float>(t.weight)});
    for (const auto& t : graph.answers(i).terms) node.terms.push_back({t.stem, static_cast<float>(t.weight * 0.5)});
    for (const auto& p : graph.node(i).zeebe.properties)
      if (p.key == "lov" || p.key == "pakke") node.terms.push_back({kReference + bpmn::comparing::fold(p.value), kReferenceWeight});
    out.nodes.push_back(std::move(node));
  }
  for (int i = 0; i < static_cast<int>(graph.size()); ++i) {
    if (place[static_cast<std::size_t>(i)] < 0) continue;
    for (const int next : graph.after(i))
      if (const int to = place[static_cast<std::size_t>(next)]; to >= 0) out.nodes[static_cast<std::size_t>(place[static_cast<std::size_t>(i)])].after.push_back(static_cast<std::uint16_t>(to));
  }
  return out;
}

std::string pack(const Profile& profile) {
  std::string out(1, kFormat);
  put(out, profile.title);
  put(out, profile.nodes.size());
  for (const ProfileNode& node : profile.nodes) {
    out += static_cast<char>(node.kind);
    put(out, node.terms);
    put(out, node.after.size());
    for (const std::uint16_t to : node.after) put(out, std::size_t{to});
  }
  return out;
}

base::Result<Profile> unpack(std::string_view bytes) {
  Reader in(bytes);
  Profile out;
  bool good = in.byte() == static_cast<unsigned char>(kFormat);
  out.title = in.terms();
  const std::size_t nodes = in.number();
  for (std::size_t i = 0; good && in.good() && i < nodes; ++i) {
    ProfileNode node;
    const std::size_t kind = in.byte();
    good = kind <= static_cast<std::size_t>(ProfileNode::Kind::gateway);
    node.kind = static_cast<ProfileNode::Kind>(kind);
    node.terms = in.terms();
    for (std::size_t n = in.number(); in.good() && n > 0; --n) {
      const std::size_t to = in.number();
      good = good && to < nodes;
      node.after.push_back(static_cast<std::uint16_t>(to));
    }
    out.nodes.push_back(std::move(node));
  }
  if (!good || !in.good() || !in.done()) return base::fail(base::ErrorCode::data_damaged, "a stored profile cannot be read");
  return out;
}

}  // namespace bank::similar
