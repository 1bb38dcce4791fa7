// A run's folder as the experiment layer writes it, made up but shaped like the real thing: three
// compaction strategies by size ratio, sampled, with levels and events. Deterministic.
#pragma once

#include <string>
#include <vector>

#include "framework/base/csv.hpp"
#include "framework/base/number.hpp"
#include "framework/os/file_system.hpp"

namespace lsm::report::test {

struct SyntheticOptions {
    std::vector<std::string> policies = {"leveling", "tiering", "lazy_leveling"};
    std::vector<int> size_ratios = {2, 4, 8};
    int samples = 40;
    int repeats = 1;
    std::string experiment = "compaction-strategies";
    std::string about = "How do the classic layouts trade write, read and space amplification?";
};

inline constexpr uint64_t kOperationsPerSample = 10000;
inline constexpr uint64_t kBytesPerOperation = 116;

/// Tables as LSM-trees have them: each level `ratio` times the one above, in one run or up to ratio
/// - 1.
struct SyntheticShape {
    const std::string& policy;
    uint64_t ratio;
    uint64_t flushed;  ///< memtables written so far

    std::vector<std::vector<uint64_t>> levels() const {
        std::vector<std::vector<uint64_t>> sizes;
        uint64_t unit = 1 << 20;
        for (uint64_t left = flushed; left > 0; left /= ratio, unit *= ratio) {
            const uint64_t digit = left % ratio;
            const bool one_run =
                policy == "leveling" || (policy == "lazy_leveling" && left < ratio);
            sizes.emplace_back();
            if (digit > 0) {
                sizes.back() = one_run ? std::vector<uint64_t>{digit * unit}
                                       : std::vector<uint64_t>(digit, unit);
            }
        }
        return sizes;
    }

    double write_amplification() const {
        double amplification = 1;
        const auto sizes = levels();
        for (size_t level = 1; level < sizes.size(); ++level) {
            const bool last = level + 1 == sizes.size();
            const bool leveled = policy == "leveling" || (policy == "lazy_leveling" && last);
            amplification += leveled ? 0.5 * static_cast<double>(ratio) : 0.95;
        }
        return amplification;
    }

    uint64_t runs() const {
        uint64_t count = 0;
        for (const auto& level : levels()) {
            count += level.size();
        }
        return count;
    }
};

class SyntheticWriter {
  public:
    explicit SyntheticWriter(const SyntheticOptions& options) : options_(options) {
        trials_ =
            "trial,repeat,seed,engine,mode,tree.memtable.size,tree.compaction.policy,"
            "tree.compaction.size_ratio,write_amplification,space_amplification,"
            "read_amplification_empty,runs,levels,user_bytes,operations\n";
        series_ = "trial,operations,user_bytes,metric,value\n";
        levels_ =
            "trial,operations,level,run,tables,entries,tombstones,logical_bytes,stored_bytes,"
            "filter_bits\n";
        for (const std::string& policy : options.policies) {
            for (const int ratio : options.size_ratios) {
                for (int repeat = 1; repeat <= options.repeats; ++repeat) {
                    write_trial(policy, ratio, repeat);
                }
            }
        }
    }

    void save(FileSystem& files, const std::string& folder) const {
        files.create_folder(folder);
        write_text_file(files, folder + "/trials.csv", trials_);
        write_text_file(files, folder + "/series.csv", series_);
        write_text_file(files, folder + "/levels.csv", levels_);
        write_text_file(files, folder + "/events.jsonl", events_);
        write_text_file(files, folder + "/experiment.yaml",
                        "experiment: " + options_.experiment + "\nabout: " + options_.about +
                            "\nseed: 42\nmode: deterministic\n");
        write_text_file(
            files, folder + "/manifest.json",
            "{\n  \"commit\": \"0123abcd\",\n  \"dirty\": false,\n  \"compiler\": \"GCC 12.2\",\n"
            "  \"seed\": 42,\n  \"wall_seconds\": 12.5\n}\n");
    }

  private:
    void write_trial(const std::string& policy, int ratio, int repeat) {
        ++trial_;
        // Repeats differ a little, as another seed makes them.
        const double shift = 1 + 0.03 * (repeat - 1);
        SyntheticShape shape{policy, static_cast<uint64_t>(ratio), 0};
        uint64_t operations = 0;
        for (int sample = 1; sample <= options_.samples; ++sample) {
            const uint64_t before = shape.flushed;
            operations = static_cast<uint64_t>(sample) * kOperationsPerSample;
            shape.flushed = operations * kBytesPerOperation >> 20;
            write_sample(shape, operations, shift);
            for (uint64_t i = before; i < shape.flushed; ++i) {
                event("flush", operations);
                if (i % shape.ratio == 0) {
                    event("compaction", operations);
                }
            }
        }
        append_csv_row(
            trials_,
            {std::to_string(trial_), std::to_string(repeat), std::to_string(41 + repeat), "lsmlab",
             "deterministic", "1048576", policy, std::to_string(ratio),
             format_number(shape.write_amplification() * shift),
             format_number(space(shape) * shift), format_number(empty_reads(shape) * shift),
             std::to_string(shape.runs()), std::to_string(shape.levels().size()),
             std::to_string(operations * kBytesPerOperation), std::to_string(operations)});
    }

    void write_sample(const SyntheticShape& shape, uint64_t operations, double shift) {
        sample(operations, "write_amplification", shape.write_amplification() * shift);
        sample(operations, "space_amplification", space(shape) * shift);
        sample(operations, "runs", static_cast<double>(shape.runs()));
        const auto sizes = shape.levels();
        for (size_t level = 0; level < sizes.size(); ++level) {
            for (size_t run = 0; run < sizes[level].size(); ++run) {
                const uint64_t bytes = sizes[level][run];
                append_csv_row(levels_,
                               {std::to_string(trial_), std::to_string(operations),
                                std::to_string(level + 1), std::to_string(run + 1),
                                std::to_string(1 + (bytes >> 21)), std::to_string(bytes / 116),
                                std::to_string(bytes / 11600), std::to_string(bytes),
                                std::to_string(bytes + bytes / 50), std::to_string(bytes / 12)});
            }
        }
    }

    static double space(const SyntheticShape& shape) {
        return 1.05 + 0.12 * static_cast<double>(shape.runs());
    }
    static double empty_reads(const SyntheticShape& shape) {
        return 0.0082 * static_cast<double>(shape.runs());
    }

    void sample(uint64_t operations, const std::string& metric, double value) {
        append_csv_row(series_, {std::to_string(trial_), std::to_string(operations),
                                 std::to_string(operations * kBytesPerOperation), metric,
                                 format_number(value)});
    }

    void event(const std::string& kind, uint64_t operations) {
        events_ += "{\"trial\":" + std::to_string(trial_) + ",\"event\":\"" + kind +
                   "\",\"operations\":" + std::to_string(operations) + "}\n";
    }

    const SyntheticOptions& options_;
    uint64_t trial_ = 0;
    std::string trials_;
    std::string series_;
    std::string levels_;
    std::string events_;
};

/// Writes experiment.yaml, manifest.json, trials.csv, series.csv, levels.csv and events.jsonl.
inline void write_synthetic_run(FileSystem& files, const std::string& folder,
                                const SyntheticOptions& options = {}) {
    SyntheticWriter(options).save(files, folder);
}

}  // namespace lsm::report::test
