#include <algorithm>

#include "bench/compare/compare.h"

namespace mlpbench {
namespace {

/// What the code that computes a case is; all other facts of identity_of() say what it computes.
bool is_of_code(const std::pair<std::string, std::string>& fact) {
  return fact.first == "instruction set" || fact.first == "BLAS core" || fact.first == "flags";
}

/// The trainings of a side with a hash, by their names without the backend.
std::multimap<std::string, const ReportCase*> trainings_of(const ResultsFile& side) {
  std::multimap<std::string, const ReportCase*> all;
  for (const ReportCase& row : side.cases) {
    if (!row.recorded || row.recorded->parameters_sha256.empty()) continue;
    std::string name = row.name;
    if (const std::size_t at = name.find("/" + row.backend + "/"); at != std::string::npos)
      name.erase(at, row.backend.size() + 1);
    all.emplace(std::move(name), &row);
  }
  return all;
}

bool trained_the_same(const ReportCase& one, const ReportCase& other) {
  Identity facts = identity_of(one), others = identity_of(other);
  std::erase_if(facts, is_of_code);
  std::erase_if(others, is_of_code);
  return !first_difference(facts, others);
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

}  // namespace

std::vector<SameBits> same_bits(const ResultsFile& base, const ResultsFile& candidate) {
  const auto bases = trainings_of(base), candidates = trainings_of(candidate);
  std::vector<SameBits> all;
  for (const auto& [name, row] : bases) {
    const auto [first, last] = candidates.equal_range(name);
    for (auto other = first; other != last; ++other) {
      if (!trained_the_same(*row, *other->second)) continue;
      if (all.empty() || all.back().training != name) all.push_back({name, {}, {}});
      if (row->recorded->parameters_sha256 != other->second->recorded->parameters_sha256) continue;
      add_once(all.back().base, row->backend);
      add_once(all.back().candidate, other->second->backend);
    }
  }
  return all;
}

}  // namespace mlpbench
