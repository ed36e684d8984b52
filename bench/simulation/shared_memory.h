#pragma once

namespace mlpbench {

/// For the lifetime of the object the large buffers (core/matrix.h) that are made lie on the same 64 MiB of
/// physical memory: what ranks only pretend to compute on need not exist a thousand times. Once a process.
class SharedMemory {
 public:
  SharedMemory();
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
};

}  // namespace mlpbench
