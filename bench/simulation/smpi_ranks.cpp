#include "bench/simulation/smpi_ranks.h"

#include <fmt/format.h>
#include <smpi/mpi.h>

#include <simgrid/s4u.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace mlpbench {
namespace {

namespace s4u = simgrid::s4u;

/// The calls of the real ranks (core/training/mpi/module.cpp), but for waiting, which takes no CPU here.
class SmpiRanks final : public Communicator {
 public:
  SmpiRanks(int rank, int size)
      : Communicator(static_cast<std::size_t>(rank), static_cast<std::size_t>(size)) {}

  std::string library() const override { return "SimGrid SMPI"; }
  [[noreturn]] void abort(int code) const override {
    throw std::runtime_error("rank " + std::to_string(rank()) + " ends all with " + std::to_string(code));
  }

 private:
  Request begin_send(std::span<const std::byte> bytes, std::size_t to) override {
    return keep([&](MPI_Request* request) {
      MPI_Isend(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, static_cast<int>(to), 0,
                MPI_COMM_WORLD, request);
    });
  }
  Request begin_receive(std::span<std::byte> bytes, std::size_t from) override {
    return keep([&](MPI_Request* request) {
      MPI_Irecv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, static_cast<int>(from), 0,
                MPI_COMM_WORLD, request);
    });
  }
  void end(Request request) override {
    MPI_Wait(&requests_[request], MPI_STATUS_IGNORE);
    free_.push_back(request);
  }
  void do_broadcast(std::span<std::byte> bytes, std::size_t from) override {
    complete([&](MPI_Request* request) {
      MPI_Ibcast(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, static_cast<int>(from),
                 MPI_COMM_WORLD, request);
    });
  }
  void do_gather(std::span<std::byte> all, std::span<const std::size_t> ends) override {
    std::vector<int> counts(size()), places(size());
    for (std::size_t r = 0; r < size(); ++r) {
      places[r] = r == 0 ? 0 : static_cast<int>(ends[r - 1]);
      counts[r] = static_cast<int>(ends[r]) - places[r];
    }
    complete([&](MPI_Request* request) {
      MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_BYTE, all.data(), counts.data(), places.data(), MPI_BYTE,
                      MPI_COMM_WORLD, request);
    });
  }
  void do_allreduce(std::span<float> sums) override { sum(sums.data(), sums.size(), MPI_FLOAT); }
  void do_allreduce(std::span<double> sums) override { sum(sums.data(), sums.size(), MPI_DOUBLE); }
  bool do_meet(double) override {
    MPI_Barrier(MPI_COMM_WORLD);
    return true;
  }

  static void sum(void* sums, std::size_t count, MPI_Datatype type) {
    MPI_Allreduce(MPI_IN_PLACE, sums, static_cast<int>(count), type, MPI_SUM, MPI_COMM_WORLD);
  }

  template <typename Begin>
  static void complete(Begin begin) {
    MPI_Request request = MPI_REQUEST_NULL;
    begin(&request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
  }

  template <typename Begin>
  Request keep(Begin begin) {
    if (free_.empty()) {
      free_.push_back(requests_.size());
      requests_.emplace_back();
    }
    const Request place = free_.back();
    free_.pop_back();
    begin(&requests_[place]);
    return place;
  }

  std::vector<MPI_Request> requests_;
  std::vector<Request> free_;
};

constexpr double kHostSpeed = 1e9;  ///< flop/s: only seconds are simulated, so any would do

void make_platform(const Cluster& cluster, std::size_t ranks) {
  s4u::NetZone* const zone = s4u::create_star_zone("cluster");
  for (std::size_t r = 0; r < ranks; ++r) {
    const std::string name = "node" + std::to_string(r);
    s4u::Host* const host = zone->create_host(name, kHostSpeed)->seal();
    const s4u::Link* const link = zone->create_split_duplex_link(name + "-link", cluster.bandwidth)
                                      ->set_latency(cluster.latency / 2.0)  // two links on each way
                                      ->seal();
    zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr,
                    {{link, s4u::LinkInRoute::Direction::UP}}, true);
  }
  zone->seal();
}

void rank_of_job(const std::function<void(Communicator&)>& rank_main) {
  MPI_Init(nullptr, nullptr);
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  SmpiRanks ranks(rank, size);
  rank_main(ranks);
  MPI_Finalize();
}

}  // namespace

double simulate(const Cluster& cluster, std::size_t ranks,
                const std::function<void(Communicator&)>& rank_main) {
  std::string words[] = {"simulate_ranks", "--log=root.thres:error", "--cfg=network/model:SMPI",
                         "--cfg=contexts/stack-size:1024"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  int count = static_cast<int>(arguments.size());
  s4u::Engine engine(&count, arguments.data());
  smpi_init_options();
  // Only what rank_main says is computing takes time. Bandwidth and latency are those of the cluster as they
  // are, without the factors that SMPI measured on a Gigabit Ethernet of 2010. Collectives are Open MPI's.
  // The overhead of a message is its sender's alone. SMPI's CPU would send or receive, but a node's two ports
  // do both at once (Cluster).
  const std::string overhead = fmt::format("0:{}:0", cluster.overhead);
  for (const std::string& setting :
       {std::string("smpi/simulate-computation:no"), std::string("smpi/host-speed:1e9"),
        std::string("smpi/bw-factor:0:1"), std::string("smpi/lat-factor:0:1"),
        std::string("smpi/coll-selector:ompi"), "smpi/ois:" + overhead, std::string("smpi/or:0:0:0")}) {
    s4u::Engine::set_config(setting);
  }
  SMPI_init();  // takes the collectives that are set
  make_platform(cluster, ranks);
  SMPI_app_instance_register("job", nullptr, static_cast<int>(ranks));
  for (std::size_t r = 0; r < ranks; ++r) {
    const std::string number = std::to_string(r);
    const s4u::ActorPtr actor = s4u::Actor::init("rank" + number, engine.host_by_name("node" + number));
    actor->set_property("instance_id", "job");
    actor->set_property("rank", number);
    actor->start([&rank_main] { rank_of_job(rank_main); });
  }
  engine.run();
  SMPI_finalize();
  return s4u::Engine::get_clock();
}

double simulated_seconds() { return s4u::Engine::get_clock(); }

void simulate_work(double seconds) noexcept { s4u::this_actor::sleep_for(seconds); }

}  // namespace mlpbench
