// What the simulator and the estimate have in common: a tree whose tables are shapes, and which
// goes through the same steps as the real one with an inline executor (framework/tree/): the
// strategy is asked after each flush until it says nothing, its choice is checked by check_choice,
// edits are made by apply_edit, events are told and counted. What a table holds is the business of
// who derives from it.
//
// One thread. Errors: lsm::Error; after one the tree is spoilt and every call throws it anew.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "framework/metrics/engine_counters.hpp"
#include "framework/policy/bloom.hpp"
#include "framework/policy/choice_check.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/tombstone_lifetime.hpp"
#include "framework/policy/tree_edit.hpp"
#include "framework/simulate/stored_size.hpp"

namespace lsm::simulate {

struct SimulatorOptions {
    AnyBloomSizing::Options bloom;
    AnyFilter::Options filter;
    AnyFormat::Options format;
    AnyCompaction::Options compaction;
    std::string filter_name;
    std::string compaction_name;
    uint64_t memtable_size = 1 << 20;
    uint64_t table_size = 2 << 20;
    uint64_t block_size = 4096;
    uint64_t seed = 42;
};

class ShapedTree {
  public:
    virtual ~ShapedTree() = default;
    ShapedTree(const ShapedTree&) = delete;
    ShapedTree& operator=(const ShapedTree&) = delete;

    void on_event(std::function<void(const EngineEvent&)> listener) {
        listener_ = std::move(listener);
    }
    /// Compacts until the strategy says nothing.
    void settle();
    EngineCounters counters() const;
    TreeShape shape() const;
    bool may_drop() const { return compaction_.may_drop; }

  protected:
    /// What a choice takes: the tables by run, newest first, and sums over them.
    struct Inputs {
        struct Part {
            int level = 1;
            bool overtakes = false;
            std::vector<TableId> tables;
            uint64_t entries = 0;
        };
        std::vector<Part> runs;
        std::set<TableId> ids;
        std::vector<TableNote> notes;
        size_t first_older = 0;  // of all runs: those before it hold nothing older
        uint64_t entries = 0;
        uint64_t tombstones = 0;
        uint64_t range_tombstones = 0;
        uint64_t logical_bytes = 0;
        uint64_t stored_bytes = 0;
        uint64_t oldest_tombstone_tick = UINT64_MAX;
        uint64_t newest_write_tick = 0;
    };
    /// A run that was written, and what was read for it.
    struct Written {
        std::vector<TableShape> tables;
        uint64_t entries = 0;
        uint64_t stored_bytes = 0;
        uint64_t blocks = 0;  // of all kinds
        uint64_t data_bytes_read = 0;
        uint64_t data_blocks_read = 0;
        // Tombstones that went because nothing older was left.
        uint64_t final_tombstones = 0;
        uint64_t final_writes = 0;  // sum of their sequence numbers
        Sequence oldest_final = UINT64_MAX;

        void add(const TableShape& table, uint64_t data_blocks);
    };
    /// What all tables of a run share.
    struct Origin {
        TableShape shape;  // ticks
        double bits_per_key = 0;
    };

    explicit ShapedTree(const SimulatorOptions& options);

    /// Writes the union of the inputs, which are gone afterwards.
    virtual Written merge_inputs(const Inputs& inputs, const Choice& choice,
                                 const Origin& origin) = 0;
    /// The tables are dropped with all they hold.
    virtual void let_go(const Inputs& inputs) = 0;
    /// After each edit.
    virtual void shape_changed() {}
    /// Tells the shape where lookups went; called when a policy wants to know.
    virtual void note_reads() {}

    /// What a memtable's run is written by; `entries` of all versions.
    Origin begin_flush(uint64_t entries, uint64_t first_tick);
    /// Installs the run; then compacts.
    void end_flush(const Written& written, uint64_t entries);

    /// Fills a table's filter and stored bytes and counts it.
    StoredSize::Sizes size_table(TableShape& table, double bits_per_key,
                                 const StoredSize::Sample& sample);
    template <class Work>
    void guarded(Work work) {
        if (failure_) std::rethrow_exception(failure_);
        try {
            work();
        } catch (...) {
            failure_ = std::current_exception();
            throw;
        }
    }
    void throw_if_failed() const {
        if (failure_) std::rethrow_exception(failure_);
    }

    const SimulatorOptions options_;
    const AnyBloomSizing sizing_;
    const AnyFilter filter_;
    const AnyFormat format_;
    const AnyCompaction compaction_;
    const bool counts_reads_;  // a policy wants to know where lookups go
    StoredSize stored_size_;
    Sequence sequence_ = 0;
    TombstoneLifetime lifetime_;
    TreeShape shape_;
    uint64_t next_file_ = 3;  // behind the tree's first log and manifest
    EngineCounters counters_;
    uint64_t memtable_bytes_ = 0;  // logical

  private:
    void compact();
    Choice ask_strategy() const;
    void merge(const Choice& choice);
    void move_or_drop(const Choice& choice);
    Inputs collect(const Choice& choice) const;
    double bits_per_key(int level, uint64_t entries, const std::set<TableId>& inputs,
                        const std::optional<RunId>& join);
    void count_written(int level, const Written& written, bool flush);
    void install(const TreeEdit& edit, EngineEvent& event);
    void count_finals(const Written& written);

    std::function<void(const EngineEvent&)> listener_;
    RunId next_run_ = 1;
    uint64_t choices_ = 0;           // since the last flush
    uint64_t flush_first_tick_ = 0;  // of the memtable that is being flushed
    uint64_t tables_there_ = 0;
    uint64_t stored_bytes_ = 0;  // of tables, those being written included
    std::exception_ptr failure_;
};

}  // namespace lsm::simulate
