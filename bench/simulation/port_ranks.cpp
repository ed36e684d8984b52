#include "bench/simulation/port_ranks.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <deque>
#include <memory>
#include <queue>
#include <simgrid/s4u.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mlpbench {
namespace {

namespace s4u = simgrid::s4u;

constexpr std::size_t kWithContent = 4096;

struct Message {
  double at = 0.0;  ///< when its first byte reaches the receiver
  double takes = 0.0;
  double done = 0.0;  ///< when its last byte has left the receiver's port; 0: not yet known
  std::vector<std::byte> content;
  bool taken = false;
};

/// The messages of one sender, by their number: they go to the receives in the order in which these began.
struct Inbox {
  std::deque<Message> messages;
  std::size_t first = 0;  ///< the number of messages.front()

  bool has(std::size_t number) const { return number < first + messages.size(); }
  Message& at(std::size_t number) { return messages[number - first]; }
  Message take(std::size_t number) {
    Message message = std::move(at(number));
    at(number).taken = true;
    for (; !messages.empty() && messages.front().taken; ++first) messages.pop_front();
    return message;
  }
};

/// A port of each direction, and what is on its way to this node: by sender, and by its time.
struct Node {
  struct Later {
    bool operator()(const Message* a, const Message* b) const { return a->at > b->at; }
  };

  double out_free = 0.0, in_free = 0.0;
  std::vector<Inbox> inbox;
  std::priority_queue<Message*, std::vector<Message*>, Later> arriving;
  s4u::ActorPtr waiting;  ///< for a message from awaited
  std::size_t awaited = 0;
};

void sleep_until(double time) {
  if (time > s4u::Engine::get_clock()) s4u::this_actor::sleep_until(time);
}

class PortRanks final : public Communicator {
 public:
  PortRanks(std::size_t rank, const Cluster& cluster, std::vector<Node>& nodes)
      : Communicator(rank, nodes.size()),
        cluster_(cluster),
        nodes_(nodes),
        own_(nodes[rank]),
        begun_(nodes.size()) {}

  [[noreturn]] void abort(int code) const override {
    throw std::runtime_error("rank " + std::to_string(rank()) + " ends all with " + std::to_string(code));
  }

 private:
  struct Transfer {
    double sent = 0.0;  ///< of a send: when its buffer is free
    std::span<std::byte> into = {};
    std::size_t from = 0, number = 0;
    bool receives = false;
  };

  Request begin_send(std::span<const std::byte> bytes, std::size_t to) override {
    Message message;
    message.takes = cluster_.message(static_cast<double>(bytes.size()));
    const double start = std::max(s4u::Engine::get_clock(), own_.out_free);
    own_.out_free = start + message.takes;
    message.at = start + cluster_.latency;
    if (bytes.size() <= kWithContent) message.content.assign(bytes.begin(), bytes.end());
    Node& node = nodes_[to];
    node.inbox[rank()].messages.push_back(std::move(message));
    node.arriving.push(&node.inbox[rank()].messages.back());
    if (node.waiting && node.awaited == rank()) std::exchange(node.waiting, nullptr)->resume();
    return keep({.sent = own_.out_free});
  }

  Request begin_receive(std::span<std::byte> bytes, std::size_t from) override {
    return keep({.into = bytes, .from = from, .number = begun_[from]++, .receives = true});
  }

  void end(Request request) override {
    const Transfer transfer = transfers_[request];
    free_.push_back(request);
    if (!transfer.receives) return sleep_until(transfer.sent);
    Inbox& inbox = own_.inbox[transfer.from];
    while (!inbox.has(transfer.number)) {
      own_.waiting = s4u::Actor::self();
      own_.awaited = transfer.from;
      s4u::this_actor::suspend();
    }
    sleep_until(inbox.at(transfer.number).at -
                cluster_.latency);  // then all that arrive before it are under way
    while (inbox.at(transfer.number).done == 0.0) {
      Message& next = *own_.arriving.top();
      own_.arriving.pop();
      next.done = own_.in_free = std::max(next.at, own_.in_free) + next.takes;
    }
    const Message message = inbox.take(transfer.number);
    if (!message.content.empty())
      std::memcpy(transfer.into.data(), message.content.data(), message.content.size());
    sleep_until(message.done);
  }

  void do_broadcast(std::span<std::byte> bytes, std::size_t from) override {
    if (rank() != from) return end(begin_receive(bytes, from));
    std::vector<Request> requests;
    for (std::size_t r = 0; r < size(); ++r) {
      if (r != from) requests.push_back(begin_send(bytes, r));
    }
    for (const Request request : requests) end(request);
  }

  void do_gather(std::span<std::byte> all, std::span<const std::size_t> ends) override {
    const auto parts = [&](std::size_t r, std::size_t count) {
      const std::size_t first = r == 0 ? 0 : ends[r - 1];
      return all.subspan(first, ends[r + count - 1] - first);
    };
    if (gathers_by_doubling(cluster_, size())) {
      for (std::size_t count = 1; count < size(); count *= 2) {
        const std::size_t own = rank() / count * count, with = rank() ^ count;
        exchange(parts(own, count), parts(own ^ count, count), with);
      }
      return;
    }
    std::vector<Request> requests;
    for (std::size_t step = 1; step < size(); ++step)
      requests.push_back(begin_send(parts(rank(), 1), (rank() + step) % size()));
    for (std::size_t step = 1; step < size(); ++step) {
      const std::size_t from = (rank() + size() - step) % size();
      requests.push_back(begin_receive(parts(from, 1), from));
    }
    for (const Request request : requests) end(request);
  }

  void do_allreduce(std::span<float> sums) override { allreduce(sums); }
  void do_allreduce(std::span<double> sums) override { allreduce(sums); }

  /// What of the sums a message has does not matter: nobody looks at them.
  template <typename T>
  void allreduce(std::span<T> sums) {
    const std::size_t paired = std::bit_floor(size());
    const bool has_mate = rank() + paired < size();
    const auto add = [&](std::size_t count) {
      simulate_work(cluster_.addition * static_cast<double>(count));
    };
    const auto exchange_first = [&](std::size_t count, std::size_t with) {
      const std::span<std::byte> bytes = std::as_writable_bytes(sums.first(count));
      exchange(bytes, bytes, with);
    };
    const std::span<std::byte> all = std::as_writable_bytes(sums);
    if (rank() >= paired) {
      end(begin_send(all, rank() - paired));
      return end(begin_receive(all, rank() - paired));
    }
    if (has_mate) {
      end(begin_receive(all, rank() + paired));
      add(sums.size());
    }
    for (std::size_t apart = paired / 2; apart > 0; apart /= 2) {
      exchange_first(sums.size() * apart / paired, rank() ^ apart);
      add(sums.size() * apart / paired);
    }
    for (std::size_t apart = 1; apart < paired; apart *= 2)
      exchange_first(sums.size() * apart / paired, rank() ^ apart);
    if (has_mate) end(begin_send(all, rank() + paired));
  }

  /// Sends `own` to rank `with` and receives into `others` from it.
  void exchange(std::span<const std::byte> own, std::span<std::byte> others, std::size_t with) {
    const Request sent = begin_send(own, with);
    end(begin_receive(others, with));
    end(sent);
  }

  bool do_meet(double) override {
    std::vector<std::byte> all(size());
    std::vector<std::size_t> ends(size());
    for (std::size_t r = 0; r < size(); ++r) ends[r] = r + 1;
    do_gather(all, ends);
    return true;
  }

  Request keep(const Transfer& transfer) {
    if (free_.empty()) {
      free_.push_back(transfers_.size());
      transfers_.emplace_back();
    }
    const Request place = free_.back();
    free_.pop_back();
    transfers_[place] = transfer;
    return place;
  }

  const Cluster& cluster_;
  std::vector<Node>& nodes_;
  Node& own_;
  std::vector<std::size_t> begun_;  ///< receives, by sender
  std::vector<Transfer> transfers_;
  std::vector<Request> free_;
};

}  // namespace

double simulate_ports(const Cluster& cluster, std::size_t ranks,
                      const std::function<void(Communicator&)>& rank_main) {
  std::string words[] = {"simulate_ranks", "--log=root.thres:error", "--cfg=contexts/stack-size:1024"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  s4u::Engine engine(&count, arguments.data());
  s4u::NetZone* const zone = s4u::create_empty_zone("cluster");
  s4u::Host* const host = zone->create_host("node", 1e9)->seal();  // all only sleep: one is enough
  zone->seal();
  std::vector<Node> nodes(ranks);
  for (Node& node : nodes) node.inbox.resize(ranks);
  for (std::size_t r = 0; r < ranks; ++r) {
    s4u::Actor::create("rank" + std::to_string(r), host, [&, r] {
      PortRanks own(r, cluster, nodes);
      rank_main(own);
    });
  }
  engine.run();
  return s4u::Engine::get_clock();
}

}  // namespace mlpbench
