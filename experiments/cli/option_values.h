#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

// Option values, read strictly: all of the text, no locale, no blanks, no hexadecimal. Each throws UserError
// "OPTION: 'TEXT' is not ...", which says what the option accepts.

/// A whole number in [least, most].
std::uint64_t parse_integer(std::string_view option, std::string_view text, std::uint64_t least,
                            std::uint64_t most);

/// A finite number above 0.
double parse_positive(std::string_view option, std::string_view text);

/// A number of at least 0 and below `limit`.
double parse_below(std::string_view option, std::string_view text, double limit);

/// Units of the hidden layers, "10" or "64,32": at most kMaxHiddenLayers of them, each 1 to kMaxUnits.
std::vector<std::size_t> parse_hidden(std::string_view option, std::string_view text);

/// A finite number above 0 and at most 1.
double parse_share(std::string_view option, std::string_view text);

HogwildForm parse_hogwild_form(std::string_view option, std::string_view text);

DType parse_dtype(std::string_view option, std::string_view text);

inline constexpr std::uint64_t kMaxEpochs = 1'000'000'000;
inline constexpr std::uint64_t kMaxBatch = 1'000'000'000;
inline constexpr std::uint64_t kMaxSamples = 10'000'000'000;
inline constexpr std::uint64_t kMaxThreads = 1024;
inline constexpr std::uint64_t kMaxWorkers = 65'536;
inline constexpr std::uint64_t kMaxMembers = 1'000'000;
inline constexpr std::uint64_t kMaxUnits = 100'000;
inline constexpr std::size_t kMaxHiddenLayers = 64;

}  // namespace mlpbench
