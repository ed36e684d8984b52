#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

namespace mlpbench {

/// The ranks of a run: processes that train one model together, counted from 0. All ranks make the same calls
/// in the same order, but for send(), receive() and wait(). Only the thread that opened it calls anything.
/// When a rank is lost a call cannot be completed. It then ends this process and asks the launcher to end the
/// others: none returns an error.
///
/// The public functions count what a rank sends; an implementation overrides the private ones. Bytes travel
/// as they are: all ranks have the same byte order and the same types.
class Communicator {
 public:
  /// A transfer that has begun.
  using Request = std::size_t;

  Communicator(std::size_t rank, std::size_t size) noexcept : rank_(rank), size_(size) {}
  virtual ~Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  std::size_t rank() const noexcept { return rank_; }
  std::size_t size() const noexcept { return size_; }
  bool is_first() const noexcept { return rank_ == 0; }  ///< the only one that prints and writes files

  virtual std::string library() const { return ""; }  ///< "Open MPI 4.1.4"; empty: none

  /// Bytes that this rank has sent. Collective calls count as their best algorithm on large messages. A rank
  /// that has `own` of `all` bytes sends all - own in gather(), and 2 all (size - 1) / size in allreduce().
  std::uint64_t bytes_sent() const noexcept { return sent_; }

  /// Begins to send `bytes`, which stay as they are until wait(). Between two ranks, messages arrive in the
  /// order in which they were sent, and the receiver knows their sizes.
  Request send(std::span<const std::byte> bytes, std::size_t to) {
    sent_ += bytes.size();
    return begin_send(bytes, to);
  }

  /// Begins to receive into `bytes`, which nobody touches until wait().
  Request receive(std::span<std::byte> bytes, std::size_t from) { return begin_receive(bytes, from); }

  /// Ends the transfer. Each request is waited for once.
  void wait(Request request) { end(request); }

  /// Leaves rank `from`'s bytes on every rank.
  void broadcast(std::span<std::byte> bytes, std::size_t from = 0) {
    if (size_ == 1 || bytes.empty()) return;
    if (rank_ == from) sent_ += bytes.size();
    do_broadcast(bytes, from);
  }

  /// Leaves all parts on every rank. Part r of `all` is [ends[r - 1], ends[r]), from 0 for the first, and
  /// rank r has it before the call.
  void gather(std::span<std::byte> all, std::span<const std::size_t> ends) {
    if (size_ == 1) return;
    sent_ += all.size() - (ends[rank_] - (rank_ == 0 ? 0 : ends[rank_ - 1]));
    do_gather(all, ends);
  }

  /// Leaves the sums over the ranks on every rank, in an order that is the implementation's.
  void allreduce(std::span<float> sums) { reduce(sums); }
  void allreduce(std::span<double> sums) { reduce(sums); }

  /// Waits until all ranks have called it, but no longer than `seconds`; whether they have. A rank for which
  /// it returned false may only abort().
  bool meet(double seconds = std::numeric_limits<double>::infinity()) {
    return size_ == 1 || do_meet(seconds);
  }

  /// Whether one of the ranks wants the run to end, `mine` for this one. All hear the same, and stopping()
  /// says it until the next call.
  bool agree_to_stop(bool mine) {
    stopping_ = mine;
    return share_stop();
  }
  bool stopping() const noexcept { return stopping_; }
  void set_stopping(bool agreed) noexcept { stopping_ = agreed; }  ///< agreed upon in another call

  /// Ends all ranks at once, their exit code as the launcher makes it of `code`.
  [[noreturn]] virtual void abort(int code) const = 0;

 private:
  virtual Request begin_send(std::span<const std::byte> bytes, std::size_t to) = 0;
  virtual Request begin_receive(std::span<std::byte> bytes, std::size_t from) = 0;
  virtual void end(Request request) = 0;
  virtual void do_broadcast(std::span<std::byte> bytes, std::size_t from) = 0;
  virtual void do_gather(std::span<std::byte> all, std::span<const std::size_t> ends) = 0;
  virtual void do_allreduce(std::span<float> sums) = 0;
  virtual void do_allreduce(std::span<double> sums) = 0;
  virtual bool do_meet(double seconds) = 0;

  template <typename T>
  void reduce(std::span<T> sums) {
    if (size_ == 1) return;
    sent_ += 2 * sums.size_bytes() * (size_ - 1) / size_;
    do_allreduce(sums);
  }

  bool share_stop();

  std::size_t rank_, size_;
  std::uint64_t sent_ = 0;
  bool stopping_ = false;
};

/// The first of `count` things that rank `rank` of `size` has. Each rank has a contiguous range, and ranges
/// differ by one at most. Rank r has [first_of_rank(count, r, size), first_of_rank(count, r + 1, size)).
constexpr std::size_t first_of_rank(std::size_t count, std::size_t rank, std::size_t size) noexcept {
  return count / size * rank + count % size * rank / size;
}

/// A process by itself: one rank.
class LocalCommunicator final : public Communicator {
 public:
  LocalCommunicator() noexcept : Communicator(0, 1) {}
  [[noreturn]] void abort(int code) const override;

 private:
  Request begin_send(std::span<const std::byte>, std::size_t) override { return 0; }
  Request begin_receive(std::span<std::byte>, std::size_t) override { return 0; }
  void end(Request) override {}
  void do_broadcast(std::span<std::byte>, std::size_t) override {}
  void do_gather(std::span<std::byte>, std::span<const std::size_t>) override {}
  void do_allreduce(std::span<float>) override {}
  void do_allreduce(std::span<double>) override {}
  bool do_meet(double) override { return true; }
};

/// The ranks that a launcher (mpirun, mpiexec) started this process among. They are those of MPI, opened by
/// the first call. Without a launcher, or with one process, there is one rank. Lives as long as the process.
/// UserError where the launcher is that of an MPI which this build has no module for.
Communicator& launched_ranks();

/// Ends what launched_ranks() opened: MPI_Finalize. Nothing may be called afterwards.
void close_launched_ranks();

}  // namespace mlpbench
