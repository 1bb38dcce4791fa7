// A reading context that no policy of the tree takes part in, so that what tests expect does not
// change when somebody adds a policy: a few made-up policies on each axis, two workloads, a few
// metrics.
#pragma once

#include <memory>
#include <string>

#include "framework/base/error.hpp"
#include "framework/experiment/experiment_reader.hpp"
#include "framework/experiment/read_context.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm::experiment {

struct RatioOptions {
    uint64_t size_ratio = 10;
    std::string spill = "bypass";
    static OptionTable<RatioOptions> table() {
        return {option("size_ratio", &RatioOptions::size_ratio, {2, 100}, "", "growth of levels"),
                choice_option("spill", &RatioOptions::spill, {"bypass", "write"}, "a full level")};
    }
};

struct TieringOptions {
    uint64_t size_ratio = 4;
    static OptionTable<TieringOptions> table() {
        return {option("size_ratio", &TieringOptions::size_ratio, {2, 100}, "", "runs of a level")};
    }
};

struct LimitOptions {
    uint64_t limit = 64 << 20;
    static OptionTable<LimitOptions> table() {
        return {size_option("limit", &LimitOptions::limit, {1024, 1e15}, "bytes that are kept")};
    }
};

struct BitsOptions {
    double bits_per_key = 10;
    static OptionTable<BitsOptions> table() {
        return {
            option("bits_per_key", &BitsOptions::bits_per_key, {0, 100}, "bits", "of each filter")};
    }
    std::optional<std::string> problem() const {
        return bits_per_key == 13 ? std::optional<std::string>("13 bits bring bad luck")
                                  : std::nullopt;
    }
};

struct NoOptions {
    static OptionTable<NoOptions> table() { return {}; }
};

template <class Options>
PolicyInfo made_up_policy(const std::string& name) {
    PolicyInfo policy;
    policy.name = name;
    policy.about = "made up";
    policy.options = describe_options<Options>();
    policy.check = [](const OptionValues& values) {
        std::vector<OptionProblem> problems;
        read_options<Options>(values, problems);
        return problems;
    };
    policy.resolve = [](const OptionValues& values) {
        std::vector<OptionProblem> problems;
        return print_options(read_options<Options>(values, problems));
    };
    return policy;
}

inline std::vector<AxisInfo> small_axes() {
    std::vector<AxisInfo> axes(5);
    axes[0].name = "memtable";
    axes[0].policies = {made_up_policy<NoOptions>("skiplist"), made_up_policy<NoOptions>("sorted")};
    axes[0].broken = {
        {"student", "policies/memtable/student.hpp",
         "student.hpp:7:5: error: 'inset' was not declared\n    7 |     inset(entry);"}};
    axes[1].name = "bloom";
    axes[1].policies = {made_up_policy<NoOptions>("none"), made_up_policy<BitsOptions>("uniform")};
    axes[2].name = "filter";
    axes[2].policies = {made_up_policy<NoOptions>("bits")};
    axes[3].name = "format";
    axes[3].policies = {made_up_policy<NoOptions>("rows")};
    axes[4].name = "compaction";
    axes[4].policies = {made_up_policy<LimitOptions>("fifo"),
                        made_up_policy<RatioOptions>("leveling"),
                        made_up_policy<TieringOptions>("tiering")};
    const char* defaults[] = {"skiplist", "uniform", "bits", "rows", "leveling"};
    for (size_t i = 0; i < axes.size(); ++i) {
        axes[i].default_policy = defaults[i];
    }
    return axes;
}

/// The context and the file system that it looks into.
class SmallContext {
  public:
    SmallContext() {
        files_->create_folder("/w/workloads/mixes");
        write_text_file(*files_, "/w/workloads/mixes/half.yaml",
                        "about: Half reads, half updates.\nread: 0.5\nupdate: 0.5\n");
        write_text_file(*files_, "/w/workloads/mixes/reads.yaml", "about: Reads.\nread: 1\n");
        write_text_file(*files_, "/w/workloads/mixes/wrong.yaml",
                        "about: Has mistakes.\nread: lots\nraed: 1\n");
        context_.files = files_.get();
        context_.axes = small_axes();
        context_.engines = {"lsmlab"};
        context_.devices = {"hdd", "nvme"};
        context_.metrics.always = {"write_amplification", "space_amplification", "levels",
                                   "read_amplification"};
        context_.metrics.realtime = {"throughput"};
        context_.workload_folders = {"/w/workloads"};
    }

    const ReadContext& context() const { return context_; }
    FileSystem& files() { return *files_; }

    Experiment read(const std::string& text, const ReadOptions& options = {}) const {
        return read_experiment("test.yaml", text, context_, options);
    }

    /// The message of the error that reading gives; empty when there is none.
    std::string error(const std::string& text, const ReadOptions& options = {}) const {
        try {
            read(text, options);
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    }

  private:
    std::unique_ptr<FileSystem> files_ = make_memory_file_system();
    ReadContext context_;
};

/// An experiment with the given lines after the necessary ones.
inline std::string small_experiment(const std::string& more) {
    return "experiment: small\nworkload:\n  - load: {records: 1000}\n"
           "  - run: {use: mixes/half, operations: 2000}\n" +
           more;
}

}  // namespace lsm::experiment
