// One state of the tree's tables, immutable: sorted runs in the order of a lookup, newest data
// first. Readers pin a version; a table file is deleted when the last version that names it is gone
// and the manifest no longer does.
//
// Any thread may read. Finding the table of a run that may hold a key: binary search over fence
// prefixes, O(log tables).
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/os/warning_list.hpp"
#include "framework/policy/tree_shape.hpp"
#include "framework/table/table.hpp"

namespace lsm {

/// An open table with its key range; removes its file at the end of its life once it is marked
/// obsolete.
template <Format F, Filter X>
class LiveTable {
  public:
    /// `warnings` outlives it.
    LiveTable(FileSystem& files, WarningList& warnings, std::string path,
              std::unique_ptr<Table<F, X>> table, const TableShape& shape,
              double false_positive_rate)
        : files_(files),
          warnings_(warnings),
          path_(std::move(path)),
          table_(std::move(table)),
          id(shape.id),
          smallest(shape.smallest),
          largest(shape.largest),
          smallest_prefix(key_prefix(smallest)),
          largest_prefix(key_prefix(largest)),
          ranges(table_->ranges()),
          largest_open(shape.largest_open ? 1 : 0),
          expected_false_positives(static_cast<uint64_t>(false_positive_rate * 0x1.0p32)) {}
    LiveTable(const LiveTable&) = delete;
    LiveTable& operator=(const LiveTable&) = delete;
    ~LiveTable() {
        if (!obsolete_.load(std::memory_order_acquire)) return;
        table_.reset();
        try {
            files_.remove(path_);
        } catch (const std::exception& error) {
            // The next open removes it.
            warnings_.add("a table that is not needed stays", error);
        }
    }

    const Table<F, X>& table() const { return *table_; }
    /// Only once the manifest no longer names it.
    void mark_obsolete() { obsolete_.store(true, std::memory_order_release); }
    void count_read() const { reads_.fetch_add(1, std::memory_order_relaxed); }
    uint64_t reads() const { return reads_.load(std::memory_order_relaxed); }

  private:
    FileSystem& files_;
    WarningList& warnings_;
    std::string path_;
    std::unique_ptr<Table<F, X>> table_;
    std::atomic<bool> obsolete_{false};
    mutable std::atomic<uint64_t> reads_{0};  // lookups, when a policy wants to know

  public:
    const TableId id;
    const std::string smallest;
    const std::string largest;
    const uint64_t smallest_prefix;
    const uint64_t largest_prefix;
    const RangeTombstones* const ranges;  // null: none
    const int largest_open;               // 1: `largest` itself lies outside
    const uint64_t
        expected_false_positives;  // of one lookup of a key that it lacks, in units of 2^-32
};

template <Format F, Filter X>
struct Version {
    using File = LiveTable<F, X>;
    using Files = std::map<TableId, std::shared_ptr<File>>;

    struct Run {
        int level = 1;
        bool overtakes = false;
        std::vector<std::shared_ptr<File>> tables;  // by key

        /// The one table whose range holds the key; null when there is none.
        const File* find(uint64_t prefix, std::string_view key) const {
            const auto place =
                std::partition_point(tables.begin(), tables.end(), [&](const auto& table) {
                    return compare_keys(table->largest_prefix, table->largest, prefix, key) <
                           table->largest_open;
                });
            if (place == tables.end()) return nullptr;
            if (compare_keys((*place)->smallest_prefix, (*place)->smallest, prefix, key) > 0)
                return nullptr;
            return place->get();
        }

        /// Whether a table of the run, other than those that `except(id)` names, has keys from
        /// `first` to below `last` in its range.
        template <class Except>
        bool touches(std::string_view first, std::string_view last, const Except& except) const {
            return std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
                const int end = std::string_view(table->largest).compare(first);
                const bool behind = table->largest_open != 0 ? end > 0 : end >= 0;
                return behind && table->smallest < last && !except(table->id);
            });
        }
    };

    std::vector<Run> runs;   // newest first
    bool overtaken = false;  // some run may hold newer versions than one in front of it

    Version(const TreeShape& shape, const Files& files) {
        for (size_t i = 0; i < shape.levels.size(); ++i) {
            for (const RunShape& from : shape.levels[i].runs) {
                Run run{static_cast<int>(i) + 1, from.overtakes, {}};
                run.tables.reserve(from.tables.size());
                for (const TableShape& table : from.tables)
                    run.tables.push_back(files.at(table.id));
                overtaken = overtaken || run.overtakes;
                runs.push_back(std::move(run));
            }
        }
    }
};

}  // namespace lsm
