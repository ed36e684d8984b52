#include "support/option_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

[[noreturn]] void refuse(std::string_view option, std::string_view text, std::string_view accepted) {
  throw UserError(fmt::format("{}: '{}' is not {}", option, printable(text), accepted));
}

/// Whether all of `text` is one number of type N.
template <typename N>
bool read_all(std::string_view text, N& value) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end;
}

/// Numbers from 1 to `most` between separators, least_count to most_count of them; else refuses `text`.
std::vector<std::size_t> parse_sizes(std::string_view option, std::string_view text, char separator,
                                     std::size_t least_count, std::size_t most_count, std::size_t most,
                                     std::string_view accepted) {
  std::vector<std::size_t> sizes;
  for (std::string_view rest = text;;) {
    const std::size_t end = rest.find(separator);
    std::uint64_t size = 0;
    if (!read_all(rest.substr(0, end), size) || size < 1 || size > most || sizes.size() == most_count) {
      refuse(option, text, accepted);
    }
    sizes.push_back(size);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (sizes.size() < least_count) refuse(option, text, accepted);
  return sizes;
}

constexpr std::size_t kMaxSize = 1'000'000'000'000;  ///< whether memory is enough is another question

}  // namespace

std::uint64_t parse_integer(std::string_view option, std::string_view text, std::uint64_t least,
                            std::uint64_t most) {
  std::uint64_t value = 0;
  if (!read_all(text, value) || value < least || value > most) {
    refuse(option, text, fmt::format("a whole number from {} to {}", least, most));
  }
  return value;
}

double parse_positive(std::string_view option, std::string_view text) {
  double value = 0.0;
  if (!read_all(text, value) || !std::isfinite(value) || value <= 0.0) {
    refuse(option, text, "a finite number above 0");
  }
  return value;
}

double parse_number(std::string_view option, std::string_view text, double least, double limit) {
  double value = 0.0;
  if (!read_all(text, value) || !(value >= least && value < limit)) {
    refuse(option, text,
           std::isfinite(limit) ? fmt::format("a number from {} to below {}", least, limit)
                                : fmt::format("a finite number of at least {}", least));
  }
  return value;
}

std::vector<std::size_t> parse_hidden(std::string_view option, std::string_view text, std::size_t most_layers,
                                      std::size_t most_units) {
  return parse_sizes(
      option, text, ',', 1, most_layers, most_units,
      fmt::format("a list like 10 or 64,32 of at most {} layers of 1 to {} units", most_layers, most_units));
}

std::vector<std::size_t> parse_network(std::string_view option, std::string_view text) {
  return parse_sizes(option, text, '-', 2, 66, kMaxSize,
                     "a network like 784-512-10: inputs, units of up to 64 hidden layers, outputs");
}

std::vector<std::size_t> parse_shape(std::string_view option, std::string_view text) {
  return parse_sizes(option, text, 'x', 3, 3, kMaxSize, "a shape like 512x784x256: units, inputs, batch");
}

double parse_share(std::string_view option, std::string_view text) {
  double value = 0.0;
  if (!read_all(text, value) || !(value > 0.0 && value <= 1.0)) {
    refuse(option, text, "a number above 0 and at most 1");
  }
  return value;
}

std::size_t parse_word(std::string_view option, std::string_view text,
                       const std::vector<std::string_view>& words) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  refuse(option, text,
         words.size() == 2 ? fmt::format("{} or {}", words[0], words[1])
                           : fmt::format("one of {}", fmt::join(words, ", ")));
}

}  // namespace mlpbench
