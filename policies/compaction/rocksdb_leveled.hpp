// RocksDB's leveled compaction. Its L0 is level 1 here, its L6 is level 7, the last. Four runs on
// level 1, or as many bytes as the base level may hold, are merged with what they overlap on the
// base level; from a level with more bytes than its target goes the table that overlaps least below
// it, per byte of its own. With dynamic level bytes the deepest level's actual size sets the
// targets, target_(i-1) = target_i / T, and levels that would be smaller than the base are skipped:
// so data goes to the last level at first, and at most about 1/T of it lies above, whatever the
// tree's size. Source: RocksDB 6.22, db/version_set.cc (CalculateBaseBytes, ComputeCompactionScore)
// and db/compaction/compaction_picker_level.cc; S. Dong et al., "Optimizing Space Amplification in
// RocksDB", CIDR 2017, section 2.
//
// Departs from it: the base is 4 memtables (256 MiB against a write buffer of 64 MiB); no
// compaction within level 1, no ttl, no periodic compaction and no marked files; inputs are not
// widened beyond what overlaps; a level is left alone while a compaction touches it or the next;
// bytes are logical.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "framework/base/size.hpp"
#include "framework/policy/compaction/granularities.hpp"
#include "framework/policy/compaction/key_ranges.hpp"
#include "framework/policy/compaction/layout_options.hpp"
#include "framework/policy/compaction/leveled_stores.hpp"
#include "framework/policy/compaction/triggers.hpp"

namespace lsm::compaction {

class RocksdbLeveled {
  public:
    struct Options {
        uint64_t size_ratio = 10;
        uint64_t level1_runs = 4;
        uint64_t base_size = 0;
        uint64_t levels = 7;
        bool dynamic_level_bytes = true;

        static OptionTable<Options> table() {
            return {size_ratio_option<Options>(),
                    option("level1_runs", &Options::level1_runs, {1, 1000}, "runs",
                           "flushes on level 1 that make it due "
                           "(level0_file_num_compaction_trigger)"),
                    size_option("base_size", &Options::base_size, {0, 0x1p50},
                                "logical bytes of the base level (max_bytes_for_level_base); 0: 4 "
                                "memtables"),
                    option("levels", &Options::levels, {3, 30}, "levels",
                           "in all; the last one has no limit (num_levels)"),
                    option("dynamic_level_bytes", &Options::dynamic_level_bytes,
                           "targets follow the last level's size, not the other way round")};
        }
    };
    static constexpr std::string_view about =
        "RocksDB's: L0 triggers, scores, least overlapping ratio, dynamic level bytes";
    static constexpr Mapping mapping{"run_count (level 1), level_size; the highest score first",
                                     "one_leveling, sizes from the last level up",
                                     "table (level 1: what overlaps)", "least_overlap_parent"};

    explicit RocksdbLeveled(const Options& options)
        : options_(options), last_(static_cast<int>(options.levels)) {}

    Choice choose(const TreeShape& shape) const {
        const Targets targets = targets_of(shape);
        for (const Due& due : due_levels(shape, targets)) {
            const int target = due.level == 1 ? targets.base : due.level + 1;
            if (busy_between(shape, due.level, target)) continue;
            Choice choice = take(shape, due.level, target);
            choice.score = due.score;
            choice.reason = due.reason + ": " + choice.reason;
            return choice;
        }
        return Choice::nothing();
    }

    uint64_t runs_allowed(const TreeShape&, int level) const {
        return level == 1 ? std::max<uint64_t>(options_.level1_runs - 1, 1) : 1;
    }

    uint64_t capacity(const TreeShape& shape, int level) const {
        if (level == 1)
            return std::max(base_bytes(shape), 2 * options_.level1_runs * shape.memtable_bytes);
        if (level >= last_) return 0;
        return targets_of(shape).bytes[static_cast<size_t>(level)];
    }

  private:
    static constexpr uint64_t kOverlap = 25;  // tables that an output may overlap further down

    struct Targets {
        int base = 2;                 // the level that level 1 goes to
        std::vector<uint64_t> bytes;  // by level; 0: none
    };

    uint64_t base_bytes(const TreeShape& shape) const {
        return options_.base_size > 0 ? options_.base_size : 4 * shape.memtable_bytes;
    }

    Targets targets_of(const TreeShape& shape) const {
        const auto ratio = static_cast<double>(options_.size_ratio);
        const auto most = static_cast<double>(base_bytes(shape));
        Targets targets;
        targets.bytes.resize(static_cast<size_t>(last_) + 1);
        double size = most;
        if (options_.dynamic_level_bytes) size = find_base(shape, most, targets.base);
        for (int level = targets.base; level < last_; ++level) {
            targets.bytes[static_cast<size_t>(level)] =
                static_cast<uint64_t>(std::min(std::max(size, most), 0x1p62));
            size *= ratio;
        }
        return targets;
    }

    /// The base level and its size, from the largest level's: levels shrink by the size ratio from
    /// the last one up, as long as they stay larger than the base may be.
    double find_base(const TreeShape& shape, double most, int& base) const {
        const auto ratio = static_cast<double>(options_.size_ratio);
        uint64_t largest = 0;
        int first = last_;
        for (int level = last_; level >= 2; --level) {
            const uint64_t bytes = shape.level(level).logical_bytes();
            if (bytes > 0) first = level;
            largest = std::max(largest, bytes);
        }
        base = first;
        auto size = static_cast<double>(largest);
        for (int level = last_ - 1; level >= first; --level) size /= ratio;
        if (size <= most / ratio) return most / ratio + 1;
        while (base > 2 && size > most) {
            --base;
            size /= ratio;
        }
        return std::min(size, most);
    }

    std::vector<Due> due_levels(const TreeShape& shape, const Targets& targets) const {
        std::vector<Due> found;
        const size_t runs = shape.level(1).runs.size();
        const uint64_t waiting = shape.level(1).logical_bytes();
        const double by_runs =
            static_cast<double>(runs) / static_cast<double>(options_.level1_runs);
        const double by_bytes = static_cast<double>(waiting) /
                                static_cast<double>(std::max<uint64_t>(base_bytes(shape), 1));
        const double score = options_.dynamic_level_bytes ? std::max(by_runs, by_bytes) : by_runs;
        if (score >= 1) {
            const std::string why =
                by_runs >= score
                    ? count_of(runs, "run") + ", due at " + std::to_string(options_.level1_runs)
                    : format_size(waiting) + ", due at " + format_size(base_bytes(shape));
            found.push_back({1, score, "level 1 holds " + why});
        }
        for (int level = 2; level < last_; ++level) {
            add_due_by_size(found, shape, level, targets.bytes[static_cast<size_t>(level)],
                            ", its target is ");
        }
        sort_by_urgency(found);
        return found;
    }

    static Choice take(const TreeShape& shape, int level, int target) {
        const LevelShape& from = shape.level(level);
        const RunShape& oldest = from.runs.back();
        const size_t picked =
            level == 1 ? 0 : pick_table(LeastOverlapParent(), shape, level, oldest);
        const TableShape& first = oldest.tables[picked];
        const TableList upper = tables_connected(from, {first.smallest, first.largest});
        const TableList lower = tables_in(shape.level(target), range_of(upper));
        return go_down(shape, first, upper, lower, target, kOverlap * shape.table_bytes);
    }

    Options options_;
    int last_;
};

}  // namespace lsm::compaction
