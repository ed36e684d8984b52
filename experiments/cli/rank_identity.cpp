#include "experiments/cli/rank_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "experiments/cli/provenance.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

void require_same_run(Communicator& ranks, nlohmann::ordered_json identity) {
  if (identity.at("backend") == "avx512") identity["backend"] = "avx2";
  identity["build"] = version_line();
  const std::string own = identity.dump();
  std::string of_first = own;
  std::size_t size = own.size();
  ranks.broadcast(std::as_writable_bytes(std::span(&size, 1)));
  of_first.resize(size);
  ranks.broadcast(std::as_writable_bytes(std::span(of_first)));
  const auto first = nlohmann::ordered_json::parse(of_first);
  std::string difference;
  for (const auto& [name, value] : identity.items()) {
    const nlohmann::ordered_json there = first.contains(name) ? first.at(name) : nlohmann::ordered_json();
    if (there == value) continue;
    difference = fmt::format("rank {} has another run than rank 0: {} is {} there and {} here", ranks.rank(),
                             name, printable(there.dump()), printable(value.dump()));
    break;
  }
  using Line = std::array<char, 512>;
  std::vector<Line> lines(ranks.size(), Line{});
  std::vector<std::size_t> ends;
  for (std::size_t r = 0; r < ranks.size(); ++r) ends.push_back((r + 1) * sizeof(Line));
  std::copy_n(difference.begin(), std::min(difference.size(), sizeof(Line) - 1), lines[ranks.rank()].begin());
  ranks.gather(std::as_writable_bytes(std::span(lines)), ends);
  for (const Line& line : lines) {
    if (line.front() != '\0') throw UserError(line.data());
  }
}

}  // namespace mlpbench
