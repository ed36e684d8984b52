// What the machine can do, measured: floating-point operations in registers, bytes of each level of memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bench/stats/order.h"
#include "core/dtype.h"
#include "support/cpu.h"

namespace mlpbench {

/// How a probe measures. Many short trials rather than a long one. The clock rate of a virtual machine and
/// the load of its neighbours change within a second, and the spread then shows it.
struct ProbeOptions {
  std::size_t threads = 1;
  std::size_t trials = 7;
  double seconds_per_trial = 1e-3;
};

/// Called on every thread at once. Returns a number that depends on all of the work, so that none is left
/// out.
using ProbeBody = std::function<double(std::size_t thread, std::size_t repetitions)>;

/// Work a second of all threads together, over the trials: a repetition of `body` does `work` on each thread.
/// In a trial every thread waits for the last one to be ready; the time is that from the first start to the
/// last end. Threads are started for this call, but for a single one, which is the caller's.
/// std::invalid_argument when there are no threads or no trials; std::system_error when a thread cannot
/// start.
Summary measured_rate(const ProbeOptions& options, double work, const ProbeBody& body);

/// Why the probes of this instruction set cannot run here: "this CPU lacks AVX-512F", "the compiler does not
/// take its flags". Empty when they can.
std::string unusable_probe(Isa isa);

/// `isa`, or the next lower one whose probe can run here.
Isa probed_isa(Isa isa);

/// The most floating-point operations a second that `isa` does in registers on options.threads threads, in
/// flop/s. A fused multiply-add of one element counts two. An addition or a multiplication of the baseline,
/// which has none, counts one. The ceiling of a product. std::invalid_argument with unusable_probe()'s words
/// when it cannot run.
Summary fma_peak(Isa isa, DType dtype, const ProbeOptions& options = {});

/// A data or unified cache of the first processor, or the memory behind them.
struct MemoryLevel {
  std::string name;       ///< "L1", "L2", "L3", "memory"
  std::size_t bytes = 0;  ///< 0: no bound
};

/// From the fastest to memory, which is always there, as /sys/devices/system/cpu/cpu0/cache says; `folder`
/// replaces that path. Where the system does not say, memory is the only one.
std::vector<MemoryLevel> memory_levels(const std::string& folder = "/sys/devices/system/cpu/cpu0/cache");

/// Bytes a second of options.threads threads together, each on memory of its own.
struct Bandwidth {
  MemoryLevel level;
  std::size_t working_set = 0;  ///< bytes of each thread: in the cache, or several times the largest one
  Summary read;                 ///< of a loop that only loads
  Summary triad;     ///< of a = b + s c: two loads and a store, 24 bytes in float64, counted as such
  Summary in_place;  ///< of a = a + s c, counted the same: no line is read only to be overwritten
};

/// Of every level, with the widest vectors of this machine. A line of `a` that triad writes is read first
/// from the level below; those bytes are not counted, as in the STREAM benchmark. std::bad_alloc when memory
/// is short.
std::vector<Bandwidth> memory_bandwidth(const ProbeOptions& options = {});

/// Bytes a second of the reading loop in memory_levels()[level] alone. std::invalid_argument when there is no
/// such level.
Summary reading_bandwidth(std::size_t level, const ProbeOptions& options = {});

}  // namespace mlpbench
