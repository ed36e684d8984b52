#pragma once

#include <functional>

#include "core/training/communicator.h"

namespace mlpbench::test {

/// Calls body(rank) on `size` threads of this process, which are ranks of one run. Messages are copied
/// through mailboxes. When bodies throw, an exception of one of them is thrown here.
void on_ranks(std::size_t size, const std::function<void(Communicator&)>& body);

}  // namespace mlpbench::test
