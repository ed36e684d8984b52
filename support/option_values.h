#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mlpbench {

// Option values, read strictly: all of the text, no locale, no blanks, no hexadecimal. Each throws UserError
// "OPTION: 'TEXT' is not ...", which says what the option accepts.

/// A whole number in [least, most].
std::uint64_t parse_integer(std::string_view option, std::string_view text, std::uint64_t least,
                            std::uint64_t most);

/// A finite number above 0.
double parse_positive(std::string_view option, std::string_view text);

/// A finite number of at least `least` and below `limit`, which may be infinity.
double parse_number(std::string_view option, std::string_view text, double least, double limit);

/// Units of the hidden layers, "10" or "64,32": at most `most_layers` of them, each 1 to `most_units`.
std::vector<std::size_t> parse_hidden(std::string_view option, std::string_view text, std::size_t most_layers,
                                      std::size_t most_units);

/// Sizes of a network, "784-512-10": two numbers at least, inputs first, outputs last.
std::vector<std::size_t> parse_network(std::string_view option, std::string_view text);

/// The shape of a product, "512x784x256": units, inputs and samples of a batch.
std::vector<std::size_t> parse_shape(std::string_view option, std::string_view text);

/// A finite number above 0 and at most 1.
double parse_share(std::string_view option, std::string_view text);

/// The index of the one of `words` that `text` is.
std::size_t parse_word(std::string_view option, std::string_view text,
                       const std::vector<std::string_view>& words);

}  // namespace mlpbench
