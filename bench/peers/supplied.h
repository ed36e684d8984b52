#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/peers/peer.h"

namespace mlpbench {

/// A worker of bench/peers/.
struct SuppliedPeer {
  std::string_view name;
  std::string_view script;         ///< its file
  std::string_view argument = {};  ///< of the script, or empty
};

std::span<const SuppliedPeer> supplied_peers();

/// What a user asks for: --peers, --peer, --peer-python, --peer-timeout.
struct PeerOptions {
  std::vector<std::string> supplied;  ///< names of supplied_peers()
  std::vector<std::string> commands;  ///< "NAME=COMMAND"; the shell starts the command

  /// The interpreter of the supplied ones. Empty: python3 of the PATH or, where that lacks the library,
  /// Debian's.
  std::string python = {};
  double seconds = 120.0;  ///< PeerCommand::seconds
};

using Peers = std::vector<std::shared_ptr<Peer>>;

/// Starts none. UserError for an unknown name, or a text that is not NAME=COMMAND. Also for two peers or a
/// backend of one name, or what no line of a configuration file can hold.
Peers peers_of(const PeerOptions& options);

}  // namespace mlpbench
