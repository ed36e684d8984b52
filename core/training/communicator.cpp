#include "core/training/communicator.h"

#include <cstdlib>
#include <vector>

namespace mlpbench {

bool Communicator::share_stop() {
  if (size_ == 1) return stopping_;
  std::vector<std::byte> wishes(size_, std::byte{0});
  std::vector<std::size_t> ends(size_);
  for (std::size_t r = 0; r < size_; ++r) ends[r] = r + 1;
  wishes[rank_] = std::byte{stopping_};
  gather(wishes, ends);
  for (const std::byte wish : wishes) stopping_ = stopping_ || wish != std::byte{0};
  return stopping_;
}

void LocalCommunicator::abort(int code) const { std::_Exit(code); }

}  // namespace mlpbench
