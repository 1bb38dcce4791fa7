// What every filter must do, for every registered one: never deny a key, be wrong as often as it
// says, take any bytes.
#include <gtest/gtest.h>

#include <cmath>

#include "framework/base/hash.hpp"
#include "framework/base/random.hpp"
#include "framework/policy/registry.hpp"
#include "policies/filter/blocked_bloom.hpp"
#include "policies/filter/bloom.hpp"

namespace lsm {
namespace {

std::vector<uint64_t> hashes_of(uint64_t from, uint64_t to) {
    std::vector<uint64_t> hashes;
    for (uint64_t i = from; i < to; ++i) hashes.push_back(hash_key("key" + std::to_string(i)));
    return hashes;
}

double measured_rate(const AnyFilter& filter, uint64_t keys, double bits, uint64_t probes) {
    const std::string bytes = filter.build(hashes_of(0, keys), bits);
    uint64_t wrong = 0;
    for (const uint64_t hash : hashes_of(keys, keys + probes)) {
        if (filter.may_contain(bytes, hash)) ++wrong;
    }
    return static_cast<double>(wrong) / static_cast<double>(probes);
}

class FilterConformance : public testing::Test {
  protected:
    template <class Check>
    void for_each_filter(const Check& check) {
        ASSERT_FALSE(all_policies().filter().policies().empty());
        for (const auto& policy : all_policies().filter().policies()) {
            SCOPED_TRACE(policy.name);
            std::vector<OptionProblem> problems;
            check(AnyFilter(policy.make({}, problems)));
        }
    }
};

TEST_F(FilterConformance, NeverDeniesAKey) {
    for_each_filter([](const AnyFilter& filter) {
        for (const uint64_t keys : {1, 2, 10, 1000, 20000}) {
            for (const double bits : {0.01, 0.5, 1.0, 3.3, 10.0, 22.7, 100.0}) {
                const auto hashes = hashes_of(0, keys);
                const std::string bytes = filter.build(hashes, bits);
                for (const uint64_t hash : hashes) ASSERT_TRUE(filter.may_contain(bytes, hash));
            }
        }
    });
}

TEST_F(FilterConformance, IsWrongAsOftenAsItSays) {
    for_each_filter([](const AnyFilter& filter) {
        for (const double bits : {5.0, 10.0, 15.0}) {
            const double expected = filter.false_positive_rate(bits);
            const double measured = measured_rate(filter, 50000, bits, 2000000);
            EXPECT_NEAR(measured / expected, 1, 0.15) << bits << " bits: " << measured;
        }
    });
}

TEST_F(FilterConformance, TheRateFallsWithTheBits) {
    for_each_filter([](const AnyFilter& filter) {
        EXPECT_EQ(filter.false_positive_rate(0), 1);
        EXPECT_EQ(filter.false_positive_rate(-3), 1);
        double before = 1;
        for (double bits = 0.25; bits <= 60; bits += 0.25) {
            const double rate = filter.false_positive_rate(bits);
            EXPECT_GT(rate, 0);
            EXPECT_LE(rate, before * 1.02) << bits;
            before = rate;
        }
        EXPECT_LT(before, 1e-4);
    });
}

TEST_F(FilterConformance, TakesTheMemoryItWasGiven) {
    for_each_filter([](const AnyFilter& filter) {
        const auto hashes = hashes_of(0, 20000);
        for (const double bits : {0.5, 2.0, 7.5, 10.0, 20.0}) {
            const auto stored = static_cast<double>(filter.build(hashes, bits).size() * 8);
            EXPECT_NEAR(stored / 20000, bits, bits * 0.02 + 0.06) << bits;
        }
    });
}

TEST_F(FilterConformance, WithoutKeysOrBitsIsEmptyAndMeansMaybe) {
    for_each_filter([](const AnyFilter& filter) {
        EXPECT_EQ(filter.build({}, 10), "");
        for (const double bits : {0.0, -1.0, std::nan("")}) {
            const std::string bytes = filter.build(hashes_of(0, 10), bits);
            EXPECT_EQ(bytes, "");
            EXPECT_TRUE(filter.may_contain(bytes, 12345));
        }
    });
}

TEST_F(FilterConformance, TakesAnyBytes) {
    for_each_filter([](const AnyFilter& filter) {
        Random random(4);
        const std::string good = filter.build(hashes_of(0, 200), 10);
        for (int round = 0; round < 5000; ++round) {
            // Of exactly their size, so that a read beyond them is seen by AddressSanitizer.
            const uint64_t size = round % 2 == 0 ? good.size() : random.below(good.size() + 70);
            std::vector<char> bytes(size);
            std::copy_n(good.begin(), std::min<size_t>(size, good.size()), bytes.begin());
            for (uint64_t i = 0; i < 4 && size > 0; ++i) {
                const uint64_t at = random.below(2) == 0 ? size - 1 : random.below(size);
                bytes[at] = static_cast<char>(random.next());
            }
            for (int probe = 0; probe < 10; ++probe) {
                filter.may_contain({bytes.data(), bytes.size()}, random.next());
            }
        }
    });
}

TEST_F(FilterConformance, TheSameKeysMakeTheSameBytes) {
    for_each_filter([](const AnyFilter& filter) {
        auto hashes = hashes_of(0, 1000);
        const std::string bytes = filter.build(hashes, 10);
        EXPECT_EQ(filter.build(hashes, 10), bytes);
    });
}

TEST(Bloom, HasTheTextbookRate) {
    const filter::Bloom bloom({});
    EXPECT_NEAR(bloom.false_positive_rate(10), 0.008194, 1e-6);
    EXPECT_NEAR(bloom.false_positive_rate(1), 1 - std::exp(-1.0), 1e-12);
}

TEST(BlockedBloom, HasAboutThePublishedRateAtTenBits) {
    const filter::BlockedBloom blocked({});
    EXPECT_NEAR(blocked.false_positive_rate(10), 0.00957, 0.00005);
    // Some lines hold more keys than others: that costs something.
    EXPECT_GT(blocked.false_positive_rate(10), filter::Bloom({}).false_positive_rate(10));
}

}  // namespace
}  // namespace lsm
