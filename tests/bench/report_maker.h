#pragma once

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/data/random_state.h"

namespace mlpbench::test {

// What the parts of report_document() are made of and by.

struct Subject {
  const char* name;
  std::vector<int> layers;
  int epochs, rows;
  double naive_seconds, flop;
  const char* trainer;
};
inline const std::vector<Subject> kSubjects = {
    {"breast_cancer", {30, 10, 1}, 1000, 455, 3.0e-4, 5.7e5, "full-batch"},
    {"planar", {2, 4, 1}, 10000, 400, 1.1e-4, 2.2e4, "full-batch"},
    {"moons", {2, 4, 1}, 10, 800, 1.5e-4, 4.5e4, "mini-batch"},
    {"digits", {64, 30, 10}, 30, 1437, 1.2e-2, 1.9e7, "mini-batch"},
    {"regression", {1, 10, 1}, 500, 100, 2.0e-5, 1.0e4, "full-batch"}};

struct Runner {
  const char *name, *isa;
  double speed;  ///< in float64; twice that in float32
};
inline const std::vector<Runner> kRunners = {{"avx512", "AVX-512", 0.0},
                                             {"avx2", "AVX2+FMA", 9.0},
                                             {"blas", "OpenBLAS Zen (AVX2+FMA)", 4.0},
                                             {"armadillo", "OpenBLAS Zen (AVX2+FMA)", 2.4},
                                             {"naive", "baseline x86-64", 1.0}};

/// Numbers with noise from one seeded stream, in the shapes that a document has them.
class Maker {
 public:
  explicit Maker(std::uint32_t seed) : stream_(seed) {}

  double noisy(double value, double spread) { return value * std::exp(spread * stream_.standard_normal()); }

  nlohmann::json list(double value, double spread, int count) {
    nlohmann::json values = nlohmann::json::array();
    for (int i = 0; i < count; ++i) values.push_back(noisy(value, spread));
    return values;
  }

  static nlohmann::json spread(const nlohmann::json& values, const char* all = "rounds") {
    std::vector<double> sorted = values.get<std::vector<double>>();
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    const double middle = sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
    nlohmann::json spread = {{"lowest", sorted.front()}, {"median", middle}, {"highest", sorted.back()}};
    if (all != nullptr) spread[all] = values;
    return spread;
  }

  static nlohmann::json interval(double low, double high) {
    return {{"low", low}, {"high", high}, {"confidence", 0.959}};
  }

 private:
  RandomState stream_;
};

/// The cases of all kSubjects on all kRunners, and of one subject on one of them.
nlohmann::json report_cases(Maker& maker);
nlohmann::json case_of(Maker& maker, const Subject& subject, const Runner& runner, const std::string& dtype);

/// Adds all sections besides the cases.
void add_sections(Maker& maker, nlohmann::json& document);

}  // namespace mlpbench::test
