// The whole tree against a std::map: seeded random operations over every pair of policies, with
// limits so small that a few hundred operations flush, compact, cut tables and recover many times.
// A failure prints one line that repeats it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/random.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm {
namespace {

using Map = std::map<std::string, std::string>;

/// One combination of policies, by name.
struct Combination {
    std::string memtable = "skiplist", bloom = "uniform", filter = "bloom", format = "row_block",
                compaction = "leveling", codec = "none", sync = "process";

    std::string text() const {
        return memtable + "," + bloom + "," + filter + "," + format + "," + compaction + "," +
               codec + "," + sync;
    }
};

EngineSettings tiny_settings(const Combination& combination, uint64_t seed) {
    EngineSettings settings;
    settings.memtable.policy = combination.memtable;
    settings.bloom.policy = combination.bloom;
    settings.filter.policy = combination.filter;
    settings.format.policy = combination.format;
    settings.compaction.policy = combination.compaction;
    settings.codec = combination.codec;
    settings.log_sync = combination.sync;
    settings.memtable_size = 2048;
    settings.table_size = 1500;
    settings.block_size = seed % 3 == 0 ? 1 : 200;  // 1: a block for each entry
    settings.cache_size = seed % 2 == 0 ? 0 : 4096;
    settings.seed = seed;
    return settings;
}

/// Drives one tree and its model.
class ModelRun {
  public:
    ModelRun(const Combination& combination, uint64_t seed)
        : settings_(tiny_settings(combination, seed)),
          random_(seed),
          files_(make_memory_file_system()) {
        open();
    }

    void run(uint64_t operations) {
        for (uint64_t i = 0; i < operations && !::testing::Test::HasFatalFailure(); ++i) step();
        expire();
        if (!::testing::Test::HasFatalFailure()) check_all();
        snapshots_.clear();
        tree_->close();
    }

  private:
    struct Kept {
        Snapshot snapshot;
        Map model;
        std::map<std::string, uint64_t> expiries;
    };

    void open() {
        auto options = tree_options(all_policies(), settings_);
        options.files = files_.get();
        options.folder = "model";
        options.log_reserve = 4096;
        tree_ = AnyTree::open(std::move(options));
    }

    std::string key() {
        const uint64_t number = random_.below(150);
        std::string key = number == 0 ? std::string() : "k" + std::to_string(number * 7919 % 1000);
        if (number % 17 == 3) key += std::string(30, static_cast<char>(number));
        return key;
    }

    std::string value() {
        const uint64_t size = random_.below(60) == 0 ? random_.below(3000) : random_.below(40);
        return std::string(size, static_cast<char>('a' + random_.below(26))) +
               std::to_string(++stamp_);
    }

    void step() {
        expire();
        const uint64_t dice = random_.below(1000);
        if (dice < 380) {
            put();
        } else if (dice < 450) {
            put_for_a_time();
        } else if (dice < 570) {
            remove();
        } else if (dice < 600) {
            remove_range();
        } else if (dice < 660) {
            batch();
        } else if (dice < 860) {
            look_up();
        } else if (dice < 920) {
            walk(*tree_->cursor(), model_);
        } else if (dice < 950) {
            keep_or_check_snapshot();
        } else if (dice < 965) {
            tree_->flush();
        } else if (dice < 975) {
            compact();
        } else if (dice < 985) {
            reopen();
        } else {
            check_all();
        }
    }

    void put() {
        const std::string k = key(), v = value();
        tree_->put(k, v);
        now_ += 1;
        model_[k] = v;
        expiries_.erase(k);
    }

    /// A value that is there while fewer writes than `ttl` follow.
    void put_for_a_time() {
        const std::string k = key(), v = value();
        const uint64_t ttl = random_.below(4) == 0 ? UINT64_MAX : 1 + random_.below(60);
        tree_->put(k, v, ttl);
        note_for_a_time(k, v, ttl);
    }

    void note_for_a_time(const std::string& k, const std::string& v, uint64_t ttl) {
        now_ += 1;
        model_[k] = v;
        expiries_[k] = now_ + std::min(ttl, UINT64_MAX - now_);
    }

    /// Takes out of the model what has expired.
    void expire() { expire(model_, expiries_); }
    void expire(Map& model, std::map<std::string, uint64_t>& expiries) const {
        for (auto at = expiries.begin(); at != expiries.end();) {
            if (at->second <= now_) {
                model.erase(at->first);
                at = expiries.erase(at);
            } else {
                ++at;
            }
        }
    }

    void remove() {
        const std::string k = key();
        tree_->remove(k);
        now_ += 1;
        model_.erase(k);
        expiries_.erase(k);
    }

    /// A few keys mostly, sometimes any number, also none that is there.
    std::pair<std::string, std::string> range() {
        std::string first = key(), last = key();
        if (random_.below(4) != 0) {
            auto end = model_.lower_bound(first);
            for (uint64_t n = random_.below(8); n > 0 && end != model_.end(); --n) ++end;
            last = end == model_.end() ? first + "~" : end->first;
        }
        if (last < first) std::swap(first, last);
        if (first == last) last.push_back('\0');
        return {first, last};
    }

    void forget(const std::pair<std::string, std::string>& range) {
        now_ += 1;
        model_.erase(model_.lower_bound(range.first), model_.lower_bound(range.second));
        expiries_.erase(expiries_.lower_bound(range.first), expiries_.lower_bound(range.second));
    }

    void remove_range() {
        const auto removed = range();
        tree_->remove_range(removed.first, removed.second);
        forget(removed);
    }

    void batch() {
        WriteBatch batch;
        const uint64_t count = random_.below(12);
        for (uint64_t i = 0; i < count; ++i) {
            const std::string k = key();
            if (random_.below(8) == 0) {
                const auto removed = range();
                batch.remove_range(removed.first, removed.second);
                forget(removed);
            } else if (random_.below(3) == 0) {
                batch.remove(k);
                now_ += 1;
                model_.erase(k);
                expiries_.erase(k);
            } else if (random_.below(4) == 0) {
                const std::string v = value();
                const uint64_t ttl = 1 + random_.below(60);
                batch.put(k, v, ttl);
                note_for_a_time(k, v, ttl);
            } else {
                const std::string v = value();
                batch.put(k, v);
                now_ += 1;
                model_[k] = v;
                expiries_.erase(k);
            }
        }
        tree_->write(batch);
        expire();
    }

    void look_up() {
        const std::string k = key();
        expect_get(tree_->get(k), model_, k);
    }

    void expect_get(const std::optional<std::string>& got, const Map& model, const std::string& k) {
        const auto found = model.find(k);
        ASSERT_EQ(got.has_value(), found != model.end()) << "key " << k;
        if (!got) return;
        ASSERT_EQ(*got, found->second) << "key " << k;
    }

    /// A random walk: seeks, steps, turns.
    void walk(TreeCursor& cursor, const Map& model) {
        auto at = model.end();
        position(cursor, model, at);
        for (uint64_t steps = random_.below(30); steps > 0; --steps) {
            ASSERT_EQ(cursor.valid(), at != model.end());
            if (!cursor.valid()) return;
            ASSERT_EQ(cursor.key(), at->first);
            ASSERT_EQ(cursor.value(), at->second);
            if (random_.below(8) == 0) {
                position(cursor, model, at);
            } else if (random_.below(3) != 0) {
                cursor.next();
                ++at;
            } else {
                cursor.previous();
                at = at == model.begin() ? model.end() : std::prev(at);
            }
        }
    }

    void position(TreeCursor& cursor, const Map& model, Map::const_iterator& at) {
        const std::string k = key();
        switch (random_.below(4)) {
            case 0:
                cursor.seek_first();
                at = model.begin();
                break;
            case 1:
                cursor.seek_last();
                at = model.empty() ? model.end() : std::prev(model.end());
                break;
            case 2:
                cursor.seek(k);
                at = model.lower_bound(k);
                break;
            default:
                cursor.seek_at_most(k);
                at = model.upper_bound(k);
                at = at == model.begin() ? model.end() : std::prev(at);
        }
    }

    void keep_or_check_snapshot() {
        if (snapshots_.size() < 3 && random_.below(2) == 0) {
            snapshots_.push_back({tree_->snapshot(), model_, expiries_});
            return;
        }
        if (snapshots_.empty()) return;
        Kept& kept = snapshots_[random_.below(snapshots_.size())];
        expire(kept.model, kept.expiries);  // a snapshot holds the writes, not the time
        for (int i = 0; i < 10; ++i) {
            const std::string k = key();
            std::string got;
            const bool found = tree_->get(k, got, kept.snapshot);
            expect_get(found ? std::optional(got) : std::nullopt, kept.model, k);
        }
        check_forward(*tree_->cursor(kept.snapshot), kept.model);
        if (random_.below(2) == 0)
            snapshots_.erase(snapshots_.begin() +
                             static_cast<std::ptrdiff_t>(&kept - snapshots_.data()));
    }

    void compact() {
        if (random_.below(2) == 0) {
            tree_->compact();
        } else {
            std::string first = key(), last = key();
            if (last < first) std::swap(first, last);
            tree_->compact(first, last);
        }
    }

    void reopen() {
        snapshots_.clear();
        tree_->close();
        open();
    }

    void check_forward(TreeCursor& cursor, const Map& model) {
        auto at = model.begin();
        for (cursor.seek_first(); cursor.valid(); cursor.next(), ++at) {
            ASSERT_NE(at, model.end()) << "extra key " << cursor.key();
            ASSERT_EQ(cursor.key(), at->first);
            ASSERT_EQ(cursor.value(), at->second);
        }
        ASSERT_EQ(at, model.end());
    }

    void check_all() {
        const auto cursor = tree_->cursor();
        check_forward(*cursor, model_);
        auto at = model_.rbegin();
        for (cursor->seek_last(); cursor->valid(); cursor->previous(), ++at) {
            ASSERT_NE(at, model_.rend());
            ASSERT_EQ(cursor->key(), at->first);
            ASSERT_EQ(cursor->value(), at->second);
        }
        ASSERT_EQ(at, model_.rend());
        for (const auto& [k, v] : model_) ASSERT_EQ(tree_->get(k), v) << "key " << k;
    }

    const EngineSettings settings_;
    Random random_;
    std::unique_ptr<FileSystem> files_;
    std::unique_ptr<AnyTree> tree_;
    Map model_;
    std::map<std::string, uint64_t> expiries_;  // of values that have one: the tick
    uint64_t now_ = 0;                          // writes so far
    std::vector<Kept> snapshots_;
    uint64_t stamp_ = 0;
};

void run_model(const Combination& combination, uint64_t seed, uint64_t operations) {
    SCOPED_TRACE("repeat with: LSMLAB_MODEL=" + combination.text() + "," + std::to_string(seed) +
                 "," + std::to_string(operations) + " --gtest_filter=ModelTest.Repeat");
    try {
        ModelRun(combination, seed).run(operations);
    } catch (const std::exception& error) {
        FAIL() << error.what();
    }
}

template <class Any>
std::vector<std::string> names(const AxisRegistry<Any>& axis) {
    std::vector<std::string> result;
    for (const auto& policy : axis.policies()) result.push_back(policy.name);
    return result;
}

/// The axes, each with its values and the member of a combination that it sets.
struct Axis {
    std::string Combination::* member;
    std::vector<std::string> values;
};

std::vector<Axis> axes() {
    const Registry& registry = all_policies();
    std::vector<std::string> compactions;
    for (const auto& policy : registry.compaction().policies()) {
        std::vector<OptionProblem> problems;
        // A policy that drops live data has no std::map for a model.
        if (!AnyCompaction(policy.make({}, problems)).may_drop) compactions.push_back(policy.name);
    }
    return {{&Combination::memtable, names(registry.memtable())},
            {&Combination::bloom, names(registry.bloom())},
            {&Combination::filter, names(registry.filter())},
            {&Combination::format, names(registry.format())},
            {&Combination::compaction, compactions},
            {&Combination::codec, {"none", "lz4", "zstd"}},
            {&Combination::sync, {"none", "process", "power"}}};
}

TEST(ModelTest, EveryPairOfPolicies) {
    const std::vector<Axis> all = axes();
    uint64_t seed = 1;
    for (size_t first = 0; first < all.size(); ++first) {
        for (size_t second = first + 1; second < all.size(); ++second) {
            for (const std::string& left : all[first].values) {
                for (const std::string& right : all[second].values) {
                    Combination combination;
                    combination.*all[first].member = left;
                    combination.*all[second].member = right;
                    run_model(combination, seed++, 400);
                    if (HasFatalFailure()) return;
                }
            }
        }
    }
}

TEST(ModelTest, LongRunsOfEveryStrategy) {
    uint64_t seed = 1000;
    const std::vector<Axis> all = axes();
    for (const std::string& compaction : all[4].values) {
        for (const char* memtable : {"skiplist", "vector"}) {
            Combination combination;
            combination.compaction = compaction;
            combination.memtable = memtable;
            run_model(combination, seed++, 4000);
            if (HasFatalFailure()) return;
        }
    }
}

/// LSMLAB_MODEL=memtable,bloom,filter,format,compaction,codec,sync,seed,operations
TEST(ModelTest, Repeat) {
    const char* text = std::getenv("LSMLAB_MODEL");
    const std::string line =
        text != nullptr ? text : "skiplist,monkey,blocked_bloom,plain,tiering,lz4,power,7,2000";
    std::vector<std::string> parts;
    for (size_t begin = 0; begin <= line.size();) {
        const size_t end = std::min(line.find(',', begin), line.size());
        parts.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    ASSERT_EQ(parts.size(), 9u) << line;
    run_model({parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]},
              std::stoull(parts[7]), std::stoull(parts[8]));
}

}  // namespace
}  // namespace lsm
