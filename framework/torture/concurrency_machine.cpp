#include "framework/torture/concurrency_machine.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/text.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/os/scheduler.hpp"
#include "framework/os/threads.hpp"
#include "framework/torture/faulty_schedule.hpp"
#include "framework/torture/history_client.hpp"
#include "framework/torture/model_case.hpp"
#include "framework/torture/run_cases.hpp"
#include "framework/torture/shrink.hpp"

namespace lsm::torture {
namespace {

constexpr double kThreadCases = 100;
constexpr double kSchedules = 100'000;
constexpr double kFaultySchedules = 50'000;
constexpr uint64_t kShrinkOperations = 3000;  // some ten seconds

/// A tree, and what its clients do. Everything drawn from the case's number.
class ConcurrencyCase {
  public:
    static constexpr uint64_t kMostScheduled = 28;

    ConcurrencyCase(uint64_t seed, uint64_t number, bool scheduled,
                    std::optional<Operations> kept = {})
        : kept_(std::move(kept)),
          random_(Random::stream(seed,
                                 (scheduled ? "schedule " : "threads ") + std::to_string(number))) {
        EngineSettings settings = random_case(seed, number).settings;
        if (scheduled) {
            settings.memtable_size = 30 + random_.below(200);
            settings.table_size = 60 + random_.below(200);
            clients_ = 2 + random_.below(3);
            operations_ = 2 + random_.below(6);  // together kMostScheduled at most
            keys_ = static_cast<uint32_t>(2 + random_.below(4));
        } else {
            settings.memtable_size = 300 + random_.below(3000);
            settings.table_size = 200 + random_.below(2000);
            clients_ = 4;
            operations_ = 2500;
            keys_ = static_cast<uint32_t>(5 + random_.below(40));
        }
        background_ = random_.below(8) == 0 ? 0 : static_cast<int>(1 + random_.below(3));
        options_ = tree_options(all_policies(), settings);
        options_.folder = "tree";
        options_.log_reserve = 4096;
        options_.manifest_growth = random_.below(1000);
        options_.max_waiting_memtables = 1 + random_.below(2);
        options_.slow_down_runs = 1 + random_.below(4);
        options_.stop_runs = options_.slow_down_runs + random_.below(3);
        options_.max_compactions = 1 + random_.below(3);
    }

    /// Throws when anything is not as it should be.
    void run() {
        const auto files = make_memory_file_system();
        options_.files = files.get();
        History history(keys_);
        {
            const auto executor =
                background_ == 0 ? make_inline_executor() : make_pool_executor(background_);
            options_.executor = executor.get();
            const auto tree = AnyTree::open(options_);
            run_clients(*tree, history);
            history.check();
            compare(*tree, history);
            tree->close();
        }
        options_.executor = nullptr;
        const auto tree = AnyTree::open(options_);
        compare(*tree, history);
        tree->close();
        hash_ = history.hash();
        writes_ = history.last_sequence();
    }

    uint64_t operations() const { return clients_ * operations_; }
    uint64_t hash() const { return hash_; }
    uint64_t writes() const { return writes_; }
    Random& random() { return random_; }

  private:
    void run_clients(AnyTree& tree, History& history) {
        HistoryPlace place{tree, keys_, [this](const std::string& folder) {
                               auto options = options_;
                               options.folder = folder;
                               options.executor = nullptr;
                               return AnyTree::open(std::move(options));
                           }};
        std::vector<HistoryClient> clients;
        for (uint64_t thread = 0; thread < clients_; ++thread)
            clients.emplace_back(place, thread, random_.next());
        run_together(clients_, [&](uint64_t thread) {
            for (uint64_t i = 0; i < operations_; ++i) {
                if (!kept_ || kept_->contains(thread * operations_ + i)) clients[thread].step(i);
            }
        });
        for (HistoryClient& client : clients) history.add(client.take_events());
    }

    void compare(AnyTree& tree, const History& history) const {
        if (tree.snapshot().sequence() != history.last_sequence())
            throw HistoryError("the tree ends at another write than its last one");
        const auto state = history.state_at(history.last_sequence());
        for (const HistoryRead& read : read_all(*tree.cursor(), keys_)) {
            if (read.stamp != state[read.key])
                throw HistoryError("in the end key " + std::to_string(read.key) + " is " +
                                   std::to_string(read.stamp) + " and not " +
                                   std::to_string(state[read.key]));
        }
    }

    const std::optional<Operations> kept_;  // of those of all clients, one after the other
    Random random_;
    AnyTree::Options options_;
    uint64_t clients_ = 0;
    uint64_t operations_ = 0;  // of each
    uint32_t keys_ = 0;
    int background_ = 0;  // threads; 0: everything inline
    uint64_t hash_ = 0;
    uint64_t writes_ = 0;
};

/// One of a kind; with numbers of operations, those alone.
struct NumberedCase {
    uint64_t number = 0;
    std::optional<Operations> kept = {};
};

void run_threads(uint64_t seed, const NumberedCase& of, Tally& tally) {
    const uint64_t number = of.number;
    ConcurrencyCase one(seed, number, false, of.kept);
    tally.explored(hash_bytes("threads", number));
    one.run();
    tally.count("on threads: cases");
    tally.count("on threads: operations", one.operations());
}

SchedulePlan draw_plan(Random& random) {
    SchedulePlan plan;
    plan.seed = random.next();
    plan.points_per_switch = random.below(2) == 0 ? 0 : uint64_t{1} << random.below(7);
    plan.changes = random.below(5);
    plan.first_points = uint64_t{100} << random.below(6);
    return plan;
}

/// Runs the case as a plan of its own has it.
template <class Case>
ScheduleReport run_planned(Case& one) {
    std::optional<std::string> problem;
    const SchedulePlan plan = draw_plan(one.random());
    ScheduleReport report = run_scheduled(plan, [&] {
        try {
            one.run();
        } catch (const std::exception& error) {
            problem = error.what();
        }
    });
    if (report.problem.empty() && problem) report.problem = *problem;
    return report;
}

void run_schedule(uint64_t seed, const NumberedCase& of, Tally& tally) {
    const uint64_t number = of.number;
    ConcurrencyCase one(seed, number, true, of.kept);
    const ScheduleReport report = run_planned(one);
    tally.count("schedules");
    tally.count("schedules: operations", one.operations());
    tally.count("schedules: points", report.points);
    tally.count("schedules: switches", report.switches);
    tally.explored(report.digest ^ mix64(one.hash() + number));
    if (!report.problem.empty()) throw HistoryError(report.problem);
}

void run_faulty(uint64_t seed, const NumberedCase& of, Tally& tally) {
    const uint64_t number = of.number;
    FaultySchedule one(seed, number, of.kept);
    const ScheduleReport report = run_planned(one);
    tally.count("faulty schedules");
    tally.count("faulty schedules: writes", one.writes());
    tally.count("faulty schedules: failed calls", one.failed_calls());
    tally.count("faulty schedules: clients refused", one.refused());
    tally.explored(report.digest ^ mix64(one.hash() ^ ~number));
    if (!report.problem.empty()) throw HistoryError(report.problem);
}

struct KindOfCase {
    const char* name;
    double count;  // at scale 1
    void (*run)(uint64_t seed, const NumberedCase& of, Tally& tally);
    uint64_t most_operations;  // of a case; of real threads, which do not repeat themselves, 0
};
constexpr KindOfCase kKinds[] = {
    {"threads", kThreadCases, run_threads, 0},
    {"schedule", kSchedules, run_schedule, ConcurrencyCase::kMostScheduled},
    {"faulty", kFaultySchedules, run_faulty, FaultySchedule::kMostOperations}};

struct KindAndCase {
    const KindOfCase* kind;
    NumberedCase one;

    std::string text() const {
        const std::string text = kind->name + (" " + std::to_string(one.number));
        return one.kept ? text + ":" + one.kept->text() : text;
    }
};

/// As --case has it.
KindAndCase numbered_case(const std::string& text) {
    const size_t colon = text.find(':');
    const auto words = split(text.substr(0, colon), ' ');
    for (const KindOfCase& kind : kKinds) {
        if (words.size() != 2 || words[0] != kind.name) continue;
        const auto numbers = Operations::parse(words[1]).numbers();
        if (numbers.size() != 1) break;
        KindAndCase parsed{&kind, {numbers.front()}};
        if (colon != std::string::npos) parsed.one.kept = Operations::parse(text.substr(colon + 1));
        return parsed;
    }
    throw Error(ErrorKind::usage, "'" + text + "' is no case of the concurrency machine", {},
                "threads NUMBER, schedule NUMBER or faulty NUMBER; behind a colon the operations "
                "to keep, as schedule 7:0-5,9");
}

/// All of every kind, mixed in proportion: a run that is cut short has seen some of each.
std::vector<KindAndCase> all_cases(double scale) {
    std::vector<KindAndCase> cases;
    for (const KindOfCase& kind : kKinds) {
        const auto count = static_cast<uint64_t>(std::ceil(kind.count * scale));
        for (uint64_t number = 0; number < count; ++number) cases.push_back({&kind, {number}});
    }
    const auto share = [](const KindAndCase& one) {
        return static_cast<double>(one.one.number) / one.kind->count;
    };
    std::stable_sort(cases.begin(), cases.end(),
                     [&](const auto& one, const auto& other) { return share(one) < share(other); });
    return cases;
}

/// The same with fewer operations, under the same plan of the scheduler.
std::optional<Failure> shorter_case(const Failure& failure, uint64_t seed) {
    KindAndCase shorter = numbered_case(failure.only);
    std::optional<Failure> found;
    const auto failing = [&](const std::vector<uint64_t>& kept) -> std::optional<uint64_t> {
        if (kept.empty()) return {};
        shorter.one.kept = Operations::of(kept);
        try {
            Tally tally;
            shorter.kind->run(seed, shorter.one, tally);
            return {};
        } catch (const std::exception& error) {
            found = Failure{shorter.text(), error.what()};
            return kept.back();
        }
    };
    const auto all = shorter.one.kept.value_or(Operations::first(shorter.kind->most_operations));
    shrink(all.numbers(), kShrinkOperations, failing);
    return found;
}

}  // namespace

Report run_concurrency_machine(const Options& options) {
    all_policies();  // not while a scheduler holds a thread within
    const std::vector<KindAndCase> cases =
        options.only.empty() ? all_cases(options.scale) : std::vector{numbered_case(options.only)};
    Report report = run_cases(
        options, cases.size(), [&](uint64_t i) { return cases[i].text(); },
        [&](uint64_t i, Tally& tally) { cases[i].kind->run(options.seed, cases[i].one, tally); });
    shrink_failures(options, report,
                    [&](const Failure& failure) { return shorter_case(failure, options.seed); });
    return report;
}

}  // namespace lsm::torture
