// The version rule against the definition: whatever is dropped, no snapshot and no present reader
// sees a difference.
#include "framework/tree/version_rule.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace lsm {
namespace {

struct RuleVersion {
    Sequence sequence;
    bool put;
};

/// What a reader at `at` sees: the sequence of a value, or nothing.
std::optional<Sequence> seen(const std::vector<RuleVersion>& newest_first, Sequence at) {
    for (const RuleVersion& version : newest_first) {
        if (version.sequence > at) continue;
        return version.put ? std::optional(version.sequence) : std::nullopt;
    }
    return std::nullopt;
}

/// Four versions of a key at sequences 2, 4, 6, 8 (each a value, a tombstone or absent), every set
/// of snapshots at 1 to 9, with and without older data (a value at sequence 1, outside of the
/// merge).
TEST(VersionRuleTest, EverySmallCaseKeepsWhatReadersNeedAndNoMore) {
    uint64_t cases = 0, dropped = 0;
    for (int kinds = 0; kinds < 81; ++kinds) {
        std::vector<RuleVersion> versions;
        for (int i = 3, rest = kinds; i >= 0; --i, rest /= 3) {
            if (rest % 3 != 0)
                versions.push_back({static_cast<Sequence>(2 * i + 2), rest % 3 == 1});
        }
        for (int set = 0; set < 512; ++set) {
            std::vector<Sequence> snapshots;
            for (int i = 0; i < 9; ++i) {
                if (set & (1 << i)) snapshots.push_back(static_cast<Sequence>(i + 1));
            }
            for (const bool older : {false, true}) {
                VersionRule rule(snapshots, [older](std::string_view) { return older; });
                std::vector<RuleVersion> kept, before = versions;
                for (const RuleVersion& version : versions) {
                    const Kind kind = version.put ? Kind::value : Kind::tombstone;
                    if (rule.keeps(Entry::make("k", "", version.sequence, kind)))
                        kept.push_back(version);
                }
                dropped += versions.size() - kept.size();
                std::vector<RuleVersion> after = kept;
                if (older) {
                    before.push_back({1, true});
                    after.push_back({1, true});
                }
                std::vector<Sequence> readers = snapshots;
                readers.push_back(kMaxSequence);
                for (const Sequence at : readers) {
                    ASSERT_EQ(seen(after, at), seen(before, at))
                        << "kinds " << kinds << " snapshots " << set << " at " << at;
                }
                // Nothing is kept without need: a value that no reader sees, or a tombstone that
                // hides nothing and was seen by all.
                for (size_t i = 0; i < kept.size(); ++i) {
                    bool needed = false;
                    for (const Sequence at : readers) {
                        needed = needed ||
                                 (at >= kept[i].sequence && (i == 0 || at < kept[i - 1].sequence));
                    }
                    ASSERT_TRUE(needed) << "kinds " << kinds << " snapshots " << set;
                    const bool seen_by_all =
                        snapshots.empty() || kept[i].sequence <= snapshots.front();
                    ASSERT_TRUE(kept[i].put || older || !seen_by_all);
                }
                ++cases;
            }
        }
    }
    EXPECT_EQ(cases, 81u * 512 * 2);
    EXPECT_GT(dropped, 0u);
}

/// What a reader at `at` sees of the versions under range tombstones with these sequences.
std::optional<Sequence> seen_under(const std::vector<RuleVersion>& newest_first,
                                   const std::vector<Sequence>& ranges, Sequence at) {
    Sequence covering = 0;
    for (const Sequence one : ranges) {
        if (one <= at) covering = std::max(covering, one);
    }
    const auto version = seen(newest_first, at);
    return version && *version > covering ? version : std::nullopt;
}

/// Versions at 3, 5 and 7, range tombstones at 2, 4, 6 and 8, every set of snapshots at 1 to 8,
/// with and without older data (a value at 1, outside of the merge).
TEST(VersionRuleTest, EverySmallCaseUnderRangeTombstones) {
    uint64_t dropped = 0;
    for (int kinds = 0; kinds < 27 * 16 * 256 * 2; ++kinds) {
        std::vector<RuleVersion> versions;
        for (int i = 2, rest = kinds % 27; i >= 0; --i, rest /= 3) {
            if (rest % 3 != 0)
                versions.push_back({static_cast<Sequence>(2 * i + 3), rest % 3 == 1});
        }
        std::vector<Sequence> ranges, snapshots;
        for (int i = 3; i >= 0; --i) {
            if (kinds / 27 & (1 << i)) ranges.push_back(static_cast<Sequence>(2 * i + 2));
        }
        for (int i = 0; i < 8; ++i) {
            if (kinds / 27 / 16 & (1 << i)) snapshots.push_back(static_cast<Sequence>(i + 1));
        }
        const bool older = kinds / 27 / 16 / 256 == 1;
        std::vector<RangeTombstone> tombstones;
        for (const Sequence one : ranges) tombstones.push_back({"k", "l", one});
        const RangeTombstones all = RangeTombstones::fragment(tombstones);
        const auto may_exist = [older](auto...) { return older; };
        VersionRule rule(snapshots, may_exist, &all);
        std::vector<RuleVersion> kept;
        for (const RuleVersion& version : versions) {
            const Kind kind = version.put ? Kind::value : Kind::tombstone;
            if (rule.keeps(Entry::make("k", "", version.sequence, kind))) kept.push_back(version);
        }
        std::vector<Sequence> ranges_after;
        for (const RangeFragment& fragment : kept_ranges(all, snapshots, may_exist))
            ranges_after = fragment.sequences;
        dropped += versions.size() - kept.size() + ranges.size() - ranges_after.size();
        std::vector<RuleVersion> before = versions, after = kept;
        if (older) before.push_back({1, true});
        if (older) after.push_back({1, true});
        std::vector<Sequence> readers = snapshots;
        readers.push_back(kMaxSequence);
        for (const Sequence at : readers) {
            ASSERT_EQ(seen_under(after, ranges_after, at), seen_under(before, ranges, at))
                << "case " << kinds << " at " << at;
        }
        if (snapshots.empty()) {
            ASSERT_LE(kept.size() + ranges_after.size(), older ? 2u : 1u) << "case " << kinds;
            ASSERT_LE(ranges_after.size(), older && !ranges.empty() ? 1u : 0u) << "case " << kinds;
        }
    }
    EXPECT_GT(dropped, 0u);
}

TEST(VersionRuleTest, FragmentsLieWhereTheyLie) {
    const RangeTombstones ranges =
        RangeTombstones::fragment({{"b", "d", 5}, {"d", "f", 7}, {"x", "y", 9}});
    VersionRule rule({}, [](auto...) { return true; }, &ranges);
    const auto keeps = [&](const std::string& key, Sequence sequence) {
        return rule.keeps(Entry::make(key, "", sequence, Kind::value));
    };
    EXPECT_TRUE(keeps("a", 1));
    EXPECT_TRUE(keeps("b", 6));
    EXPECT_FALSE(keeps("c", 4));
    EXPECT_FALSE(keeps("cc", 1)) << "the key before it was dropped at a higher number";
    EXPECT_FALSE(keeps("d", 6));
    EXPECT_TRUE(keeps("e", 8));
    EXPECT_TRUE(keeps("f", 1));
    EXPECT_FALSE(keeps("x", 8));
    EXPECT_TRUE(keeps("y", 8));
    const auto only_d = [](std::string_view first, std::string_view) { return first == "d"; };
    const auto kept = kept_ranges(ranges, {}, only_d);
    EXPECT_EQ(kept, (std::vector<RangeFragment>{{"d", "f", {7}}}));
}

TEST(VersionRuleTest, KeysDoNotMix) {
    VersionRule rule({}, [](std::string_view key) { return key == "b"; });
    const auto keeps = [&](const std::string& key, Sequence sequence, Kind kind) {
        return rule.keeps(Entry::make(key, "", sequence, kind));
    };
    EXPECT_TRUE(keeps("", 9, Kind::value)) << "the empty key is a key";
    EXPECT_FALSE(keeps("", 8, Kind::value));
    EXPECT_FALSE(keeps("a", 5, Kind::tombstone));
    EXPECT_FALSE(keeps("a", 4, Kind::value));
    EXPECT_TRUE(keeps("b", 3, Kind::tombstone));
    EXPECT_FALSE(keeps("b", 2, Kind::value));
    EXPECT_TRUE(keeps("bb", 1, Kind::value));
    EXPECT_TRUE(keeps("long key with a common prefix 1", 7, Kind::value));
    EXPECT_TRUE(keeps("long key with a common prefix 2", 6, Kind::value));
    EXPECT_FALSE(keeps("long key with a common prefix 2", 5, Kind::value));
}

}  // namespace
}  // namespace lsm
