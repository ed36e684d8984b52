#include "tests/support/thread_ranks.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mlpbench::test {
namespace {

/// Thrown in the ranks that wait for one that has thrown.
struct Lost {};

/// All messages under way.
struct Mail {
  std::mutex mutex;
  std::condition_variable arrived;
  std::map<std::pair<std::size_t, std::size_t>, std::deque<std::vector<std::byte>>> boxes;  ///< [from, to]
  std::size_t met = 0;
  bool lost = false;

  template <typename Condition>
  void wait(std::unique_lock<std::mutex>& lock, Condition condition) {
    arrived.wait(lock, [&] { return lost || condition(); });
    if (!condition()) throw Lost();
  }
};

class ThreadRanks final : public Communicator {
 public:
  ThreadRanks(Mail& mail, std::size_t rank, std::size_t size) : Communicator(rank, size), mail_(mail) {}

  [[noreturn]] void abort(int) const override { std::abort(); }

 private:
  struct Receive {
    std::span<std::byte> bytes;
    std::size_t from;
  };

  Request begin_send(std::span<const std::byte> bytes, std::size_t to) override {
    const std::lock_guard lock(mail_.mutex);
    mail_.boxes[{rank(), to}].emplace_back(bytes.begin(), bytes.end());
    mail_.arrived.notify_all();
    return sends_;
  }

  Request begin_receive(std::span<std::byte> bytes, std::size_t from) override {
    receives_.push_back({bytes, from});
    return receives_.size() - 1;
  }

  /// The messages of a sender go to the receives in the order in which these were begun.
  void end(Request request) override {
    if (request == sends_) return;
    for (Request before = 0; before <= request; ++before) {
      Receive& receive = receives_[before];
      if (receive.from != receives_[request].from || done_.contains(before)) continue;
      std::unique_lock lock(mail_.mutex);
      auto& box = mail_.boxes[{receive.from, rank()}];
      mail_.wait(lock, [&] { return !box.empty(); });
      if (box.front().size() != receive.bytes.size()) throw std::logic_error("a message of another size");
      std::copy(box.front().begin(), box.front().end(), receive.bytes.begin());
      box.pop_front();
      done_.insert(before);
    }
    if (++waited_for_ < receives_.size()) return;
    receives_.clear();
    done_.clear();
    waited_for_ = 0;
  }

  void deliver(std::span<const std::byte> bytes, std::size_t to) { begin_send(bytes, to); }
  void fetch(std::span<std::byte> bytes, std::size_t from) { end(begin_receive(bytes, from)); }

  void do_broadcast(std::span<std::byte> bytes, std::size_t from) override {
    if (rank() != from) return fetch(bytes, from);
    for (std::size_t r = 0; r < size(); ++r) {
      if (r != from) deliver(bytes, r);
    }
  }

  void do_gather(std::span<std::byte> all, std::span<const std::size_t> ends) override {
    const auto part = [&](std::size_t r) {
      const std::size_t first = r == 0 ? 0 : ends[r - 1];
      return all.subspan(first, ends[r] - first);
    };
    for (std::size_t r = 0; r < size(); ++r) {
      if (r != rank()) deliver(part(rank()), r);
    }
    for (std::size_t r = 0; r < size(); ++r) {
      if (r != rank()) fetch(part(r), r);
    }
  }

  void do_allreduce(std::span<float> sums) override { sum_up(sums); }
  void do_allreduce(std::span<double> sums) override { sum_up(sums); }

  template <typename T>
  void sum_up(std::span<T> sums) {
    std::vector<T> all(sums.size() * size());
    std::vector<std::size_t> ends;
    for (std::size_t r = 0; r < size(); ++r) ends.push_back((r + 1) * sums.size_bytes());
    std::copy(sums.begin(), sums.end(), all.begin() + static_cast<std::ptrdiff_t>(rank() * sums.size()));
    do_gather(std::as_writable_bytes(std::span(all)), ends);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = T{};
      for (std::size_t r = size(); r-- > 0;) sums[i] += all[r * sums.size() + i];  // not the ordered one
    }
  }

  bool do_meet(double seconds) override {
    std::unique_lock lock(mail_.mutex);
    const std::size_t all = (mail_.met / size() + 1) * size();
    ++mail_.met;
    mail_.arrived.notify_all();
    const auto together = [&] { return mail_.lost || mail_.met >= all; };
    if (seconds > 1e6) {
      mail_.arrived.wait(lock, together);
    } else {
      mail_.arrived.wait_for(lock, std::chrono::duration<double>(seconds), together);
    }
    return mail_.met >= all;
  }

  static constexpr Request sends_ = ~Request{0};  ///< a message that was copied is sent

  Mail& mail_;
  std::vector<Receive> receives_;
  std::set<Request> done_;      ///< they have their message
  std::size_t waited_for_ = 0;  ///< of the receives
};

}  // namespace

void on_ranks(std::size_t size, const std::function<void(Communicator&)>& body) {
  Mail mail;
  std::exception_ptr error;
  std::vector<std::thread> threads;
  for (std::size_t r = 0; r < size; ++r) {
    threads.emplace_back([&, r] {
      ThreadRanks ranks(mail, r, size);
      try {
        body(ranks);
      } catch (const Lost&) {
      } catch (...) {
        const std::lock_guard lock(mail.mutex);
        if (!mail.lost) error = std::current_exception();
        mail.lost = true;
        mail.arrived.notify_all();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace mlpbench::test
