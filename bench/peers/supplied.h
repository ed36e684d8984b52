#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bench/peers/peer.h"

namespace mlpbench {

/// A worker of bench/peers/.
struct SuppliedPeer {
  std::string_view name;
  std::string_view script;         ///< its file
  std::string_view argument = {};  ///< of the script, or empty
};

std::span<const SuppliedPeer> supplied_peers();

/// What starts the supplied peer NAME with the interpreter `python`; where that is empty with python3 of the PATH or,
/// where it lacks the library, Debian's. UserError for an unknown name.
PeerCommand supplied_peer(std::string_view name, const std::string& python);

/// The peer of `--peer NAME=COMMAND`, which the shell starts. UserError for a text without a name or a command, or
/// the name of a backend.
PeerCommand peer_of(const std::string& text);

}  // namespace mlpbench
