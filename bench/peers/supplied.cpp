#include "bench/peers/supplied.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "experiments/files.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr SuppliedPeer kSupplied[] = {{"numpy", "numpy_peer.py"},
                                      {"sklearn", "sklearn_peer.py"},
                                      {"jax", "jax_peer.py"},
                                      {"jax-jit", "jax_peer.py", "--jit-loop"},
                                      {"torch", "torch_peer.py"}};

/// Where Debian's packages put their modules, for any python3 of the PATH.
constexpr const char* kSystemPython = "/usr/bin/python3";

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789_-") == std::string_view::npos;
}

PeerCommand supplied(const std::string& name, const std::string& python) {
  const auto found = std::find_if(std::begin(kSupplied), std::end(kSupplied),
                                  [&](const SuppliedPeer& peer) { return peer.name == name; });
  if (found == std::end(kSupplied)) {
    throw UserError(fmt::format("--peers: '{}' is none of {}; --peer NAME=COMMAND adds others",
                                printable(name), fmt::join(names_of(supplied_peers()), ", ")));
  }
  std::vector<std::string> pythons = {python};
  if (python.empty()) pythons = {"python3", kSystemPython};
  PeerCommand command{name, {}};
  for (const std::string& interpreter : pythons) {
    command.commands.push_back({interpreter, peer_script_path(found->script)});
    if (!found->argument.empty()) command.commands.back().emplace_back(found->argument);
  }
  return command;
}

PeerCommand of_command(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  if (equals == std::string::npos || !is_name(name) || text.size() == equals + 1) {
    throw UserError(fmt::format("--peer: '{}' is not NAME=COMMAND; a name has letters, digits, '_' and '-'",
                                printable(text)));
  }
  return {name, {{"/bin/sh", "-c", text.substr(equals + 1)}}};
}

/// What a quoted line of TOML can hold.
void require_quotable(const char* option, const std::string& text) {
  const std::size_t odd = text.find_first_of("#'\n");
  if (odd == std::string::npos) return;
  throw UserError(fmt::format("{}: has a {}, which no configuration file can hold; a script may have it",
                              option, printable(text.substr(odd, 1))));
}

}  // namespace

std::span<const SuppliedPeer> supplied_peers() { return kSupplied; }

Peers peers_of(const PeerOptions& options) {
  std::vector<PeerCommand> commands;
  for (const std::string& name : options.supplied) commands.push_back(supplied(name, options.python));
  for (const std::string& text : options.commands) {
    require_quotable("--peer", text);
    commands.push_back(of_command(text));
  }
  require_quotable("--peer-python", options.python);
  Peers peers;
  std::vector<std::string_view> names = names_of(all_backends());
  for (PeerCommand& command : commands) {
    if (std::find(names.begin(), names.end(), command.name) != names.end() ||
        meant_backend(command.name) != command.name) {
      throw UserError(fmt::format("--peer: there is a row '{}' already", command.name));
    }
    command.seconds = options.seconds;
    peers.push_back(std::make_shared<Peer>(std::move(command)));
    names.push_back(peers.back()->entry().name);
  }
  return peers;
}

}  // namespace mlpbench
