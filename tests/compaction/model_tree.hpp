// A tree of nothing but keys and versions, to hold a compaction strategy against. It flushes,
// carries out choices by the same edits as the engine, and checks after each step what must hold
// for any strategy. Jobs may be begun and finished apart, as in the engine's realtime mode.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "framework/policy/choice_check.hpp"
#include "framework/policy/compaction.hpp"
#include "framework/policy/tree_edit.hpp"

namespace lsm {

class ModelTree {
  public:
    static constexpr uint64_t kEntryBytes = 16;
    static constexpr uint64_t kKeys = 1 << 17;                    // keys are numbers below this
    using Versions = std::vector<std::pair<uint64_t, Sequence>>;  // by key

    struct Job {
        Choice choice;
        bool overtakes = false;
    };

    ModelTree(AnyCompaction strategy, uint64_t memtable_entries, uint64_t table_entries)
        : strategy_(std::move(strategy)), newest_(kKeys), above_(kKeys), above_step_(kKeys) {
        shape_.memtable_bytes = memtable_entries * kEntryBytes;
        shape_.table_bytes = table_entries * kEntryBytes;
        shape_.seed = 42;
    }

    static std::string key(uint64_t number) {
        const std::string digits = std::to_string(number);
        return "k" + std::string(6 - digits.size(), '0') + digits;
    }

    void put(uint64_t number) { write(number); }
    void remove(uint64_t number) {
        tombstones_.insert(sequence_ + 1);
        write(number);
    }

    void write(uint64_t number) {
        ++shape_.tick;
        ++sequence_;
        memtable_[number] = sequence_;
        newest_[number] = sequence_;
        ++writes_;
        memtable_bytes_ += kEntryBytes;
        if (memtable_bytes_ >= shape_.memtable_bytes) flush();
    }

    void flush() {
        if (memtable_.empty()) return;
        shape_.flush_ticks = shape_.tick - last_flush_tick_;
        last_flush_tick_ = shape_.tick;
        TreeEdit edit;
        add_outputs(edit, Versions(memtable_.begin(), memtable_.end()), 1, ++last_id_, false);
        written_ += memtable_.size();
        apply_edit(shape_, edit);
        memtable_.clear();
        memtable_bytes_ = 0;
        check_shape();
    }

    /// Chooses and carries out until nothing is due; returns how often.
    int settle() {
        size_t tables = 0;
        for (const LevelShape& level : shape_.levels) {
            for (const RunShape& run : level.runs) tables += run.tables.size();
        }
        const int bound = 100 + 20 * static_cast<int>(tables);
        int steps = 0;
        for (Job job; begin(job); ++steps) {
            finish(job);
            if (steps > bound) {
                ADD_FAILURE() << "no rest after " << bound
                              << " choices; the last: " << job.choice.reason;
                break;
            }
        }
        return steps;
    }

    /// Asks the strategy and marks its inputs busy; false when it has nothing to do.
    bool begin(Job& job) {
        const Choice choice = strategy_.choose(shape_);
        expect_same(choice, strategy_.choose(shape_));
        if (choice.action == Choice::Action::nothing) return false;
        check_choice(shape_, choice, "the strategy under test", strategy_.may_drop);
        EXPECT_FALSE(choice.reason.empty());
        EXPECT_GE(choice.score, 1) << choice.reason;
        job = {choice, choice.action != Choice::Action::drop && output_overtakes(shape_, choice)};
        mark(choice, true);
        choices_.push_back(choice);
        return true;
    }

    void finish(const Job& job) {
        const Choice& choice = job.choice;
        mark(choice, false);
        TreeEdit edit;
        edit.removed = choice.inputs;
        if (choice.cursor_level) edit.cursor = {*choice.cursor_level, choice.cursor};
        const RunId run = choice.join ? *choice.join : ++last_id_;
        if (choice.action == Choice::Action::move) {
            for (const TableId id : choice.inputs) {
                edit.added.push_back(
                    {choice.output_level, run, job.overtakes, *shape_.find_table(id)});
            }
        } else if (choice.action == Choice::Action::merge) {
            Versions merged = merge(choice.inputs);
            drop_tombstones(merged, choice.inputs);
            written_ += merged.size();
            add_outputs(edit, merged, choice.output_level, run, job.overtakes, choice.cut_keys);
        } else {
            for (const TableId id : choice.inputs) {
                for (const auto& [one, version] : contents_[id]) dropped_.insert(one);
            }
        }
        apply_edit(shape_, edit);
        check_shape();
    }

    /// What must hold when nothing is due.
    void check_runs_at_rest() const {
        for (int number = 1; number <= shape_.last_level(); ++number) {
            EXPECT_LE(shape_.level(number).runs.size(), strategy_.runs_allowed(shape_, number))
                << "runs of level " << number;
        }
    }

    /// And this, as long as flushes came one by one.
    void check_bytes_at_rest() const {
        for (int number = 1; number <= shape_.last_level(); ++number) {
            const LevelShape& level = shape_.level(number);
            const uint64_t capacity = strategy_.capacity(shape_, number);
            if (capacity > 0) {
                EXPECT_LE(level.logical_bytes(), capacity) << "bytes of level " << number;
            }
        }
    }

    /// Every key is there in its newest version, unless a strategy that may dropped it.
    void check_nothing_lost() const {
        std::vector<Sequence> found(kKeys);
        for (const LevelShape& level : shape_.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    for (const auto& [one, version] : contents_.at(table.id)) {
                        found[one] = std::max(found[one], version);
                    }
                }
            }
        }
        for (uint64_t one = 0; one < kKeys; ++one) {
            if (memtable_.count(one) != 0 || dropped_.count(one) != 0) continue;
            if (found[one] == 0 && tombstones_.count(newest_[one]) != 0) continue;
            ASSERT_EQ(found[one], newest_[one]) << key(one);
        }
    }

    /// Ticks since the oldest tombstone in a table was written; 0 without one.
    uint64_t oldest_tombstone_age() const {
        uint64_t age = 0;
        for (const LevelShape& level : shape_.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    if (table.tombstones == 0) continue;
                    age = std::max(age, shape_.tick - table.oldest_tombstone_tick);
                }
            }
        }
        return age;
    }

    const TreeShape& shape() const { return shape_; }
    const std::vector<Choice>& choices() const { return choices_; }
    double write_amplification() const {
        return static_cast<double>(written_) / static_cast<double>(writes_);
    }

    static void expect_same(const Choice& left, const Choice& right) {
        EXPECT_EQ(left.action, right.action);
        EXPECT_EQ(left.inputs, right.inputs);
        EXPECT_EQ(left.output_level, right.output_level);
        EXPECT_EQ(left.join, right.join);
        EXPECT_EQ(left.cut_keys, right.cut_keys);
        EXPECT_EQ(left.cursor_level, right.cursor_level);
        EXPECT_EQ(left.cursor, right.cursor);
        EXPECT_EQ(left.score, right.score);
        EXPECT_EQ(left.reason, right.reason);
    }

  private:
    void add_outputs(TreeEdit& edit, const Versions& versions, int level, RunId run, bool overtakes,
                     const std::vector<std::string>& cut_keys = {}) {
        EXPECT_TRUE(std::is_sorted(cut_keys.begin(), cut_keys.end()));
        for (auto next = versions.begin(); next != versions.end();) {
            TableShape table;
            table.id = ++last_id_;
            table.smallest = key(next->first);
            table.oldest_sequence = kMaxSequence;
            table.created_tick = shape_.tick;
            Versions& held = contents_[table.id];
            const auto cut = std::upper_bound(cut_keys.begin(), cut_keys.end(), table.smallest);
            while (next != versions.end() && table.logical_bytes < shape_.table_bytes &&
                   (cut == cut_keys.end() || key(next->first) < *cut)) {
                held.push_back(*next);
                table.largest = key(next->first);
                table.entries += 1;
                table.logical_bytes += kEntryBytes;
                table.oldest_sequence = std::min(table.oldest_sequence, next->second);
                table.newest_sequence = std::max(table.newest_sequence, next->second);
                table.newest_write_tick = table.newest_sequence;  // each write is a tick
                if (tombstones_.count(next->second) != 0) {
                    const bool first = table.tombstones++ == 0;
                    table.oldest_tombstone_tick =
                        first ? next->second : std::min(table.oldest_tombstone_tick, next->second);
                }
                ++next;
            }
            edit.added.push_back({level, run, overtakes, table});
        }
    }

    /// The newest version of each key in the tables.
    Versions merge(const std::vector<TableId>& inputs) {
        Versions merged;
        for (const TableId id : inputs) {
            merged.insert(merged.end(), contents_[id].begin(), contents_[id].end());
        }
        std::sort(merged.begin(), merged.end(), [](const auto& left, const auto& right) {
            return left.first != right.first ? left.first < right.first
                                             : left.second > right.second;
        });
        const auto same_key = [](const auto& left, const auto& right) {
            return left.first == right.first;
        };
        merged.erase(std::unique(merged.begin(), merged.end(), same_key), merged.end());
        return merged;
    }

    /// Those whose key lies in no other table's range, at or behind the first input's place.
    void drop_tombstones(Versions& merged, const std::vector<TableId>& inputs) {
        if (tombstones_.empty()) return;
        const std::set<TableId> merging(inputs.begin(), inputs.end());
        std::vector<const TableShape*> others;
        bool reached = false;
        for (const LevelShape& level : shape_.levels) {
            for (const RunShape& run : level.runs) {
                for (const TableShape& table : run.tables) {
                    reached = reached || merging.count(table.id) != 0;
                }
                if (!reached && !run.overtakes) continue;
                for (const TableShape& table : run.tables) {
                    if (merging.count(table.id) == 0) others.push_back(&table);
                }
            }
        }
        std::erase_if(merged, [&](const auto& entry) {
            if (tombstones_.count(entry.second) == 0) return false;
            const std::string name = key(entry.first);
            return std::none_of(others.begin(), others.end(), [&](const TableShape* table) {
                return table->overlaps(name, name);
            });
        });
    }

    void mark(const Choice& choice, bool busy) {
        const std::set<TableId> inputs(choice.inputs.begin(), choice.inputs.end());
        for (LevelShape& level : shape_.levels) {
            for (RunShape& run : level.runs) {
                for (TableShape& table : run.tables) {
                    if (inputs.count(table.id) != 0) table.busy = busy;
                }
            }
        }
    }

    /// Tables of a run do not overlap, and no version lies below an older one.
    void check_shape() {
        ++step_;
        for (const LevelShape& level : shape_.levels) {
            for (const RunShape& run : level.runs) {
                for (size_t i = 1; i < run.tables.size(); ++i) {
                    ASSERT_LT(run.tables[i - 1].largest, run.tables[i].smallest);
                }
                for (const TableShape& table : run.tables) check_order(table, run);
            }
        }
    }

    void check_order(const TableShape& table, const RunShape& run) {
        for (const auto& [one, version] : contents_.at(table.id)) {
            const bool is_first = above_step_[one] != step_;
            if (!is_first && !run.overtakes) {
                ASSERT_LT(version, above_[one]) << key(one) << " in table " << table.id;
            }
            above_[one] = is_first ? version : std::min(above_[one], version);
            above_step_[one] = step_;
        }
    }

    AnyCompaction strategy_;
    TreeShape shape_;
    std::map<TableId, Versions> contents_;
    std::map<uint64_t, Sequence> memtable_;
    std::vector<Sequence> newest_;  // of each key
    std::set<uint64_t> dropped_;
    std::set<Sequence> tombstones_;  // those of all versions that are deletes
    uint64_t last_flush_tick_ = 0;
    // Of each key the oldest version so far on the way down, valid when it was set in this step.
    std::vector<Sequence> above_;
    std::vector<uint64_t> above_step_;
    uint64_t step_ = 0;
    uint64_t memtable_bytes_ = 0;
    Sequence sequence_ = 0;
    uint64_t last_id_ = 0;
    uint64_t writes_ = 0;
    uint64_t written_ = 0;
    std::vector<Choice> choices_;
};

}  // namespace lsm
