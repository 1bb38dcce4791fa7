// Opening, recovering, copying and closing a Tree. Part of tree.hpp.
//
// Recovery: the manifest gives the shape, every table of it is opened, then the logs that are still
// needed are replayed in order, each into a memtable that is flushed before open returns. What a
// crash left half-done (tables and logs that nothing names) is removed.
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

namespace detail {

/// The name that was set, else that of the policy: an eraser carries it, a type has it.
template <class Policy>
void name_policy(std::string& name, const typename Policy::Options& options) {
    if (!name.empty()) return;
    if constexpr (requires {
                      options.make;
                      options.name;
                  }) {
        name = options.name;
    } else {
        name = policy_name<Policy>();
    }
}

}  // namespace detail

LSM_TREE_TEMPLATE
auto LSM_TREE::checked(Options options) -> Options {
    check_settings(options);
    // Erased ones check what they hold when they are made.
    require_valid_options<M>(options.memtable);
    require_valid_options<B>(options.bloom);
    require_valid_options<F>(options.format);
    require_valid_options<C>(options.compaction);
    require_valid_options<X>(options.filter);
    detail::name_policy<F>(options.format_name, options.format);
    detail::name_policy<C>(options.compaction_name, options.compaction);
    detail::name_policy<X>(options.filter_name, options.filter);
    return options;
}

LSM_TREE_TEMPLATE
LSM_TREE::Tree(Options options)
    : options_(checked(std::move(options))),
      base_files_(options_.files != nullptr ? *options_.files : posix_file_system()),
      metered_(make_metered_file_system(base_files_, ledger_)),
      files_(*metered_),
      sizing_(options_.bloom),
      format_(options_.format),
      compaction_(options_.compaction),
      filter_(options_.filter),
      names_{options_.format_name, options_.filter_name},
      cache_(options_.cache_size),
      own_executor_(options_.executor == nullptr ? make_inline_executor() : nullptr),
      executor_(options_.executor != nullptr ? options_.executor : own_executor_.get()),
      counts_reads_(wants_reads(compaction_) || wants_probes(sizing_)) {}

LSM_TREE_TEMPLATE
auto LSM_TREE::open(Options options) -> std::unique_ptr<Tree> {
    std::unique_ptr<Tree> tree(new Tree(std::move(options)));
    try {
        tree->recover();
    } catch (...) {
        Lock lock(tree->mutex_);
        tree->drain_inline(lock);
        tree->changed_.wait(lock, [&] { return tree->jobs_ == 0; });
        tree->closed_ = true;
        throw;
    }
    return tree;
}

LSM_TREE_TEMPLATE
void LSM_TREE::recover() {
    const std::string& folder = options_.folder;
    if (!files_.exists(folder + "/CURRENT")) create_folder_durably(files_, folder);
    FolderListing listing = list_folder(files_, folder);
    folder_lock_ = files_.lock(lock_path(folder));
    listing = list_folder(files_, folder);
    if (auto state = Manifest::read(files_, folder, &recovery_.notes)) state_ = std::move(*state);
    set_up_shape(state_.shape);
    if (!bug(Bug::file_number_reused))
        state_.next_file = std::max(state_.next_file, listing.highest_number + 1);
    // Without CURRENT there is no tree yet: the logs of a making that a crash cut short hold
    // nothing.
    if (!listing.has_current) state_.first_log = state_.next_file;
    sequence_ = state_.last_sequence;
    opened_tick_ = state_.shape.tick;
    if (options_.clock != nullptr) opened_at_ = options_.clock->nanoseconds();
    rested_tick_ = tick();
    open_tables();

    auto view = std::make_shared<View>();
    view->version = std::make_shared<VersionType>(state_.shape, tables_);
    replay_logs(listing, *view);
    const uint64_t number = state_.next_file++;
    if (view->waiting.empty()) {
        state_.first_log = number;
        old_logs_.clear();
    }
    list_orphans(listing);
    manifest_ = std::make_unique<Manifest>(files_, folder, options_.manifest_growth, &warnings_);
    view->active = std::make_shared<Slot>(options_.memtable, number, tick());
    begin_files(number, !listing.has_current);
    visible_.store(sequence_, std::memory_order_release);
    Lock lock(mutex_);
    set_view(std::move(view));
    lock.unlock();
    flush_waiting();
    lock.lock();
    wait_until_idle(lock);
    // Nobody has the tree yet: what kept it from opening is told as it is.
    if (failure_ && !failed_by_policy_) std::rethrow_exception(failure_);
    throw_if_failed();
}

/// The manifest and the log of this opening. A full disk keeps a tree that is there from neither
/// being opened nor read.
LSM_TREE_TEMPLATE
void LSM_TREE::begin_files(uint64_t log, bool is_new) {
    const uint64_t named_before = state_.named_log;
    const auto make = [&] {
        if (options_.sync == SyncMode::none) return;
        log_ = make_log(log, LogEnd{});
        old_logs_.push_back(log);
    };
    try {
        if (bug(Bug::old_manifest_removed_first)) remove_orphans();
        // The log is there before a manifest says so.
        if (options_.sync != SyncMode::none) state_.named_log = log;
        manifest_->begin(state_, make);
        remove_orphans();
        named_log_ = log;
    } catch (const DiskFullError&) {
        if (is_new) throw;
        state_.named_log = named_before;
        if (options_.sync != SyncMode::none && !log_) log_end_ = LogEnd{};
        const Lock lock(mutex_);
        note_failure(std::current_exception());
    }
}

LSM_TREE_TEMPLATE
void LSM_TREE::set_up_shape(TreeShape& shape) const {
    shape.memtable_bytes = options_.memtable_size;
    shape.table_bytes = options_.table_size;
    shape.seed = options_.seed;
}

LSM_TREE_TEMPLATE
auto LSM_TREE::open_table(const TableShape& shape, const ReadContext& context)
    -> std::shared_ptr<File> {
    const std::string path = table_path(options_.folder, shape.id);
    auto table =
        Table<F, X>::open(files_, path, shape.id, options_.cache_size > 0 ? &cache_ : nullptr,
                          format_, filter_, names_, context);
    const double bits = static_cast<double>(table->filter_bits()) /
                        static_cast<double>(std::max<uint64_t>(1, shape.entries));
    const double rate = table->filter_bits() > 0 ? filter_.false_positive_rate(bits) : 1;
    return std::make_shared<File>(files_, warnings_, path, std::move(table), shape, rate);
}

LSM_TREE_TEMPLATE
void LSM_TREE::open_tables() {
    const ReadContext context{Cause::recovery, 0, false, nullptr};
    for (const LevelShape& level : state_.shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                if (!files_.exists(table_path(options_.folder, table.id))) {
                    throw Error(ErrorKind::corruption, "a table that the manifest names is missing",
                                {table_path(options_.folder, table.id), {}, {}, {}},
                                "restore it from a backup");
                }
                tables_[table.id] = open_table(table, context);
                stored_bytes_ += table.stored_bytes;
            }
        }
    }
    counters_.stored_bytes_peak = stored_bytes_;
}

/// Each log that is still needed becomes a waiting memtable of the view, up to where the prefix
/// ends.
LSM_TREE_TEMPLATE
void LSM_TREE::replay_logs(const FolderListing& listing, View& view) {
    if (const auto missing = missing_log(options_.folder, listing, state_)) throw *missing;
    LogEnd before;
    bool goes_on = true;
    for (const auto& [number, end, never_begun] :
         needed_logs(files_, options_.folder, listing, state_)) {
        const std::string path = log_path(options_.folder, number);
        auto slot = std::make_shared<Slot>(options_.memtable, number, tick());
        const LogReplay replay = replay_log(
            files_, path, number, recovery_,
            [slot = slot.get(), this](const Entry& entry) {
                slot->insert(entry);
                if (is_delete(entry)) slot->note_delete(tick_of(entry.sequence));
            },
            end);
        old_logs_.push_back(number);
        if (never_begun) continue;
        if (number == state_.sealed_log && replay.length < state_.sealed_length) {
            throw Error(ErrorKind::corruption,
                        "the log was closed with " + std::to_string(state_.sealed_length) +
                            " bytes, of which " + std::to_string(replay.length) + " are whole",
                        {path, replay.length, {}, {}}, "restore the folder from a backup");
        }
        // Asked also when the prefix has ended: the loss of synced bytes must not pass as its end.
        goes_on = log_follows(replay, before, state_.first_log, path) && goes_on;
        if (bug(Bug::hole_between_logs)) goes_on = true;
        if (!goes_on && !slot->empty())
            recovery_.notes.push_back(path + ": left out, since the log before it ends too early");
        if (goes_on && !slot->empty()) {
            if (!bug(Bug::sequence_not_restored)) sequence_ = slot->last_sequence();
            view.waiting.insert(view.waiting.begin(), slot);
        }
        goes_on = goes_on && (replay.whole || bug(Bug::hole_between_logs));
        before = {number, replay.length, false};
    }
    state_.sealed_log = 0;
    state_.sealed_length = 0;
}

/// What a crash left half-done, and what the next manifest makes superfluous.
LSM_TREE_TEMPLATE
void LSM_TREE::list_orphans(const FolderListing& listing) {
    for (const uint64_t number : listing.tables) {
        if (tables_.count(number) == 0) orphans_.push_back(table_path(options_.folder, number));
    }
    for (const uint64_t number : listing.logs) {
        if (number < state_.first_log) orphans_.push_back(log_path(options_.folder, number));
    }
    for (const uint64_t number : listing.manifests)
        orphans_.push_back(options_.folder + "/" + manifest_name(number));
}

LSM_TREE_TEMPLATE
void LSM_TREE::checkpoint(const std::string& folder) {
    if (folder.empty() || (folder + "/").starts_with(options_.folder + "/")) {
        throw Error(ErrorKind::usage, "a checkpoint needs a folder outside of the tree's own",
                    {folder, {}, {}, {}});
    }
    flush();
    const std::lock_guard edits(manifest_mutex_);
    TreeState copy;
    {
        const Lock lock(mutex_);
        throw_if_failed();
        copy = state_;
        copy.shape.tick = tick();
    }
    create_folder_durably(files_, folder);
    if (!files_.list(folder).empty()) {
        throw Error(ErrorKind::io, "a checkpoint needs a new or an empty folder",
                    {folder, {}, {}, {}});
    }
    try {
        for (const LevelShape& level : copy.shape.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    files_.link(table_path(options_.folder, table.id),
                                table_path(folder, table.id));
                }
            }
        }
        copy.first_log = copy.next_file;
        copy.sealed_log = 0;
        copy.sealed_length = 0;
        copy.named_log = 0;
        Manifest(files_, folder, copy).close();
        files_.sync_folder(folder);
    } catch (...) {
        // Empty again, for another try; the first error says more than one of these.
        try {
            for (const std::string& name : files_.list(folder)) files_.remove(folder + "/" + name);
        } catch (...) {
        }
        throw;
    }
}

LSM_TREE_TEMPLATE
void LSM_TREE::close() { shut(false); }

/// `for_good`: nobody can come back to it.
LSM_TREE_TEMPLATE
void LSM_TREE::shut(bool for_good) {
    {
        const Lock lock(mutex_);
        if (closed_) return;
    }
    std::exception_ptr unsettled;
    try {
        settle_for_close();
    } catch (...) {
        if (options_.sync == SyncMode::none && !for_good && !failed()) throw;
        unsettled = std::current_exception();  // thrown once the folder is free
    }
    Lock lock(mutex_);
    closing_ = true;
    wait_until_idle(lock);
    drain_inline(lock);
    changed_.wait(lock, [&] { return jobs_ == 0; });
    const bool sound = !failure_;
    const ManifestRecord record = record_of_state();
    closed_ = true;
    lock.unlock();
    const std::unique_ptr<FileLock> held = std::move(folder_lock_);
    if (sound) seal(record);
    if (!sound) {
        throw Error(ErrorKind::read_only, "the tree was closed read-only, since: " + failure_text_,
                    {options_.folder, {}, {}, {}},
                    "what was acknowledged since its last flush is as safe as its log is");
    }
    if (unsettled) std::rethrow_exception(unsettled);
}

/// What a write would do first; in mode none, what would be lost otherwise.
LSM_TREE_TEMPLATE
void LSM_TREE::settle_for_close() {
    if (failed()) return;
    if (options_.sync == SyncMode::none) return flush();
    Lock lock(mutex_);
    if (shortage_) in_turn(lock, [&] { mend(lock); });
}

/// The log's end is made durable and kept in the manifest.
LSM_TREE_TEMPLATE
void LSM_TREE::seal(ManifestRecord record) {
    if (log_) {
        const LogEnd end = log_end_ ? *log_end_ : log_->end();
        log_->sync();
        record.sealed_log = end.number;
        record.sealed_length = end.length;
        log_->close();
        files_.sync_folder(options_.folder);
    }
    TreeState state = state_;
    state.next_file++;
    state.shape.tick = record.tick;
    state.sealed_log = record.sealed_log;
    state.sealed_length = record.sealed_length;
    state.named_log = record.named_log;
    // One record, so that a closed tree's manifest can not lose its end unseen.
    manifest_->begin(state);
    manifest_->close();
}

LSM_TREE_TEMPLATE
bool LSM_TREE::failed() const {
    const Lock lock(mutex_);
    return failure_ != nullptr;
}

LSM_TREE_TEMPLATE
LSM_TREE::~Tree() {
    try {
        shut(true);
    } catch (...) {
        // Nobody is left to be told; what was acknowledged is in the log.
    }
}

}  // namespace lsm
