// The tree: a durable, concurrent key-value store made of one policy per axis.
//
//   Tree<memtable::Skiplist, bloom::Monkey, format::RowBlock, compaction::LazyLeveling,
//   filter::BlockedBloom>   static, all inlined Tree<AnyMemtable, AnyBloomSizing, AnyFormat,
//   AnyCompaction, AnyFilter>                                      what YAML configures
//
// A write is logged, put into the memtable, and acknowledged by the rule of its sync mode. A
// memtable that is full by logical bytes is flushed as a new run of level 1; then the compaction
// policy is asked, until it says nothing. With an inline executor all of that happens on the
// writer's thread before its call returns, at points that depend on the operations alone; with a
// pool it happens behind the writers, who are slowed down and stopped when it falls behind.
//
// Promises (docs/guide/engine.md has them at length): a batch is atomic; recovery yields a prefix
// of commit order; a clean close is durable in every mode; a read error is never "not found". After
// a failed write to log, table or manifest the tree is read-only with the first cause, and reads go
// on. A full disk alone heals while the tree is open: writes are refused with a DiskFullError (kind
// io) until there is room, and then go on.
//
// Thread-safety: every public function from any thread, except open, close and the destructor.
// Cursors must be gone before the tree is; snapshots may stay. Lookups take no lock (but for
// memtables that need one) and write no shared line. Errors: lsm::Error.
//
// Implemented in tree_open.hpp, tree_write.hpp, tree_read.hpp, tree_background.hpp,
// tree_compact.hpp, tree_install.hpp and tree_heal.hpp, included below.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/epoch.hpp"
#include "framework/log/manifest.hpp"
#include "framework/os/io_error.hpp"
#include "framework/os/metered_file_system.hpp"
#include "framework/os/sync.hpp"
#include "framework/os/warning_list.hpp"
#include "framework/policy/bloom.hpp"
#include "framework/policy/choice_check.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/filter.hpp"
#include "framework/policy/tombstone_lifetime.hpp"
#include "framework/policy/tree_edit.hpp"
#include "framework/table/block_cache.hpp"
#include "framework/tree/folder.hpp"
#include "framework/tree/memtable_slot.hpp"
#include "framework/tree/read_statistics.hpp"
#include "framework/tree/run_writer.hpp"
#include "framework/tree/settings.hpp"
#include "framework/tree/snapshots.hpp"
#include "framework/tree/transaction.hpp"
#include "framework/tree/tree_cursor.hpp"
#include "framework/tree/version.hpp"
#include "framework/tree/version_rule.hpp"
#include "framework/tree/write_batch.hpp"

namespace lsm {

template <Memtable M, BloomSizing B, Format F, Compaction C, Filter X = AnyFilter>
class Tree {
  public:
    using Options = TreeOptions<M, B, F, C, X>;

    /// Opens the tree in options.folder, or makes one there, after recovering what a crash left. A
    /// tree that is there opens on a full disk too: what its logs hold is then in memory until
    /// there is room for it, and writes are refused. Errors: config (an option out of its range,
    /// with policy, option and range), locked (with the holder), corruption (with file and offset),
    /// version, io.
    static std::unique_ptr<Tree> open(Options options);
    ~Tree();
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    /// Writes return their place in commit order, of a batch that of its last operation (0 for an
    /// empty one): snapshots with at least this number see them.
    Sequence put(std::string_view key, std::string_view value);
    /// The same for `ttl` ticks: afterwards the key is not there, whatever was written before. A
    /// tick is a write, with a clock a millisecond. Error(config) when ttl is 0.
    Sequence put(std::string_view key, std::string_view value, uint64_t ttl);
    Sequence remove(std::string_view key);
    /// Removes all keys from `first` to below `last`. Error(config) unless first < last.
    Sequence remove_range(std::string_view first, std::string_view last);
    Sequence write(const WriteBatch& batch);
    /// Reads and writes that take effect as one or conflict (transaction.hpp).
    Transaction<Tree> transaction() { return Transaction<Tree>(*this); }

    /// False when the key is not there. `value` is overwritten only when it is.
    bool get(std::string_view key, std::string& value) const { return get_at(key, value, nullptr); }
    bool get(std::string_view key, std::string& value, const Snapshot& snapshot) const {
        return get_at(key, value, &snapshot);
    }
    std::optional<std::string> get(std::string_view key) const;

    /// The tree as it is now, for as long as the handle lives. It holds the writes, not the time:
    /// values expire for it too. It belongs to this tree as it was opened: reading another one with
    /// it, or one that was opened anew, is Error(usage).
    Snapshot snapshot() const;
    /// Over the tree as it is now, or as the snapshot has it. Not positioned yet.
    std::unique_ptr<TreeCursor> cursor() const { return cursor_at(nullptr); }
    std::unique_ptr<TreeCursor> cursor(const Snapshot& snapshot) const {
        return cursor_at(&snapshot);
    }

    /// Returns once all that was written before is in tables.
    void flush();
    /// Merges everything in [first, last] (all of it without bounds) into the deepest level.
    /// Errors: config when the range ends before it begins.
    void compact(std::optional<std::string> first = {}, std::optional<std::string> last = {});
    /// Returns once no flush or compaction runs or is due.
    void settle();
    /// Makes a tree in a new or empty folder of the same file system that is equal to this one, by
    /// hard links. Flushes first.
    void checkpoint(const std::string& folder);

    EngineCounters counters() const;
    LedgerSnapshot ledger() const { return ledger_.snapshot(); }
    TreeShape shape() const;
    /// What the policies say about a level of the tree as it is.
    uint64_t runs_allowed(int level) const;
    /// Whether the strategy may drop live data on its own.
    bool may_drop() const { return drops_data(compaction_); }
    /// What open() found in the logs.
    const LogRecovery& recovery() const { return recovery_; }
    /// Things that are not as they should be and that no call failed for: filters that are not
    /// used, and why; files that could not be removed; a full disk.
    std::vector<std::string> warnings() const;

    /// Makes everything durable and lets the folder go; Error(read_only) when a failure before kept
    /// it from that. On a full disk DiskFullError: in sync mode none the tree stays open then,
    /// since its last writes are nowhere else; in the others it is closed, and these are in its
    /// logs. The destructor does the same and swallows errors.
    void close();

  private:
    friend class Transaction<Tree>;
    using File = LiveTable<F, X>;
    using VersionType = Version<F, X>;
    using Slot = MemtableSlot<M>;

    /// All that a read looks at.
    struct View {
        std::shared_ptr<Slot> active;
        std::vector<std::shared_ptr<Slot>> waiting;  // full ones, newest first
        std::shared_ptr<const VersionType> version;
    };
    /// A call that waits for its turn to write; a batch of null takes its turn alone.
    struct Writer {
        const WriteBatch* batch = nullptr;
        const ReadSet* reads = nullptr;            // of a transaction: must not have changed
        std::optional<std::string> conflict = {};  // what has
        Sequence last = 0;
        bool done = false;
        std::exception_ptr error;
        ConditionVariable turn;
    };
    /// A merge that was chosen: where its entries come from.
    struct MergeInputs {
        std::vector<std::pair<int, std::vector<std::shared_ptr<File>>>>
            runs;  // level, tables by key
        std::set<TableId> ids;
        std::vector<TableNote> notes;
        size_t first_older = 0;  // run of the version: those listed before it hold nothing older
        uint64_t entries = 0;
        uint64_t stored_bytes = 0;
        uint64_t oldest_tombstone_tick = UINT64_MAX;
        uint64_t newest_write_tick = 0;

        /// The range tombstones of all of them.
        RangeTombstones ranges() const {
            std::vector<RangeTombstone> all;
            for (const auto& [level, tables] : runs) {
                for (const auto& table : tables) {
                    if (table->ranges != nullptr) table->ranges->append_to(all);
                }
            }
            return RangeTombstones::fragment(all);
        }
    };
    /// Outputs on their way into a run that is there: no other compaction may join it in this
    /// range.
    struct PendingJoin {
        RunId run = 0;
        TableId first_input = 0;  // whose compaction it is
        std::string smallest, largest;
    };
    struct EditExtras {
        Slot* flushed = nullptr;  // the waiting memtable that this edit makes durable
        EngineEvent event;
    };

    explicit Tree(Options options);

    // tree_open.hpp
    static Options checked(Options options);
    void recover();
    void open_tables();
    void replay_logs(const FolderListing& listing, View& view);
    void list_orphans(const FolderListing& listing);
    void begin_files(uint64_t log, bool is_new);
    void shut(bool for_good);
    void settle_for_close();
    void seal(ManifestRecord record);
    bool failed() const;

    // tree_heal.hpp
    void note_failure(std::exception_ptr error);
    void throw_if_short() const;
    void throw_if_put_off() const;
    void mend(Lock& lock);
    void renew_manifest();
    void begin_log(Lock& lock, uint64_t number);
    void tell_manifest_of_log(Lock& lock, uint64_t number);
    std::unique_ptr<LogWriter> make_log(uint64_t number, const LogEnd& previous);
    void remove_file(const std::string& path) noexcept;
    void remove_orphans();

    // tree_write.hpp
    void commit_in_turn(Writer& self);
    void take_turn(Lock& lock, Writer& writer);
    void end_turn(Lock& lock, size_t writers = 1, std::exception_ptr error = nullptr);
    template <class Action>
    void in_turn(Lock& lock, Action action);
    std::vector<Writer*> take_group();
    void commit(const std::vector<Writer*>& group, Lock& lock);
    uint64_t log_and_insert(const std::vector<Writer*>& group, Sequence first, Slot& slot,
                            EngineCounters& written);
    void wait_for_room(Lock& lock);
    bool memtables_are_full() const;
    void tell_of_stall(Lock& lock, const char* reason, uint64_t nanoseconds);
    bool flush_is_due() const;
    uint64_t runs_too_many() const;
    bool rotate(Lock& lock);

    // tree_read.hpp
    bool get_at(std::string_view key, std::string& value, const Snapshot* snapshot) const;
    bool find(const View& view, std::string_view key, Sequence at, PinnedEntry& found,
              ReadCost& cost) const;
    static bool find_in_memtables(const View& view, std::string_view key, Sequence at,
                                  Entry& found);
    bool find_in_tables(const VersionType& version, std::string_view key, Sequence at,
                        PinnedEntry& found, ReadCost& cost) const;
    bool probe(const File& file, std::string_view key, uint64_t hash, Sequence at,
               const ReadContext& context, PinnedEntry& found, ReadCost& cost) const;
    static bool heed_ranges(const RangeTombstones& ranges, std::string_view key, Sequence at,
                            bool any, PinnedEntry& found);
    std::unique_ptr<TreeCursor> cursor_at(const Snapshot* snapshot) const;
    Sequence read_at(const Snapshot* snapshot) const;

    // tree_validate.hpp
    std::optional<std::string> changed_since(const ReadSet& reads, Lock& lock) const;
    std::optional<std::string> find_changed(const ReadSet& reads, const View& view, Sequence now,
                                            bool tables) const;
    static std::optional<std::string> newer_in_range(Cursor& entries, const ReadSet::Range& range,
                                                     Sequence since);
    static std::optional<std::string> newer_in_range(const RangeTombstones& tombstones,
                                                     const ReadSet::Range& range, Sequence since);

    // tree_background.hpp
    void flush_waiting();
    void flush_slot(const std::shared_ptr<Slot>& slot, Lock& lock);
    void submit(JobKind kind, std::function<void()> job);
    void schedule_compactions(Lock& lock);
    Choice ask_strategy() const;
    void check_comes_to_rest();
    bool begin_choice(const Choice& choice);
    void run_choice(const Choice& choice);
    void finish_job(Lock& lock, const Choice& choice, std::exception_ptr error);
    void wait_until_idle(Lock& lock);
    void count_stored(uint64_t bytes);
    void set_busy(const std::vector<TableId>& tables, bool busy);
    PendingJoin join_of(const Choice& choice) const;
    void drain_inline(Lock& lock);

    // tree_install.hpp
    void install(const TreeEdit& edit, const std::vector<std::shared_ptr<File>>& made,
                 EditExtras extras);
    void take_effect(const TreeEdit& edit, const ManifestRecord& record,
                     const std::vector<std::shared_ptr<File>>& made, EditExtras& extras);
    void publish(std::shared_ptr<const VersionType> version, const Slot* flushed);
    void set_view(std::shared_ptr<const View> view);
    void retire_views(Lock& lock);
    uint64_t log_after(const Slot& flushed) const;
    ManifestRecord record_of_state() const;
    void count_event(const EngineEvent& event);
    void remove_old_logs(uint64_t first_needed);

    // tree_compact.hpp
    void merge(const Choice& choice, Lock& lock);
    WrittenRun write_merged(const MergeInputs& inputs, const RunPlan& plan,
                            const VersionType& version, const std::vector<Sequence>& snapshots,
                            std::vector<std::shared_ptr<File>>& made, FinalTombstones& finals);
    bool older_data_may_exist(const MergeInputs& inputs, const VersionType& version,
                              std::string_view key) const;
    bool older_data_may_exist(const MergeInputs& inputs, const VersionType& version,
                              std::string_view first, std::string_view last) const;
    void move_or_drop(const Choice& choice, Lock& lock);
    MergeInputs collect_inputs(const Choice& choice) const;
    RunPlan plan_run(const TableOrigin& origin, uint64_t entries,
                     const std::vector<TableId>& inputs, const std::optional<RunId>& join);
    std::vector<std::shared_ptr<File>> open_written(const WrittenRun& written, int level);
    void discard(const WrittenRun& written);
    void compact_alone(Lock& lock, const std::optional<std::string>& first,
                       const std::optional<std::string>& last);
    Choice manual_choice(const std::optional<std::string>& first,
                         const std::optional<std::string>& last) const;

    uint64_t tick() const;
    void note_reads();
    uint64_t tick_of(Sequence sequence) const;
    void check_lifetimes();
    void note_rest();
    void note_kept();
    void count_finals(const FinalTombstones& finals, uint64_t bound);
    void fail(std::exception_ptr error);
    void throw_if_failed() const;
    std::shared_ptr<File> open_table(const TableShape& shape, const ReadContext& context);
    void set_up_shape(TreeShape& shape) const;

    const Options options_;
    FileSystem& base_files_;
    mutable Ledger ledger_;
    const std::unique_ptr<FileSystem> metered_;
    FileSystem& files_;
    WarningList warnings_;
    const B sizing_;
    const F format_;
    const C compaction_;
    const X filter_;
    const TablePolicyNames names_;
    BlockCache cache_;
    std::unique_ptr<Executor> own_executor_;
    Executor* executor_;
    std::unique_ptr<FileLock> folder_lock_;
    LogRecovery recovery_;
    const std::shared_ptr<SnapshotList> snapshots_ = std::make_shared<SnapshotList>();
    mutable ReadStatistics read_statistics_;
    const bool counts_reads_;  // a policy wants to know where lookups go
    mutable std::array<std::atomic<uint64_t>, 256> probes_{};  // by level
    uint64_t opened_at_ = 0;                                   // clock, nanoseconds
    uint64_t opened_tick_ = 0;

    // What readers see.
    mutable EpochDomain epochs_;
    SharedAtomic<const View*> view_{nullptr};
    SharedAtomic<Sequence> visible_{0};

    // Held while an edit goes into the manifest, so that edits are durable in the order in which
    // they take effect. Taken before mutex_.
    Mutex manifest_mutex_;
    std::unique_ptr<Manifest> manifest_;
    std::vector<std::string> orphans_;  // files that may go once the next new manifest is in force

    // Guards all below; never held during input or output.
    mutable Mutex mutex_;
    ConditionVariable changed_;  // a flush or compaction ended, or the tree failed
    std::shared_ptr<const View> view_owner_;
    std::vector<std::shared_ptr<const View>> retired_;  // replaced, not yet given to the epochs
    std::deque<uint64_t>
        old_logs_;     // log files that are there, ascending; the active one is the last
    TreeState state_;  // shape with busy tables; budgets filled in
    typename VersionType::Files tables_;
    std::unique_ptr<LogWriter> log_;  // of whoever has the turn, as the next
    std::optional<LogEnd> log_end_;   // set: a new log has to be begun, and this one came before
    Sequence sequence_ = 0;           // of the last write
    Sequence dropped_ = 0;            // the newest that a drop took away, for transactions
    std::deque<Writer*> writers_;
    std::exception_ptr failure_;
    std::string failure_text_;
    bool failed_by_policy_ = false;
    bool shortage_ = false;  // the disk was full: mend() before the next write
    std::string shortage_text_;
    std::string put_off_;  // why compactions wait for the next flush: the disk was full for one
    bool flushing_ = false;
    bool manual_ = false;  // a manual compaction wants the tree for itself
    bool closing_ = false;
    bool closed_ = false;
    uint64_t choices_ = 0;      // of the strategy since the last flush
    uint64_t rested_tick_ = 0;  // when the strategy last said nothing while nothing ran
    TombstoneLifetime lifetime_{promised_lifetime(compaction_)};
    // The strategy is held to it: not while tombstones are there that a snapshot kept, and not
    // before the first flush's compactions, since nothing was promised about what open() found.
    bool lifetime_holds_ = false;
    uint64_t kept_at_flush_ = 0;        // number of the flush after which a snapshot kept something
    uint64_t ticks_of_last_write_ = 0;  // of all batches that were committed together
    uint64_t running_ = 0;              // compactions
    uint64_t jobs_ = 0;       // given to the executor and not ended: each holds on to this tree
    uint64_t named_log_ = 0;  // the name of this log and of those before it is durable
    std::vector<PendingJoin> joins_;  // of running compactions
    uint64_t stored_bytes_ = 0;       // of tables, those being written included
    EngineCounters counters_;         // the write side and the peaks
};

}  // namespace lsm

// What every member function that is defined outside of the class begins with.
#define LSM_TREE_TEMPLATE template <Memtable M, BloomSizing B, Format F, Compaction C, Filter X>
#define LSM_TREE Tree<M, B, F, C, X>

#include "framework/tree/tree_background.hpp"
#include "framework/tree/tree_compact.hpp"
#include "framework/tree/tree_heal.hpp"
#include "framework/tree/tree_install.hpp"
#include "framework/tree/tree_open.hpp"
#include "framework/tree/tree_read.hpp"
#include "framework/tree/tree_validate.hpp"
#include "framework/tree/tree_write.hpp"

#undef LSM_TREE_TEMPLATE
#undef LSM_TREE
