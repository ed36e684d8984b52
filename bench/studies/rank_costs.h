#pragma once

#include <cstddef>

namespace mlpbench {

/// A cluster whose nodes hang on one switch that blocks nobody, by LogGP (A. Alexandrov, M. Ionescu,
/// K. Schauser, C. Scheiman, SPAA 1995). A message occupies the port of its sender and that of its receiver,
/// for overhead + bytes / bandwidth each, and is under way for the latency.
struct Cluster {
  double bandwidth = 1.18e9;  ///< 1 / beta: of a node in each direction, bytes/s
  double latency = 20e-6;     ///< alpha: from node to node, seconds
  double overhead = 1e-6;     ///< o: of a message, in the port of either node, seconds
  double addition = 0.0;      ///< gamma: of adding a number that has arrived, seconds

  double message(double bytes) const noexcept { return overhead + bytes / bandwidth; }
};

// Seconds of what P `ranks` do together with `bytes` of parameters, n floats, in the ways of core/training.
// message(n) is that of n floats.

/// Each sends a part of the bytes to every other one: one half of an ordered sum by owners, of an average.
///   alpha + (P - 1) message(n / P)
double all_to_all_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept;

/// Each sends its part to all. The better of all_to_all_seconds() and, where P is a power of two, recursive
/// doubling: log2 P messages, which double.
///   log2 P (alpha + o) + (P - 1) / P n beta
double gather_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept;
bool gathers_by_doubling(const Cluster& cluster, std::size_t ranks) noexcept;

/// OrderedSum of `addends` on all ranks, at most `most` of them on one.
///   owners   each sends its addends' parts to all owners, which send their sums to all. One of them gets the
///            first addend that it lacks as the last one, and adds all of them afterwards:
///              2 alpha + (most + 1) (P - 1) message(n / P) + (addends - 1) n / P gamma
///   chain    of S segments of s floats, the first of them on all hops, the others behind it. Each port has
///            every segment twice:
///              (P - 1) 2 (alpha + message(s)) + addends s gamma + (S - 1) max(2 message(s), most s gamma)
double ordered_sum_seconds(const Cluster& cluster, double bytes, std::size_t ranks, std::size_t most,
                           std::size_t addends) noexcept;

/// An allreduce by recursive halving, which sends halves of halves and adds them, and doubling, which gathers
/// the sums (Rabenseifner). MPICH takes it above 2 KiB, and Open MPI 4.1 for all sizes of the study.
///   2 log2 P (alpha + o) + (P - 1) / P n (2 beta + gamma)
/// Where P is no power of two, some ranks first send all to others, and get the sums at the end:
///   2 (alpha + message(n)) + n gamma
/// R. Thakur, R. Rabenseifner, W. Gropp: Optimization of collective communication operations in MPICH, 2005.
double allreduce_seconds(const Cluster& cluster, double bytes, std::size_t ranks) noexcept;

}  // namespace mlpbench
