#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <type_traits>

namespace mlpbench {

/// Sees one piece of a run's state, its name and its bytes, and may read or overwrite them.
using StateVisitor = std::function<void(std::string_view name, std::span<std::byte> bytes)>;

/// Shows a visitor all that a run needs to go on, piece by piece. Names and order are the same every time,
/// and so are the sizes, except for the losses of the epochs so far. One function serves both directions.
using RunState = std::function<void(const StateVisitor& visit)>;

/// The bytes of one object, which a copy of its bytes restores.
template <typename Object>
std::span<std::byte> bytes_of(Object& object) noexcept {
  static_assert(std::is_trivially_copyable_v<Object>);
  return std::as_writable_bytes(std::span(&object, 1));
}

/// Keeps the state of a run between two epochs, so that an ended run continues to the bits that it would
/// have had. The trainers call the functions while the clock stands.
struct Checkpoints {
  std::size_t every = 1;  ///< epochs between two

  /// Overwrites the state with one that was kept and returns true; false: there is none. Called once, before
  /// the first epoch.
  std::function<bool(const RunState& state)> restore;

  /// Keeps the state after `every` epochs, and after the last one.
  std::function<void(const RunState& state)> save;
};

}  // namespace mlpbench
