#include "framework/torture/kill_machine.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/forked_process.hpp"
#include "framework/os/shared_memory.hpp"
#include "framework/os/temporary_folder.hpp"
#include "framework/torture/kill_workload.hpp"
#include "framework/torture/model_case.hpp"
#include "framework/torture/run_cases.hpp"

namespace lsm::torture {
namespace {

constexpr double kKills = 1020;   // a few come to their end before their call
constexpr uint64_t kRounds = 10;  // of a tree, with two kills each
constexpr uint64_t kRecent = 1000;

uint64_t rounds_in_all(const Options& options) {
    return static_cast<uint64_t>(std::ceil(kKills / 2 * options.scale));
}

/// One tree and its kills.
class KillCase {
  public:
    KillCase(const Options& options, uint64_t number, bool traces, Tally& tally)
        : folder_(options.folder),
          random_(Random::stream(options.seed, "kill " + std::to_string(number))),
          sample_(Random::stream(options.seed, "sample " + std::to_string(number))),
          number_(number),
          rounds_(std::min(kRounds, rounds_in_all(options))),
          traces_(traces),
          tally_(tally) {
        EngineSettings settings = random_case(options.seed, number).settings;
        settings.log_sync = number % 2 == 0 ? "process" : "power";
        settings.memtable_size = 20'000 + random_.below(100'000);
        settings.table_size = 10'000 + random_.below(100'000);
        settings.block_size = 1000;
        tree_options_ = tree_options(all_policies(), settings);
        tree_options_.folder = folder_.path() + "/tree";
        tree_options_.log_reserve = 65'536;
        tree_options_.manifest_growth = 2000;
    }

    void run() {
        for (uint64_t round = 0; round < rounds_; ++round) {
            kill_at_some_write();
            if (random_.below(2) == 0) check();
            kill_at_some_call(number_ * kRounds + round + 1);
            check();
        }
        tally_.count("trees");
        tally_.count("writes acknowledged", acknowledged_->total());
    }

  private:
    void child() {
        const auto executor = make_pool_executor(2);
        auto options = tree_options_;
        options.executor = executor.get();
        options.clock = &system_clock();
        const auto tree = AnyTree::open(std::move(options));
        write_for_kill(*tree, *acknowledged_, each_);
        tree->close();
    }

    void kill_at_some_write() {
        // At some number of acknowledgements, not at some time: that is as random, and no round is
        // empty.
        const uint64_t writes =
            1 + random_.below(tree_options_.sync == SyncMode::power ? 600 : 4000);
        tally_.explored(hash_bytes("write", number_ ^ (writes << 20)));
        const uint64_t target = acknowledged_->total() + writes;
        each_ = 1'000'000;
        ForkedProcess process([this] { child(); });
        if (!process.kill_when([&] { return acknowledged_->total() >= target; }))
            throw Error(ErrorKind::corruption, "the child failed: " + process.words());
        tally_.count("kills at a write");
    }

    /// The writes that it may come to are few, so that its end, closing included, is within reach.
    void kill_at_some_call(uint64_t call) {
        if (!traces_) return;
        tally_.explored(hash_bytes("call", number_ ^ (call << 20)));
        each_ = 0;
        for (const auto& count : acknowledged_->writes) each_ = std::max<uint64_t>(each_, count);
        each_ += 20;
        ForkedProcess process([this] { child(); });
        if (process.kill_at_call(call)) {
            tally_.count("kills at a system call");
        } else {
            tally_.count("came to their end before that call");
            if (!process.words().empty())
                throw Error(ErrorKind::corruption, "the child failed: " + process.words());
        }
    }

    void check() {
        const auto tree = AnyTree::open(tree_options_);
        check_after_kill(*tree, *acknowledged_, kRecent, sample_);
        tree->close();
    }

    const TemporaryFolder folder_;
    SharedMemory<Acknowledged> acknowledged_;
    Random random_;  // of the plan: what is drawn must not depend on how far threads came
    Random sample_;  // of what is looked at
    const uint64_t number_;
    const uint64_t rounds_;
    const bool traces_;
    Tally& tally_;
    AnyTree::Options tree_options_;
    uint64_t each_ = 0;  // writes after which a thread of the child stops
};

uint64_t case_number(const std::string& text) {
    const auto numbers = Operations::parse(text).numbers();
    if (numbers.size() != 1)
        throw Error(ErrorKind::usage, "a case of the kill machine is a number");
    return numbers.front();
}

}  // namespace

Report run_kill_machine(const Options& options) {
    Options alone = options;
    alone.threads = 1;  // a process with more can not fork itself
    const std::string problem = ForkedProcess::tracing_problem();
    const bool one = !options.only.empty();
    const uint64_t first = one ? case_number(options.only) : 0;
    const auto count = one ? 1 : (rounds_in_all(options) + kRounds - 1) / kRounds;
    const auto name = [&](uint64_t number) { return std::to_string(first + number); };
    Report report = run_cases(alone, count, name, [&](uint64_t number, Tally& tally) {
        KillCase(options, first + number, problem.empty(), tally).run();
    });
    if (!problem.empty()) report.notes.push_back("no kills at system calls here: " + problem);
    return report;
}

}  // namespace lsm::torture
