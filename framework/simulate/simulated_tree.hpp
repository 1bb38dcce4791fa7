// The simulator: a tree of key numbers. The same compaction strategies, bloom sizing and filters'
// theory drive it as drive the real tree (framework/tree/tree.hpp), by the same TreeShape, edits
// and checks; but no value is made, no file written and no log kept, so that it is some hundred
// times faster and a thousand times larger.
//
// Equal to the tree with an inline executor and codec none, operation for operation: when memtables
// are flushed, which versions and tombstones go, where tables are cut, what the strategy is shown
// and what it chooses; so levels, runs, tables, entries and logical bytes are equal.
// Modelled, and so only close:
//   - bytes of tables beyond the logical ones, which depend on the format: `stored_bytes`
//     (stored_size.hpp) reckons them from a sample of each table;
//   - filters: no bit of them is made. Whether one says maybe for a key that its table lacks is
//     drawn, once for each key and table, by the filter policy's theoretical rate;
//   - data blocks of a lookup: by place in the table and entries per block.
// Left out: the log, caches, codecs, snapshots, several threads, time.
//
// Memory: 16 bytes an entry, and a share more while a level is merged. A write costs some 20 ns and
// 3 ns for each time that it is merged. One thread. Errors: lsm::Error; after one the tree is
// spoilt and every call throws it anew.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "framework/metrics/engine_counters.hpp"
#include "framework/policy/bloom.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/tree_edit.hpp"
#include "framework/simulate/key_memtable.hpp"
#include "framework/simulate/key_merge.hpp"
#include "framework/simulate/key_table.hpp"
#include "framework/simulate/run_cutter.hpp"
#include "framework/simulate/stored_size.hpp"

namespace lsm::simulate {

/// How the numbers of keys become their bytes; numbers order as the keys do.
struct KeyNumbers {
    uint64_t key_bytes = 16;
    uint64_t largest = UINT64_MAX;
    std::function<void(uint64_t number, std::string& key)> encode;

    std::string name(uint64_t number) const {
        std::string key;
        encode(number, key);
        return key;
    }
    /// The smallest number whose key is not below; nothing when all keys are.
    std::optional<uint64_t> first_from(std::string_view key) const;
};

struct SimulatorOptions {
    AnyBloomSizing::Options bloom;
    AnyFilter::Options filter;
    AnyFormat::Options format;
    std::string filter_name;
    AnyCompaction::Options compaction;
    std::string compaction_name;
    uint64_t memtable_size = 1 << 20;
    uint64_t table_size = 2 << 20;
    uint64_t block_size = 4096;
    uint64_t seed = 42;
};

class SimulatedTree {
  public:
    explicit SimulatedTree(const SimulatorOptions& options);

    /// Before the first operation.
    void use_keys(KeyNumbers keys) { keys_ = std::move(keys); }
    void on_event(std::function<void(const EngineEvent&)> listener) {
        listener_ = std::move(listener);
    }

    void put(uint64_t number, uint64_t value_bytes) {
        const uint64_t bytes = keys_.key_bytes + value_bytes;
        counters_.puts += 1;
        write(KeyEntry::value(number, ++sequence_, bytes));
    }
    void remove(uint64_t number) {
        counters_.deletes += 1;
        write(KeyEntry::tombstone(number, ++sequence_, keys_.key_bytes));
    }
    /// The sequence number of the key's last write; 0 when the key is not there.
    Sequence get(uint64_t number);
    uint64_t scan(uint64_t from, uint64_t limit, bool backward,
                  const std::function<void(uint64_t number, Sequence sequence)>& take);

    void flush();
    /// Compacts until the strategy says nothing.
    void settle();
    EngineCounters counters() const;
    TreeShape shape() const;
    bool may_drop() const { return compaction_.may_drop; }

  private:
    struct Run {
        int level = 1;
        bool overtakes = false;
        std::vector<KeyTable*> tables;  // by key
    };
    struct Inputs;
    struct Written;
    class ScanWalk;

    void write(const KeyEntry& entry) {
        counters_.user_bytes += entry.bytes;
        memtable_.add(entry);
        if (memtable_.bytes() >= options_.memtable_size || sequence_ >= kMostWrites)
            memtable_is_full();
    }
    void memtable_is_full();
    void flush_memtable();
    template <class Work>
    void guarded(Work work);

    void compact();
    void note_reads();
    Choice ask_strategy() const;
    void carry_out(const Choice& choice);
    void merge(const Choice& choice);
    void move_or_drop(const Choice& choice);
    Inputs collect(const Choice& choice) const;
    std::vector<MergeRun> take_entries(const Inputs& inputs);
    CutPlan cut_plan(const Inputs& inputs, const Choice& choice);
    std::function<bool(uint64_t)> older_data(const Inputs& inputs);
    double bits_per_key(int level, uint64_t entries, const std::vector<TableId>& inputs,
                        const std::optional<RunId>& join);

    Written write_run(KeyMerge& merge, const CutPlan& plan, const TableShape& origin, double bits);
    TableShape add_table(EntryArray entries, const TableSums& sums, const TableShape& origin,
                         double bits);
    void install(const TreeEdit& edit, EngineEvent& event);
    void count_written(int level, const Written& written, bool flush);

    const std::vector<Run>& runs();
    KeyTable* find_table(const Run& run, uint64_t number) const;
    bool probe(KeyTable& table, uint64_t number, const KeyEntry*& found, uint64_t& blocks);
    const KeyEntry* find_in_tables(uint64_t number, uint64_t& blocks);

    const SimulatorOptions options_;
    const AnyBloomSizing sizing_;
    const AnyFilter filter_;
    const AnyFormat format_;
    const AnyCompaction compaction_;
    const bool counts_reads_;             // a policy wants to know where lookups go
    std::array<uint64_t, 256> probes_{};  // lookups that came to a table, by level
    KeyNumbers keys_;
    std::function<void(const EngineEvent&)> listener_;

    StoredSize stored_size_;
    KeyMemtable memtable_;
    uint64_t memtable_first_tick_ = 0;
    Sequence sequence_ = 0;
    TreeShape shape_;
    uint64_t next_file_ = 1;
    RunId next_run_ = 1;
    uint64_t choices_ = 0;  // since the last flush
    std::unordered_map<TableId, std::unique_ptr<KeyTable>> tables_;
    EntryPool pool_;
    EngineCounters counters_;
    uint64_t stored_bytes_ = 0;              // of tables, those being written included
    uint64_t expected_false_positives_ = 0;  // in units of 2^-32
    std::vector<Run> runs_;                  // in the order of a lookup, as of edit runs_edit_
    bool overtaken_ = false;
    bool runs_known_ = false;
    std::exception_ptr failure_;
};

}  // namespace lsm::simulate
