#pragma once

namespace mlpbench {

/// For the lifetime of the object all new large buffers (core/matrix.h) are on the same 64 MiB of physical
/// memory. Ranks that only pretend to compute need no memory of their own. Once a process.
class SharedMemory {
 public:
  SharedMemory();
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
};

}  // namespace mlpbench
