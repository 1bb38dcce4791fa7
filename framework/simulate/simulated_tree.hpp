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

#include <algorithm>
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
#include "framework/simulate/key_rule.hpp"
#include "framework/simulate/key_table.hpp"
#include "framework/simulate/lifetimes.hpp"
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
        const uint64_t bytes = entry_bytes(value_bytes);
        counters_.puts += 1;
        write(KeyEntry::value(number, ++sequence_, bytes), bytes);
    }
    /// A put for that many ticks, which are writes; ttl at least 1.
    void put_for(uint64_t number, uint64_t value_bytes, uint64_t ttl) {
        const uint64_t bytes = entry_bytes(value_bytes);
        counters_.puts += 1;
        lifetimes_.note(++sequence_, ttl);
        write(KeyEntry::expiring(number, sequence_, bytes), bytes);
    }
    void remove(uint64_t number) {
        counters_.deletes += 1;
        note_delete(++sequence_);
        write(KeyEntry::tombstone(number, sequence_, keys_.key_bytes), keys_.key_bytes);
    }
    /// Removes all keys from `first` to below `end`; first < end.
    void remove_range(uint64_t first, uint64_t end) {
        counters_.deletes += 1;
        note_delete(++sequence_);
        memtable_.add_range({first, end, static_cast<uint32_t>(sequence_)});
        count_write(range_bytes());
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

    uint64_t entry_bytes(uint64_t value_bytes) const {
        const uint64_t bytes = keys_.key_bytes + value_bytes;
        if (bytes > kMostEntryBytes) refuse_entry();
        return bytes;
    }
    [[noreturn]] static void refuse_entry();
    uint64_t range_bytes() const { return 2 * keys_.key_bytes; }  // logical, of a range tombstone

    void note_delete(Sequence write) {
        first_delete_ = std::min(first_delete_, write);
        lifetime_.note_delete(write);
    }
    void write(const KeyEntry& entry, uint64_t bytes) {
        memtable_.add(entry);
        count_write(bytes);
    }
    void count_write(uint64_t bytes) {
        counters_.user_bytes += bytes;
        memtable_bytes_ += bytes;
        const uint64_t flush_at = std::min(kMostWrites, lifetime_.flush_tick());
        if (memtable_bytes_ >= options_.memtable_size || sequence_ >= flush_at) flush_is_due();
    }
    void flush_is_due();
    void flush_memtable();

    Written merge_inputs(const Inputs& inputs, const Choice& choice, const Origin& origin) override;
    void let_go(const Inputs& inputs) override;
    void shape_changed() override { runs_known_ = false; }
    void note_reads() override;
    CutPlan cut_plan(const Inputs& inputs, const Choice& choice);
    std::optional<KeyRule> rule_of(const Inputs& inputs);
    OlderData older_data(const Inputs& inputs);
    const Lifetimes* lifetimes() const { return lifetimes_.empty() ? nullptr : &lifetimes_; }
    Written write_run(KeyMerge& merge, const CutPlan& plan, const Origin& origin);
    void add_table(EntryArray entries, KeyRanges ranges, const TableSums& sums,
                   const Origin& origin, Written& written);
    TableShape shape_of(const EntryArray& entries, const KeyRanges& ranges, const TableSums& sums,
                        const Origin& origin) const;

    const std::vector<Run>& runs();
    KeyTable* find_table(const Run& run, uint64_t number) const;
    bool probe(KeyTable& table, uint64_t number, KeyEntry& found, uint64_t& blocks);
    bool find_in_memtable(uint64_t number, KeyEntry& found);
    bool find_in_tables(uint64_t number, KeyEntry& found, uint64_t& blocks);
    bool is_live(const KeyEntry& entry) const {
        if (entry.is_tombstone()) return false;
        return !entry.expires() || lifetimes_.expires_at(entry.write) > sequence_;
    }
    bool is_covered(const KeyEntry& entry);

    KeyNumbers keys_;
    KeyMemtable memtable_;
    uint64_t memtable_first_tick_ = 0;
    Sequence first_delete_ = UINT64_MAX;  // in the memtable
    Lifetimes lifetimes_;
    std::unordered_map<TableId, std::unique_ptr<KeyTable>> tables_;
    EntryPool pool_;
    uint64_t expected_false_positives_ = 0;  // in units of 2^-32
    std::vector<Run> runs_;                  // in the order of a lookup
    bool overtaken_ = false;
    bool ranges_there_ = false;           // some table has range tombstones
    std::array<uint64_t, 256> probes_{};  // lookups that came to a table, by level
    bool runs_known_ = false;
};

}  // namespace lsm::simulate
