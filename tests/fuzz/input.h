// What the fuzz targets share: bytes as a file, and what a refusal must look like.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "support/error.h"

namespace mlpbench::fuzz {

/// The bytes as a file of this process, the same path every time.
inline const std::string& as_file(const std::uint8_t* data, std::size_t size) {
  static const std::string path = "/tmp/mlpbench_fuzz_" + std::to_string(::getpid());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

/// Calls `read`, which may refuse its input in one line without control characters, and nothing else.
template <typename Read>
int reads_or_refuses(Read read) {
  try {
    read();
  } catch (const UserError& error) {
    for (const char* c = error.what(); *c != '\0'; ++c) {
      if (static_cast<unsigned char>(*c) < 0x20 || *c == 0x7F) std::abort();
    }
  }
  return 0;
}

}  // namespace mlpbench::fuzz
