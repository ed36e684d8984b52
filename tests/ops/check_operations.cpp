// Every operation of the table against the reference, on every shape, data and placement.

#include "tests/ops/checks.h"
#include "tests/ops/guarded_call.h"

namespace mlpbench::test {
namespace {

constexpr std::size_t kRandomShapes = 3000;

template <typename T>
void check_case(Findings& findings, const Backend<T>& backend, const Operation& operation, const Case& what) {
  const auto make = [&] {
    return GuardedCall<T>(operation, what.spec, backend, what.data, what.placement, what.seed);
  };
  const auto where = [&] { return to_string(operation, what); };
  GuardedCall<T> call = make();
  const Expected<T> expected = call.expected(what.data != Data::real);
  const double loss = call(backend);
  findings.add(operation.name, where, call.check(expected, loss));
  if (!call.intact()) findings.add(operation.name, where, "wrote outside of a matrix");

  for (std::size_t i = 0; i < operation.operands.size(); ++i) {
    const int other = operation.operands[i].may_be;
    if (other < 0) continue;
    const auto j = static_cast<std::size_t>(other);
    GuardedCall<T> in_place = make();
    const double same_loss = in_place.call_in_place(backend, i, j);
    const std::string name = std::string(operation.name) + " in place";
    findings.add(name, where,
                 disagreement<T>(in_place.views()[j], call.views()[i], Tolerance::exact(), true));
    if (same_loss != loss) findings.add(name, where, "another loss");
    if (!in_place.intact()) findings.add(name, where, "wrote outside of a matrix");
  }
}

}  // namespace

template <typename T>
void check_operations(Findings& findings, const Backend<T>& backend) {
  // The small operations first: a wrong backend is then rejected soon.
  for (const bool of_layer : {false, true}) {
    for (const Operation& operation : operations()) {
      if (operation.uses(Extent::inputs) != of_layer || !operation.offered_by(backend)) continue;
      for (Case what : cases_of(operation, kRandomShapes)) {
        if (findings.full()) return;
        check_case(findings, backend, operation, what);
        if (!operation.exact(what.spec)) continue;
        what.data = Data::integer;
        what.spec.factor = what.spec.factor < 1.0 ? 0.125 : 1.0;  // a power of two keeps integers exact
        check_case(findings, backend, operation, what);
      }
    }
  }
}

template void check_operations(Findings&, const Backend<float>&);
template void check_operations(Findings&, const Backend<double>&);

}  // namespace mlpbench::test
