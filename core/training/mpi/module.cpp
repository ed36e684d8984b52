// Ranks on MPI 3.1, with MPI_THREAD_FUNNELED: the thread that opened them makes all calls.

#include "core/training/mpi/module.h"

#include <mpi.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "core/training/mpi/supervisor.h"
#include "support/error.h"

namespace mlpbench {
namespace {

using Clock = std::chrono::steady_clock;

/// Tests of a request before the CPU is offered to others. Seconds before this rank sleeps between tests.
/// Seconds of a sleep; later a 64th of the wait so far. An answer over shared memory takes about 1 us. Ranks
/// that share CPUs would wait for the end of each other's time slice. 132 steps of digits on 4 ranks of 2
/// loaded cores took 17 s without the sleep. A rank that tested every 50 us all the time took a fifth of a
/// CPU.
constexpr int kSpins = 200;
constexpr double kAwake = 1e-3, kNap = 50e-6;

/// Seconds without an answer after which a rank takes another one for lost; MLPBENCH_RANK_TIMEOUT sets
/// others. What one rank does alone (reading data, evaluating, writing) takes less.
double silence_limit() {
  const char* const text = std::getenv("MLPBENCH_RANK_TIMEOUT");
  const double seconds = text == nullptr ? 0.0 : std::atof(text);
  return seconds > 0.0 ? seconds : 300.0;
}

/// Bytes of a message at most: MPI 3.1 counts with int.
constexpr std::size_t kLongest = std::size_t{1} << 30;

class MpiRanks final : public Communicator {
 public:
  MpiRanks(int rank, int size)
      : Communicator(static_cast<std::size_t>(rank), static_cast<std::size_t>(size)) {
    // Errors return: the message says which rank met it. Meetings have a communicator of their own, because
    // a rank that failed meets while the others are somewhere else.
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_dup(MPI_COMM_WORLD, &meetings_);
  }

  std::string library() const override {
    char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    MPI_Get_library_version(text, &length);
    std::string version(text, static_cast<std::size_t>(length));
#ifdef OMPI_MAJOR_VERSION
    return version.substr(0, version.find(','));  // "Open MPI v4.1.4, package: ..."
#else
    return "MPICH " MPICH_VERSION;
#endif
  }

  [[noreturn]] void abort(int code) const override {
    MPI_Abort(MPI_COMM_WORLD, code);
    std::_Exit(code);
  }

 private:
  /// Gives up when a call failed.
  void check(int code) const {
    if (code == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING];
    int length = 0;
    MPI_Error_string(code, text, &length);
    lost(text);
  }

  [[noreturn]] void lost(const std::string& why) const {
    std::fprintf(stderr, "mlpbench: rank %zu of %zu: a rank was lost: %s\n", rank(), size(), why.c_str());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // else MPICH's launcher may drop the line
    abort(kExitRankLost);
  }

  int number(std::size_t count) const {
    if (count <= INT_MAX) return static_cast<int>(count);
    std::fprintf(stderr, "mlpbench: rank %zu of %zu: MPI takes at most 2147483647 bytes at once\n", rank(),
                 size());
    abort(kExitUsage);
  }

  /// Until the request is done, or `seconds` have passed. It tests instead of waiting: an MPI that spins in
  /// MPI_Wait keeps ranks on the same CPU from working.
  bool done(MPI_Request& request, double seconds = std::numeric_limits<double>::infinity()) const {
    const Clock::time_point start = Clock::now();
    for (int tests = 0;; ++tests) {
      int flag = 0;
      check(MPI_Test(&request, &flag, MPI_STATUS_IGNORE));
      if (flag != 0) return true;
      if (tests < kSpins) continue;
      const double waited = std::chrono::duration<double>(Clock::now() - start).count();
      if (waited > seconds) return false;
      if (waited > silence_) lost("no answer for " + std::to_string(static_cast<int>(silence_)) + " s");
      if (waited < kAwake) {
        sched_yield();
      } else {
        std::this_thread::sleep_for(std::chrono::duration<double>(std::max(kNap, waited / 64.0)));
      }
    }
  }

  /// A request of several messages is a list of them.
  struct Transfer {
    std::vector<MPI_Request> parts;
    bool free = true;
  };

  template <typename Begin>
  Request begin(std::size_t bytes, Begin begin_part) {
    Request place = 0;
    while (place < transfers_.size() && !transfers_[place].free) ++place;
    if (place == transfers_.size()) transfers_.emplace_back();
    Transfer& transfer = transfers_[place];
    transfer.free = false;
    transfer.parts.clear();
    for (std::size_t first = 0; first < bytes; first += kLongest) {
      transfer.parts.push_back(MPI_REQUEST_NULL);
      check(begin_part(first, number(std::min(kLongest, bytes - first)), &transfer.parts.back()));
    }
    return place;
  }

  Request begin_send(std::span<const std::byte> bytes, std::size_t to) override {
    return begin(bytes.size(), [&](std::size_t first, int count, MPI_Request* request) {
      return MPI_Isend(bytes.data() + first, count, MPI_BYTE, static_cast<int>(to), 0, MPI_COMM_WORLD,
                       request);
    });
  }

  Request begin_receive(std::span<std::byte> bytes, std::size_t from) override {
    return begin(bytes.size(), [&](std::size_t first, int count, MPI_Request* request) {
      return MPI_Irecv(bytes.data() + first, count, MPI_BYTE, static_cast<int>(from), 0, MPI_COMM_WORLD,
                       request);
    });
  }

  void end(Request request) override {
    for (MPI_Request& part : transfers_[request].parts) done(part);
    transfers_[request].free = true;
  }

  void do_broadcast(std::span<std::byte> bytes, std::size_t from) override {
    for (std::size_t first = 0; first < bytes.size(); first += kLongest) {
      MPI_Request request;
      check(MPI_Ibcast(bytes.data() + first, number(std::min(kLongest, bytes.size() - first)), MPI_BYTE,
                       static_cast<int>(from), MPI_COMM_WORLD, &request));
      done(request);
    }
  }

  void do_gather(std::span<std::byte> all, std::span<const std::size_t> ends) override {
    counts_.resize(size());
    places_.resize(size());
    for (std::size_t r = 0; r < size(); ++r) {
      const std::size_t begin = r == 0 ? 0 : ends[r - 1];
      places_[r] = number(begin);
      counts_[r] = number(ends[r] - begin);
    }
    MPI_Request request;
    check(MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_BYTE, all.data(), counts_.data(), places_.data(), MPI_BYTE,
                          MPI_COMM_WORLD, &request));
    done(request);
  }

  void do_allreduce(std::span<float> sums) override { allreduce_of(sums, MPI_FLOAT); }
  void do_allreduce(std::span<double> sums) override { allreduce_of(sums, MPI_DOUBLE); }

  /// The blocking call: it has the algorithms that the library's authors tuned.
  template <typename T>
  void allreduce_of(std::span<T> sums, MPI_Datatype type) {
    ::alarm(static_cast<unsigned>(std::ceil(silence_)));  // ends this process, and so all ranks
    check(MPI_Allreduce(MPI_IN_PLACE, sums.data(), number(sums.size()), type, MPI_SUM, MPI_COMM_WORLD));
    ::alarm(0);
  }

  bool do_meet(double seconds) override {
    MPI_Request request;
    check(MPI_Ibarrier(meetings_, &request));
    return done(request, seconds);
  }

  const double silence_ = silence_limit();
  MPI_Comm meetings_ = MPI_COMM_NULL;
  std::vector<Transfer> transfers_;
  std::vector<int> counts_, places_;
};

/// What the launcher says of this process.
int number_of(std::initializer_list<const char*> variables) {
  for (const char* const name : variables) {
    if (const char* const text = std::getenv(name); text != nullptr) return std::atoi(text);
  }
  return 0;
}

Communicator* open(std::string& error) {
  if (!supervise(number_of({"OMPI_COMM_WORLD_RANK", "PMI_RANK"}),
                 number_of({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}))) {
    error = "the system grants no process more";
    return nullptr;
  }
  int provided = MPI_THREAD_SINGLE;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
    error = "MPI_Init_thread failed";
    return nullptr;
  }
  if (provided < MPI_THREAD_FUNNELED) {
    error = "MPI has no MPI_THREAD_FUNNELED";
    MPI_Finalize();
    return nullptr;
  }
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return new MpiRanks(rank, size);
}

void close(Communicator* ranks) {
  delete ranks;
  MPI_Finalize();
}

}  // namespace
}  // namespace mlpbench

extern "C" [[gnu::visibility("default")]] const mlpbench::RanksModule mlpbench_ranks;
const mlpbench::RanksModule mlpbench_ranks = {.open = mlpbench::open, .close = mlpbench::close};
