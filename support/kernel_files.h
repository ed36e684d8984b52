#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mlpbench {

/// The first line of a small text file such as those of /proc and /sys, without blanks at its ends. Empty
/// when there is no such file, it cannot be read, or the line is blank.
std::string first_line(const std::string& path);

/// The folder of the processors in /sys, below a root.
inline constexpr const char* kCpuFolder = "/sys/devices/system/cpu/";

/// The text, or "unknown" when it is empty.
inline std::string or_unknown(std::string text) { return text.empty() ? "unknown" : text; }

/// The value of the first "key: value" line of a file ("model name" of /proc/cpuinfo), or empty.
std::string value_of(const std::string& path, std::string_view key);

/// The number that the text begins with ("65536 kB" is 65536), or nothing.
std::optional<double> leading_number(std::string_view text);

/// "32K", "2M", "1048576" in bytes; 0 when it is none of these.
std::size_t cache_bytes(std::string_view text);

/// "0-2,5" is 0, 1, 2, 5, as the kernel writes sets of processors; stops at what it does not understand.
std::vector<int> parse_cpu_list(std::string_view text);

}  // namespace mlpbench
