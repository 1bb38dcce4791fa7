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

#include "framework/simulate/key_memtable.hpp"
#include "framework/simulate/key_merge.hpp"
#include "framework/simulate/key_table.hpp"
#include "framework/simulate/run_cutter.hpp"
#include "framework/simulate/shaped_tree.hpp"

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

class SimulatedTree final : public ShapedTree {
  public:
    explicit SimulatedTree(const SimulatorOptions& options) : ShapedTree(options) {}

    /// Before the first operation.
    void use_keys(KeyNumbers keys) { keys_ = std::move(keys); }

    void put(uint64_t number, uint64_t value_bytes) {
        const uint64_t bytes = keys_.key_bytes + value_bytes;
        counters_.puts += 1;
        write(KeyEntry::value(number, ++sequence_, bytes), bytes);
    }
    void remove(uint64_t number) {
        counters_.deletes += 1;
        write(KeyEntry::tombstone(number, ++sequence_, keys_.key_bytes), keys_.key_bytes);
    }
    /// The sequence number of the key's last write; 0 when the key is not there.
    Sequence get(uint64_t number);
    uint64_t scan(uint64_t from, uint64_t limit, bool backward,
                  const std::function<void(uint64_t number, Sequence sequence)>& take);
    void flush();
    EngineCounters counters() const;

  private:
    struct Run {
        int level = 1;
        bool overtakes = false;
        std::vector<KeyTable*> tables;  // by key
    };
    class ScanWalk;

    void write(const KeyEntry& entry, uint64_t bytes) {
        counters_.user_bytes += bytes;
        memtable_bytes_ += bytes;
        memtable_.add(entry);
        if (memtable_bytes_ >= options_.memtable_size || sequence_ >= kMostWrites)
            memtable_is_full();
    }
    void memtable_is_full();
    void flush_memtable();

    Written merge_inputs(const Inputs& inputs, const Choice& choice, const Origin& origin) override;
    void let_go(const Inputs& inputs) override;
    void shape_changed() override { runs_known_ = false; }
    void note_reads() override;
    CutPlan cut_plan(const Inputs& inputs, const Choice& choice);
    std::function<bool(uint64_t)> older_data(const Inputs& inputs);
    Written write_run(KeyMerge& merge, const CutPlan& plan, const Origin& origin);
    void add_table(EntryArray entries, const TableSums& sums, const Origin& origin,
                   Written& written);

    const std::vector<Run>& runs();
    KeyTable* find_table(const Run& run, uint64_t number) const;
    bool probe(KeyTable& table, uint64_t number, const KeyEntry*& found, uint64_t& blocks);
    const KeyEntry* find_in_tables(uint64_t number, uint64_t& blocks);

    KeyNumbers keys_;
    KeyMemtable memtable_;
    uint64_t memtable_first_tick_ = 0;
    std::unordered_map<TableId, std::unique_ptr<KeyTable>> tables_;
    EntryPool pool_;
    uint64_t expected_false_positives_ = 0;  // in units of 2^-32
    std::vector<Run> runs_;                  // in the order of a lookup
    bool overtaken_ = false;
    std::array<uint64_t, 256> probes_{};  // lookups that came to a table, by level
    bool runs_known_ = false;
};

}  // namespace lsm::simulate
