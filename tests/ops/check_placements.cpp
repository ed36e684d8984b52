// The contract says of alignment and strides that "nothing else changes" with them than speed: not a bit of a
// result.

#include "tests/ops/checks.h"
#include "tests/ops/guarded_call.h"

namespace mlpbench::test {
namespace {

constexpr std::size_t kUnits[] = {1, 2, 4, 7, 10, 16, 33};
constexpr std::size_t kInputs[] = {1, 2, 5, 16, 30};
constexpr std::size_t kBatches[] = {1, 3, 8, 17, 32, 66};

template <typename T>
void check_one(Findings& findings, const Backend<T>& backend, const Operation& operation, Case what) {
  const auto make = [&] {
    return GuardedCall<T>(operation, what.spec, backend, Data::real, what.placement, what.seed);
  };
  GuardedCall<T> first = make();
  const double loss = first(backend);
  const std::string name = std::string(operation.name) + ", compared with itself on cache lines";
  for (const Placement& placement : all_placements()) {
    what.placement = placement;
    const auto where = [&] { return to_string(operation, what); };
    GuardedCall<T> other = make();
    if (other(backend) != loss) findings.add(name, where, "another loss");
    for (std::size_t i = 0; i < operation.operands.size(); ++i) {
      const std::string difference = other.difference(first, i);
      if (!difference.empty()) findings.add(name, where, operation.operands[i].name + (": " + difference));
    }
  }
}

}  // namespace

template <typename T>
void check_placements(Findings& findings, const Backend<T>& backend) {
  for (const Operation& operation : operations()) {
    if (!operation.offered_by(backend)) continue;
    std::uint32_t seed = 0;
    for (const std::size_t units : kUnits) {
      for (const std::size_t inputs : kInputs) {
        for (const std::size_t batch : kBatches) {
          if (findings.full()) return;
          const std::size_t size = operation.uses(Extent::units) ? batch : units * inputs;
          check_one(findings, backend, operation,
                    {spec_of(operation, {units, inputs, size}, seed), {}, Data::real, seed + 1});
          ++seed;
        }
      }
    }
  }
}

template void check_placements(Findings&, const Backend<float>&);
template void check_placements(Findings&, const Backend<double>&);

}  // namespace mlpbench::test
