// The table of the operations of core/backend.h. The conformance tests, bench_ops and the roofline iterate
// over it. An operation that has an entry is tested on every shape and placement, counted and timed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backends/operations/work.h"
#include "core/agree.h"
#include "core/backend.h"

namespace mlpbench {

/// Which call of an operation: sizes, functions and the one number among its arguments.
struct CallSpec {
  LayerShape shape = {};  ///< {1, 1, n} for an operation on vectors of n elements
  Activation activation = Activation::identity;
  LossSpec loss = {};
  double factor = 0.1;  ///< `scale` of the weight gradient, `rate` of the update
};

enum class Extent { one, two, units, inputs, batch };
enum class Access { read, write, read_write };

/// What an operand holds besides numbers from a range. `weights` are divided by sqrt(inputs), so that sums
/// stay near 1. `activations` are values that spec.activation may have. `targets` suit spec.loss, and
/// `squares` are not negative.
enum class Values { any, weights, activations, targets, squares };

/// A matrix that is handed to an operation.
struct Operand {
  const char* name;  ///< its symbol in core/backend.h
  Extent rows, cols;
  Access access = Access::read;
  Values values = Values::any;
  double low = -1.0, high = 1.0;  ///< the range in training
  int may_be = -1;                ///< the number of the operand that it may alias
};

/// The arguments of a call. Element i is operand i of the entry.
template <typename T>
struct Arguments {
  const Backend<T>& backend;
  const CallSpec& spec;
  std::span<const MatrixView<T>> operands;
  std::span<T> scratch;

  MatrixView<T> operator[](std::size_t i) const noexcept { return operands[i]; }
  std::span<T> vector(std::size_t i) const noexcept { return {operands[i].data, operands[i].cols}; }
  T factor() const noexcept { return static_cast<T>(spec.factor); }
};

/// Returns the loss, or 0 for an operation that returns nothing.
template <typename T>
using Call = double (*)(const Arguments<T>&);
template <typename T>
using Offer = bool (*)(const Backend<T>&);

/// A function for each precision, made from one generic lambda.
template <template <typename> class Function>
struct Both {
  Function<float> float32;
  Function<double> float64;

  template <typename Generic>
  Both(Generic generic) : float32(generic), float64(generic) {}

  template <typename T>
  Function<T> get() const noexcept {
    if constexpr (sizeof(T) == sizeof(float)) {
      return float32;
    } else {
      return float64;
    }
  }
};

/// A function of one number, for tests of its accuracy.
struct Scalar {
  long double (*exact)(long double x);
  double (*nearly)(double x);  ///< the same in double
  double low, high;            ///< where it does more than to saturate
};

enum class Takes { nothing, activation, loss };

/// A loss with the activation of its layer; only the activation where the operation takes no loss.
struct Functions {
  Activation activation = Activation::identity;
  Loss loss = Loss::binary_cross_entropy;
};

/// Who times a call.
enum class TimedBy { rows, rows_and_roofline, rows_and_quick_roofline };

struct TimedCall {
  CallSpec spec = {};
  TimedBy by = TimedBy::rows;
};

struct Operation {
  std::string_view name;      ///< "dense_forward"
  std::string_view function;  ///< what it always computes ("exp"); empty where the call says it
  std::string_view formula;
  std::vector<Operand> operands;
  Takes takes = Takes::nothing;
  std::vector<Functions> functions;   ///< all that it may be called with
  double (*flop)(const LayerShape&);  ///< of one call (backends/operations/work.h)
  bool (*exact)(const CallSpec&);     ///< whether integers of a few digits give an exact result
  bool relative = false;              ///< whether the tolerance is relative to each element
  Tolerance (*tolerance)(const CallSpec&, double sums);  ///< sums: the largest sum of absolute values
  std::vector<TimedCall> timed;
  Both<Call> call;
  Both<Call> reference;                     ///< what a call is checked against; it gets the naive backend
  std::optional<Scalar> scalar = {};        ///< what it computes of each element, where it does no more
  std::optional<Both<Offer>> offered = {};  ///< by which backends; nothing: by all

  template <typename T>
  bool offered_by(const Backend<T>& backend) const {
    return !offered || offered->get<T>()(backend);
  }

  /// Whether each column of the outputs depends on the same column of the operands alone.
  bool by_columns() const;
  bool uses(Extent extent) const;

  /// Compulsory bytes and flop of a call, `element` bytes a number.
  Work work(const CallSpec& spec, std::size_t element) const;

  /// Bytes that a call touches.
  double footprint(const CallSpec& spec, std::size_t element) const;

  /// Elements of the first output.
  double elements(const CallSpec& spec) const;

  /// "relu", "softmax cross-entropy", "exp"; "-" where there is none.
  std::string function_of(const CallSpec& spec) const;

  /// The sizes that it uses: UNITSxINPUTSxBATCH, UNITSxBATCH or BATCH.
  std::string shape_of(const CallSpec& spec) const;
};

std::size_t extent_of(Extent extent, const LayerShape& shape);

/// Every operation. An entry is a file in this folder; operations.cpp lists it.
std::span<const Operation> operations();

/// For texts and tests; throws std::out_of_range for an unknown name.
const Operation& find_operation(std::string_view name);

/// Elements of scratch for a call.
template <typename T>
std::size_t scratch_size(const Backend<T>& backend, const LayerShape& shape) {
  NetworkSpec network;
  network.inputs = shape.inputs;
  network.layers = {{shape.units, Activation::identity}};
  return backend.scratch_size(network, shape.batch);
}

}  // namespace mlpbench
