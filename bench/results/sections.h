// The sections of results.json that studies add, field by field. A missing number is NaN, a missing text or
// list is empty.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "bench/results/learning_sections.h"

namespace mlpbench {

/// A case with one way to use threads. All ratios are of two visits of the same round, the other one that of
/// one thread.
struct ScalingFact {
  std::string name, backend, dtype, isa;
  std::size_t threads = 1;
  bool obeys_threshold = true;
  std::size_t threads_used = 1;
  std::string memory_level, wrong;
  RangeOfRounds samples_per_second, speedup, efficiency, fma_ceiling, memory_ceiling, share;

  bool is_base() const noexcept { return threads == 1 && obeys_threshold; }

  static void fields(auto& self, auto&& visit) {
    visit("case", self.name, "network and trainer");
    visit("backend", self.backend, "name");
    visit("dtype", self.dtype, "float64 or float32");
    visit("isa", self.isa, "instruction set that the inner loops executed");
    visit("threads", self.threads, "that were asked for");
    visit("obeys_threshold", self.obeys_threshold, "whether the parallel threshold was obeyed");
    visit("threads_used", self.threads_used, "that the steps ran on");
    visit("memory_level", self.memory_level, "that holds what a step touches");
    visit("wrong", self.wrong, "why the row has no times");
    visit("samples_per_second", self.samples_per_second, "of training");
    visit("speedup", self.speedup, "samples a second against one thread");
    visit("efficiency", self.efficiency, "speedup / threads");
    visit("fma_ceiling", self.fma_ceiling, "what the FMA probe gains on as many threads");
    visit("memory_ceiling", self.memory_ceiling, "what reading memory_level gains on as many threads");
    visit("share_of_fma_ceiling", self.share, "speedup / fma_ceiling");
  }
};

/// One size of a sweep: a step on one thread and shared by several.
struct SweepPointFact {
  std::size_t size = 0;
  std::string wrong;
  double serial_seconds = kUnknown, predicted = kUnknown;
  RangeWithInterval measured;
  bool pays = false, above_threshold = false;

  static void fields(auto& self, auto&& visit) {
    visit("size", self.size, "the batch or the width");
    visit("wrong", self.wrong, "why the point has no times");
    visit("serial_step_seconds", self.serial_seconds, "of one step on one thread, the median");
    visit("predicted_speedup", self.predicted, "by the model of the parallel threshold");
    visit("measured_speedup", self.measured, "of the shared step, over the rounds");
    visit("pays", self.pays, "the whole interval, or without one the median, is above 1");
    visit("above_threshold", self.above_threshold, "whether the parallel threshold would share it");
  }
};

/// From which size on a second thread pays.
struct CrossoverFact {
  std::string backend, dtype, sweep;
  std::size_t threads = 2;
  double fork_join = kUnknown;
  Count break_even, predicted_from, measured_from;
  std::vector<SweepPointFact> points;

  static void fields(auto& self, auto&& visit) {
    visit("backend", self.backend, "name");
    visit("dtype", self.dtype, "float64 or float32");
    visit("sweep", self.sweep, "what is swept, on which network");
    visit("threads", self.threads, "that are compared with one");
    visit("fork_join_seconds", self.fork_join, "measured");
    visit("break_even_batch", self.break_even, "by the model and the largest batch's time of a sample");
    visit("predicted_from", self.predicted_from, "size from which on it pays by the model");
    visit("measured_from", self.measured_from, "size from which on it paid");
    visit("points", self.points, "one entry a size", Presence::always);
  }
};

/// A shared step whose sums have one order against one that adds gradients as they come.
struct DeterminismFact {
  std::string name, backend, dtype;
  std::size_t threads = 2;
  std::string wrong;
  RangeOfRounds fixed_order, free_order;
  double fixed_over_free = kUnknown;
  std::optional<Interval> interval;

  static void fields(auto& self, auto&& visit) {
    visit("case", self.name, "network and trainer");
    visit("backend", self.backend, "name");
    visit("dtype", self.dtype, "float64 or float32");
    visit("threads", self.threads, "that were asked for");
    visit("wrong", self.wrong, "why the row has no times");
    visit("fixed_order_seconds", self.fixed_order, "of one step");
    visit("free_order_seconds", self.free_order, "of one step");
    visit("fixed_over_free", self.fixed_over_free, "ratio of the same round, the median");
    visit("interval", self.interval, "of the ratio, 95 %");
  }
};

/// A step on simulated ranks, one a node, beside what the cost model says of it. Nothing of it was measured
/// but the seconds that computing takes on one thread of this machine.
struct SimulatedRanksFact {
  std::string network, trainer, cluster, scaling, simulator;
  std::size_t ranks = 1, ranks_with_work = 0;
  Count samples;
  std::string wrong;
  double compute_seconds = kUnknown, simulated_seconds = kUnknown, model_seconds = kUnknown,
         model_error = kUnknown, efficiency = kUnknown, bytes_sent = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("network", self.network, "inputs, units of the hidden layers, outputs");
    visit("trainer", self.trainer, "and its reduction, or steps between two averages");
    visit("cluster", self.cluster, "bandwidth and latency of its network");
    visit("scaling", self.scaling, "weak: samples of a rank stay the same; strong: those of all");
    visit("simulator", self.simulator, "ports: LogGP's, on SimGrid's actors; flows: SimGrid SMPI's");
    visit("ranks", self.ranks, "simulated, one thread each");
    visit("ranks_with_work", self.ranks_with_work, "0: not simulated");
    visit("samples", self.samples, "of a step of one rank; strong: of all ranks");
    visit("wrong", self.wrong, "why there are no times");
    visit("compute_seconds", self.compute_seconds, "of a step of one rank, measured here: the base");
    visit("simulated_seconds", self.simulated_seconds, "of a step");
    visit("model_seconds", self.model_seconds, "of a step, by the cost model");
    visit("model_error", self.model_error, "model / simulated - 1");
    visit("efficiency", self.efficiency, "simulated: of one rank's speed, part of 1");
    visit("bytes_sent", self.bytes_sent, "of a rank in a step, the most");
  }
};

struct BandwidthFact {
  std::string level;
  Count bytes, working_set;
  Range read, triad, in_place;
  double roof = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("level", self.level, "L1, L2, L3 or memory");
    visit("bytes", self.bytes, "its size; 0 of the main memory");
    visit("working_set", self.working_set, "of the probes, bytes");
    visit("read", self.read, "reading, bytes/s");
    visit("triad", self.triad, "a = b + s c, bytes/s");
    visit("in_place", self.in_place, "a = a + s c, bytes/s");
    visit("roof", self.roof, "the most of any trial of any probe, bytes/s");
  }
};

/// Multiply-adds in registers on one thread.
struct PeakFact {
  std::string isa, dtype;
  Range flops;

  static void fields(auto& self, auto&& visit) {
    visit("isa", self.isa, "instruction set");
    visit("dtype", self.dtype, "float64 or float32");
    Range::fields(self.flops, visit);
  }
};

/// An operation at one shape on one backend.
struct OperationFact {
  std::string operation, function, shape, dtype, backend, isa;
  double flop = kUnknown, bytes = kUnknown, intensity = kUnknown;
  RangeWithInterval seconds;
  double flops = kUnknown, roof_flops = kUnknown, share_of_roof = kUnknown;

  /// Beyond what probes and operations differ by from one moment to the next.
  bool is_above_roof() const noexcept { return share_of_roof > 1.05; }
  std::string level, wrong;

  static void fields(auto& self, auto&& visit) {
    visit("operation", self.operation, "name");
    visit("function", self.function, "activation or loss; \"-\" where there is none");
    visit("shape", self.shape, "UNITSxINPUTSxBATCH, OUTPUTSxBATCH, or a number of elements");
    visit("dtype", self.dtype, "float64 or float32");
    visit("backend", self.backend, "name");
    visit("isa", self.isa, "instruction set that the inner loops executed");
    visit("flop", self.flop, "of one call, by the formula: products alone");
    visit("bytes", self.bytes, "that a call must move at least");
    visit("intensity", self.intensity, "flop / bytes; 0 where there are no products");
    visit("seconds", self.seconds, "of a call, over the rounds");
    visit("flops", self.flops, "flop / median seconds; null where the intensity is 0");
    visit("roof_flops", self.roof_flops, "the most flop/s that the roofs allow");
    visit("share_of_roof", self.share_of_roof, "least possible time / time of the same round, the median");
    visit("level", self.level, "of memory, the fastest that holds the operands");
    visit("wrong", self.wrong, "why the point has no times");
  }
};

/// The roofs of one thread, and the points below.
struct RooflineFact {
  std::vector<BandwidthFact> bandwidths;
  std::vector<PeakFact> peaks;
  std::vector<OperationFact> points;

  std::size_t points_above() const {  ///< their roof
    std::size_t count = 0;
    for (const OperationFact& point : points) count += point.is_above_roof();
    return count;
  }

  static void fields(auto& self, auto&& visit) {
    visit("bandwidths", self.bandwidths, "one entry a level of memory", Presence::always);
    visit("peaks", self.peaks, "one entry an instruction set and dtype, flop/s", Presence::always);
    visit("points", self.points, "one entry an operation, shape, dtype and backend", Presence::always);
  }
};

struct ProbabilitiesFact {
  std::string backend;
  std::vector<double> probabilities;

  static void fields(auto& self, auto&& visit) {
    visit("backend", self.backend, "name");
    visit("probabilities", self.probabilities, "as naive's");
  }
};

/// What two backends think of a plane.
struct BoundaryFact {
  std::string experiment;
  std::array<double, 2> x{kUnknown, kUnknown}, y{kUnknown, kUnknown};
  std::size_t grid = 0;
  std::string dtype;
  std::vector<std::array<double, 3>> test, train;
  std::vector<double> naive;
  ProbabilitiesFact fastest;
  std::vector<double> difference;
  double largest_difference = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("experiment", self.experiment, "name");
    visit("x", self.x, "lowest and highest", Presence::required);
    visit("y", self.y, "lowest and highest", Presence::required);
    visit("grid", self.grid, "points along each axis");
    visit("dtype", self.dtype, "float64 or float32");
    visit("test", self.test, "held-out samples, at most 400: x, y, class", Presence::always);
    visit("train", self.train, "training samples, at most 400; empty where they are the held-out ones",
          Presence::always);
    visit("naive", self.naive, "probability of class 1 by naive, grid * grid, row by row from low y");
    visit("fastest", self.fastest, "the same by the fastest backend");
    visit("difference", self.difference, "between the two before they were rounded");
    visit("largest_difference", self.largest_difference, "of them");
  }
};

}  // namespace mlpbench
