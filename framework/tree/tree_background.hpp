// Background work of Tree: flushes and the compaction schedule. Part of tree.hpp.
//
// Jobs are queued under mutex_ and never throw: a failure makes the tree read-only with that cause,
// a full disk makes it wait for room (tree_heal.hpp).
#pragma once

#include "framework/base/bug_museum.hpp"
#include "framework/tree/tree.hpp"

namespace lsm {

/// How many choices a strategy may make between two flushes.
inline constexpr uint64_t kChoicesWithoutFlush = 10'000;
inline constexpr uint64_t kChoicesPerTable = 100;

/// Fewer words when there is no memory for them, and never none: a failure is not to fail.
inline void set_words(std::string& to, const char* words) noexcept {
    try {
        to = words;
    } catch (const std::bad_alloc&) {
        to = "out of memory";  // short enough for no allocation
    }
}

TableNote note_of(const TableShape& table, int level, RunId run);
/// Fills what is counted at the FileSystem seam.
void fill_from_ledger(const LedgerSnapshot& ledger, EngineCounters& counters);

/// The policy's capacity of a level; 0 where it names none.
template <Compaction C>
uint64_t capacity_of(const C& compaction, const TreeShape& shape, int level) {
    if constexpr (requires { compaction.capacity(shape, level); }) {
        return compaction.capacity(shape, level);
    } else {
        return 0;
    }
}

LSM_TREE_TEMPLATE
uint64_t LSM_TREE::tick() const { return tick_of(sequence_); }

/// The tick at which the write with this number is the last one. Needs no lock.
LSM_TREE_TEMPLATE
uint64_t LSM_TREE::tick_of(Sequence sequence) const {
    if (options_.clock == nullptr) return sequence;
    return opened_tick_ + (options_.clock->nanoseconds() - opened_at_) / 1'000'000;
}

LSM_TREE_TEMPLATE
void LSM_TREE::fail(std::exception_ptr error) {
    if (failure_) return;
    failure_ = error;
    try {
        std::rethrow_exception(error);
    } catch (const Error& cause) {
        failed_by_policy_ = cause.kind() == ErrorKind::config;
        set_words(failure_text_, cause.what());
    } catch (const std::bad_alloc&) {
        set_words(failure_text_, "out of memory");
    } catch (const std::exception& cause) {
        set_words(failure_text_, cause.what());
    } catch (...) {
        set_words(failure_text_, "an unknown error");
    }
    changed_.notify_all();
}

LSM_TREE_TEMPLATE
void LSM_TREE::throw_if_failed() const {
    if (closed_) throw Error(ErrorKind::usage, "the tree is closed", {options_.folder, {}, {}, {}});
    if (!failure_) return;
    // A policy's fault is the configuration's, not the disk's.
    throw Error(failed_by_policy_ ? ErrorKind::config : ErrorKind::read_only,
                "the tree is read-only since: " + failure_text_, {options_.folder, {}, {}, {}},
                failed_by_policy_ ? "" : "remove the cause and open it again");
}

LSM_TREE_TEMPLATE
void LSM_TREE::drain_inline(Lock& lock) {
    if (!executor_->runs_inline()) return;
    lock.unlock();
    executor_->drain();
    lock.lock();
}

LSM_TREE_TEMPLATE
void LSM_TREE::count_stored(uint64_t bytes) {
    const Lock lock(mutex_);
    stored_bytes_ += bytes;
    counters_.stored_bytes_peak = std::max(counters_.stored_bytes_peak, stored_bytes_);
}

LSM_TREE_TEMPLATE
void LSM_TREE::set_busy(const std::vector<TableId>& tables, bool busy) {
    const std::set<TableId> ids(tables.begin(), tables.end());
    for (LevelShape& level : state_.shape.levels) {
        for (RunShape& run : level.runs) {
            for (TableShape& table : run.tables) {
                if (ids.count(table.id) != 0) table.busy = busy;
            }
        }
    }
}

/// Hands a job to the executor and counts it until it has ended. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::submit(JobKind kind, std::function<void()> job) {
    jobs_ += 1;
    try {
        executor_->submit(kind, [this, job = std::move(job)] {
            job();
            // Whoever waits to destroy the tree goes on once this lock is free.
            const Lock lock(mutex_);
            jobs_ -= 1;
            if (jobs_ == 0) changed_.notify_all();
        });
    } catch (...) {
        jobs_ -= 1;
        throw;
    }
}

/// Where the choice's outputs may end, when they join a run. Under mutex_.
LSM_TREE_TEMPLATE
auto LSM_TREE::join_of(const Choice& choice) const -> PendingJoin {
    PendingJoin join{*choice.join, choice.inputs.front(), {}, {}};
    bool first = true;
    for (const TableId id : choice.inputs) {
        const TableShape& table = *state_.shape.find_table(id);
        if (first || table.smallest < join.smallest) join.smallest = table.smallest;
        if (first || table.largest > join.largest) join.largest = table.largest;
        first = false;
    }
    return join;
}

/// Flushes waiting memtables, oldest first; one thread at a time does.
LSM_TREE_TEMPLATE
void LSM_TREE::flush_waiting() {
    Lock lock(mutex_);
    if (flushing_) return;
    flushing_ = true;
    while (!failure_ && !shortage_ && !view_owner_->waiting.empty()) {
        try {
            const auto& waiting = view_owner_->waiting;
            flush_slot(bug(Bug::memtables_flushed_out_of_order) ? waiting.front() : waiting.back(),
                       lock);
            choices_ = 0;
            put_off_.clear();
            // Now, and not once nothing waits any more: writers may see to it that something does.
            schedule_compactions(lock);
        } catch (...) {
            if (!lock.owns_lock()) lock.lock();
            note_failure(std::current_exception());
        }
    }
    flushing_ = false;
    changed_.notify_all();
    schedule_compactions(lock);
}

LSM_TREE_TEMPLATE
void LSM_TREE::flush_slot(const std::shared_ptr<Slot>& slot_in_view, Lock& lock) {
    const std::shared_ptr<Slot> slot = slot_in_view;
    const TableOrigin origin{Cause::flush, 1, tick(), slot->first_delete_tick(), tick()};
    const RunPlan plan = plan_run(origin, slot->entries(), {}, {});
    const std::vector<Sequence> snapshots = snapshots_->sequences();
    lock.unlock();
    WrittenRun written;
    std::vector<std::shared_ptr<File>> made;
    TreeEdit edit;
    EditExtras extras;
    try {
        // What is older is on the levels: all tombstones stay.
        auto older = [](auto...) { return true; };
        const MemtableRanges::Lists lists = slot->ranges().all();
        std::vector<RangeTombstone> tombstones;
        for (const auto& list : lists) list->append_to(tombstones);
        const RangeTombstones ranges = RangeTombstones::fragment(tombstones);
        RunWriter<F, X>(files_, format_, filter_, plan, written)
            .write(*slot->cursor(),
                   VersionRule(snapshots, older, &ranges, plan.origin.created_tick),
                   kept_ranges(ranges, snapshots, older));
        made = open_written(written, 1);
        extras.flushed = slot.get();
        extras.event.type = EngineEvent::Type::flush;
        extras.event.bytes_written = written.stored_bytes;
        extras.event.entries_dropped = written.entries_dropped;
        extras.event.reason = "the memtable is full";
        lock.lock();
        const RunId run = state_.next_run++;
        state_.shape.flush_ticks = tick() - slot->first_tick();
        lock.unlock();
        for (const TableShape& table : written.tables) {
            edit.added.push_back({1, run, false, table});
            extras.event.outputs.push_back(note_of(table, 1, run));
        }
    } catch (...) {
        discard(written);
        throw;
    }
    undoing(
        Bug::tables_deleted_after_failed_manifest, [&] { install(edit, made, std::move(extras)); },
        [&] { discard(written); });
    lock.lock();
    changed_.notify_all();
    check_lifetimes();
}

/// Tells the shape where lookups went, when a policy wants to know. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::note_reads() {
    if (!counts_reads_) return;
    for (size_t i = 0; i < state_.shape.levels.size(); ++i) {
        LevelShape& level = state_.shape.levels[i];
        level.probes = probes_[std::min<size_t>(i + 1, 255)].load(std::memory_order_relaxed);
        for (RunShape& run : level.runs) {
            for (TableShape& table : run.tables) table.reads = tables_.at(table.id)->reads();
        }
    }
}

/// What the strategy chooses; an exception out of it is its fault and says so.
LSM_TREE_TEMPLATE
Choice LSM_TREE::ask_strategy() const {
    try {
        return compaction_.choose(state_.shape);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw Error(ErrorKind::config, "compaction policy " + options_.compaction_name +
                                           " failed to choose: " + error.what());
    }
}

/// At every flush and compaction. Inline nobody gets to ask the strategy amid a batch; with a clock
/// or in the background not since it last came to rest. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::check_lifetimes() {
    if (!lifetime_holds_) return;
    const uint64_t now = tick();
    const bool exact = executor_->runs_inline() && options_.clock == nullptr;
    const uint64_t slack = exact
                               ? ticks_of_last_write_ - std::min<uint64_t>(1, ticks_of_last_write_)
                               : now - std::min(now, rested_tick_);
    lifetime_.check(state_.shape, now, slack, options_.compaction_name);
}

/// The strategy has nothing to do and nothing runs. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::note_rest() {
    rested_tick_ = state_.shape.tick;
    if (!snapshots_->sequences().empty()) note_kept();
    lifetime_holds_ = counters_.flushes > kept_at_flush_;
    lifetime_.note_rest(state_.shape, state_.shape.tick);
}

/// A snapshot keeps tombstones; a strategy may leave them alone until after the next flush. Under
/// mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::note_kept() {
    lifetime_holds_ = false;
    kept_at_flush_ = counters_.flushes;
}

/// Counts deletes that became final now. `bound`: no tombstone among them was written before; with
/// a clock that is all that is known of their age. Under mutex_.
LSM_TREE_TEMPLATE
void LSM_TREE::count_finals(const FinalTombstones& finals, uint64_t bound) {
    if (finals.count == 0) return;
    const uint64_t now = tick();
    const bool exact = options_.clock == nullptr;
    const uint64_t most = now - std::min(now, exact ? finals.oldest : bound);
    counters_.final_tombstones += finals.count;
    counters_.final_tombstone_age_sum +=
        exact ? finals.count * now - finals.sum : finals.count * most;
    counters_.final_tombstone_age_max = std::max(counters_.final_tombstone_age_max, most);
}

/// A strategy that undoes what it did, or moves tables for ever, would never let a writer go on.
LSM_TREE_TEMPLATE
void LSM_TREE::check_comes_to_rest() {
    choices_ += 1;
    if (choices_ <= kChoicesWithoutFlush + kChoicesPerTable * tables_.size()) return;
    throw Error(ErrorKind::config,
                "compaction policy " + options_.compaction_name + " never comes to rest: " +
                    std::to_string(choices_) + " choices since the last flush",
                {}, "choose() must say nothing once the shape is as it should be");
}

/// Asks the strategy until it says nothing, or as many compactions run as may.
LSM_TREE_TEMPLATE
void LSM_TREE::schedule_compactions(Lock&) {
    const uint64_t most = executor_->runs_inline() ? 1 : options_.max_compactions;
    while (!failure_ && put_off_.empty() && !manual_ && !closing_ && running_ < most) {
        try {
            state_.shape.tick = tick();
            note_reads();
            const Choice choice = ask_strategy();
            if (choice.action == Choice::Action::nothing) {
                // A memtable that waits has tombstones that the strategy was not asked about.
                if (running_ == 0 && view_owner_->waiting.empty()) note_rest();
                return;
            }
            check_choice(state_.shape, choice, options_.compaction_name, may_drop());
            check_comes_to_rest();
            if (!begin_choice(choice)) return;
        } catch (...) {
            fail(std::current_exception());
            return;
        }
    }
}

/// False when it has to wait for running compactions.
LSM_TREE_TEMPLATE
bool LSM_TREE::begin_choice(const Choice& choice) {
    if (choice.join && choice.action != Choice::Action::drop) {
        // The strategy can not see where running compactions will put their outputs; this one
        // waits for them.
        const PendingJoin join = join_of(choice);
        for (const PendingJoin& other : joins_) {
            if (other.run == join.run &&
                !(other.largest < join.smallest || join.largest < other.smallest))
                return false;
        }
        joins_.push_back(join);
    }
    if (!bug(Bug::two_compactions_share_inputs)) set_busy(choice.inputs, true);
    submit(JobKind::compaction, [this, choice] { run_choice(choice); });
    running_ += 1;  // the job waits for the lock, or for drain()
    return true;
}

LSM_TREE_TEMPLATE
void LSM_TREE::run_choice(const Choice& choice) {
    Lock lock(mutex_);
    std::exception_ptr error;
    try {
        if (choice.action == Choice::Action::merge) {
            merge(choice, lock);
        } else {
            move_or_drop(choice, lock);
        }
    } catch (...) {
        error = std::current_exception();
    }
    if (!lock.owns_lock()) lock.lock();
    finish_job(lock, choice, error);
}

LSM_TREE_TEMPLATE
void LSM_TREE::finish_job(Lock& lock, const Choice& choice, std::exception_ptr error) {
    running_ -= 1;
    std::erase_if(
        joins_, [&](const PendingJoin& join) { return join.first_input == choice.inputs.front(); });
    try {
        if (error) {
            set_busy(choice.inputs, false);
            std::rethrow_exception(error);
        }
        put_off_.clear();
        check_lifetimes();
    } catch (const DiskFullError& full) {
        set_words(put_off_, full.what());
        note_kept();  // so do tombstones that should have gone
    } catch (...) {
        fail(std::current_exception());
    }
    changed_.notify_all();
    schedule_compactions(lock);
}

/// Returns once nothing runs or waits; compactions that are due but not begun do not count.
LSM_TREE_TEMPLATE
void LSM_TREE::wait_until_idle(Lock& lock) {
    drain_inline(lock);
    changed_.wait(lock, [&] {
        return running_ == 0 && !flushing_ &&
               (failure_ || shortage_ || view_owner_->waiting.empty());
    });
}

LSM_TREE_TEMPLATE
void LSM_TREE::settle() {
    Lock lock(mutex_);
    const auto come_to_rest = [&] {
        put_off_.clear();
        schedule_compactions(lock);
        wait_until_idle(lock);
    };
    if (executor_->runs_inline() || shortage_) {
        // An inline executor's jobs are queued and run by whoever has the turn.
        in_turn(lock, [&] {
            mend(lock);
            come_to_rest();
        });
    } else {
        come_to_rest();
    }
    throw_if_failed();
    throw_if_short();
    throw_if_put_off();
}

}  // namespace lsm
