// Which elements which fault has crossed: an element is crossed when a token entered, left or waited at it in a command
// whose answer the fault held back, or when it was active while the power went.
#pragma once
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "simulation/oracle.h"

namespace simulation {

enum class Fault { in_command, in_timer, in_checkpoint, in_recovery, at_rest, failed_sync, full_disk, clock_back, clock_forward };
inline constexpr std::array<const char*, 9> kFaultNames{"command", "timer", "checkpoint", "recovery", "rest", "failed sync", "full disk", "clock back", "clock ahead"};
inline constexpr std::size_t kFaults = kFaultNames.size();

// "serviceTask", "boundaryEvent timer", "boundaryEvent timer (non-interrupting)", "loop standard" …: rows of the matrix.
std::vector<std::string> rows_of(const Process&, int node);

class Coverage {
 public:
  void crossed(const Package&, const std::set<std::pair<int, int>>& nodes, Fault);
  void crossed(const std::string& row, Fault fault) { ++rows_[row][static_cast<std::size_t>(fault)]; }
  void add(const Coverage&);
  void seen(const std::string& what, std::uint64_t count = 1) { counts_[what] += count; }
  std::uint64_t count(const std::string& what) const;
  std::string matrix() const;
  // Registry elements that execute, and supported trigger positions, that no crash (command, timer, checkpoint, recovery, rest) crossed.
  std::vector<std::string> missing_elements() const;
  std::vector<std::string> missing_triggers() const;
  // The same of commands that change what runs, and of features that no element of the registry stands for.
  std::vector<std::string> missing_features() const;
  const std::map<std::string, std::array<std::uint64_t, kFaults>>& rows() const { return rows_; }
  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

 private:
  std::vector<std::string> missing(const std::vector<std::string>& wanted) const;
  std::map<std::string, std::array<std::uint64_t, kFaults>> rows_;
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace simulation
