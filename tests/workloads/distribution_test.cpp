// Distributions against theory, with fixed seeds: bounds are some five standard deviations of a
// true draw, so that a wrong distribution shows and a right one passes for good.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "framework/base/math.hpp"
#include "workloads/key_chooser.hpp"
#include "workloads/zipf.hpp"

namespace lsm::workloads {
namespace {

constexpr int kDraws = 200000;

TEST(Zeta, AgreesWithTheSum) {
    for (const double theta : {0.0, 0.2, 0.5, 0.99, 0.999}) {
        double sum = 0;
        const Zeta zeta(theta);
        for (uint64_t n = 1; n <= 5000; ++n) {
            sum += exact_pow(static_cast<double>(n), -theta);
            if (n % 499 == 0 || n < 100) {
                EXPECT_NEAR(zeta(n) / sum, 1, 1e-12) << n << " " << theta;
            }
        }
    }
}

TEST(Zeta, AgreesWithTheConstantOfYcsb) {
    EXPECT_NEAR(Zeta(0.99)(10'000'000'000), 26.46902820178302, 1e-9);
}

TEST(FastPower, IsAsGoodAsTheSlowOne) {
    for (const double exponent : {1.0, 1.25, 2.0, 7.5, 99.99999999999991, 1000.0}) {
        const FastPower power(exponent);
        for (int i = 0; i <= 10000; ++i) {
            const double x = i / 10000.0;
            const double expected = exact_pow(x, exponent);
            EXPECT_NEAR(power(x), expected, 1e-12 * expected + 1e-300) << x << "^" << exponent;
        }
    }
}

TEST(Zipf, HeadAndTailFollowTheLaw) {
    for (const double theta : {0.5, 0.99}) {
        const Zipf zipf(100000, theta);
        Random random(3);
        std::vector<int> counts(100000);
        for (int i = 0; i < kDraws; ++i) ++counts[zipf.draw(random)];
        for (const uint64_t rank : {0, 1}) {  // exact in Gray's method
            const double expected = zipf.probability(rank) * kDraws;
            EXPECT_NEAR(counts[rank], expected, 5 * std::sqrt(expected)) << theta;
        }
        // Beyond them the method is an approximation, within a twentieth in cumulative probability.
        double cumulative = 0;
        double expected = 0;
        for (uint64_t rank = 0; rank < 10000; ++rank) {
            cumulative += counts[rank];
            expected += zipf.probability(rank) * kDraws;
            if (rank == 9 || rank == 99 || rank == 999 || rank == 9999) {
                EXPECT_NEAR(cumulative / expected, 1, 0.05) << rank << " " << theta;
            }
        }
    }
}

TEST(Zipf, SmallSizesStayInRange) {
    Random random(1);
    for (uint64_t n = 1; n < 10; ++n) {
        const Zipf zipf(n, 0.99);
        std::vector<int> counts(n);
        for (int i = 0; i < 2000; ++i) ++counts.at(zipf.draw(random));
        for (uint64_t rank = 0; rank + 1 < n; ++rank) EXPECT_GT(counts[rank], 0) << n;
    }
}

TEST(Zipf, ThetaZeroIsUniform) {
    const Zipf zipf(10, 0);
    Random random(1);
    std::vector<int> counts(10);
    for (int i = 0; i < 100000; ++i) ++counts[zipf.draw(random)];
    for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(FnvHash, KnownValues) {
    // FNV-1a of eight zero bytes by hand: the offset basis times the prime eight times over, modulo
    // 2^64.
    uint64_t hash = 14695981039346656037ULL;
    for (int i = 0; i < 8; ++i) hash *= 1099511628211ULL;
    if (hash >> 63) hash = 0 - hash;
    EXPECT_EQ(fnv_hash(0), hash);
    for (uint64_t i = 0; i < 1000; ++i) EXPECT_EQ(fnv_hash(i) >> 63, 0U);
}

/// 10,000 keys, and what a phase with these options draws.
class Chooser : public ::testing::Test {
  protected:
    Chooser() {
        std::vector<Phase> phases(1);
        inherit_options(phases);
        phases[0].value = {10};
        keys_.use_values(std::make_shared<const ValueMaker>(phases[0], 1));
        std::string value;
        for (uint64_t i = 0; i < 10000; ++i) keys_.write(i, value);
    }

    std::vector<int> draw(const Phase& phase) {
        KeyChooser chooser(phase, phase.distribution, keys_, 0, 10000, Random::stream(9, "keys"),
                           9);
        std::vector<int> counts(keys_.size());
        for (int i = 0; i < kDraws; ++i) ++counts.at(chooser.live());
        return counts;
    }

    static Phase phase_of(const std::string& distribution) {
        RunPhase phase;
        phase.distribution = distribution;
        return phase;
    }

    KeyCodec codec_{16, true, 1};
    LiveKeys keys_{codec_, 0, 1};
};

TEST_F(Chooser, UniformPassesChiSquare) {
    const auto counts = draw(phase_of("uniform"));
    const double expected = static_cast<double>(kDraws) / 10000;
    double chi = 0;
    for (const int count : counts) chi += (count - expected) * (count - expected) / expected;
    EXPECT_NEAR(chi, 9999, 5 * std::sqrt(2 * 9999));
}

TEST_F(Chooser, ZipfianIsScrambledAndSkewed) {
    auto counts = draw(phase_of("zipfian"));
    // The hottest item of 10^10 has 1 / zeta of all draws; its key gets what else falls there too.
    const double hottest = kDraws / 26.46902820178302;
    const uint64_t hot_key = fnv_hash(0) % 10000;
    EXPECT_NEAR(counts[hot_key], hottest, 0.05 * hottest);
    EXPECT_NEAR(counts[fnv_hash(1) % 10000], hottest / 1.9862, 0.05 * hottest);
    for (const int count : counts) EXPECT_LE(count, counts[hot_key]);
    std::sort(counts.rbegin(), counts.rend());
    double head = 0;
    for (int i = 0; i < 100; ++i) head += counts[i];
    // The first 100 ranks have zeta(100) / zeta(10^10), and 1% of the rest falls beside them.
    const double share = Zeta(0.99)(100) / 26.46902820178302;
    EXPECT_NEAR(head / kDraws, share + (1 - share) / 100, 0.02);
}

TEST_F(Chooser, LatestPrefersTheYoungestAndFollowsThem) {
    const Phase phase = phase_of("latest");
    const auto counts = draw(phase);
    const double first = kDraws / Zeta(0.99)(10000);
    EXPECT_NEAR(counts[9999], first, 5 * std::sqrt(first));
    EXPECT_GT(counts[9998], counts[9900]);

    KeyChooser chooser(phase, phase.distribution, keys_, 0, 10000, Random(4), 9);
    chooser.live();
    std::string value;
    for (uint64_t i = 10000; i < 10100; ++i) keys_.write(i, value);
    int young = 0;
    for (int i = 0; i < 10000; ++i) young += chooser.live() >= 10000;
    EXPECT_NEAR(young / 10000.0, Zeta(0.99)(100) / Zeta(0.99)(10100), 0.03);
}

TEST_F(Chooser, HotspotKeepsItsShares) {
    const auto counts = draw(phase_of("hotspot"));
    double hot = 0;
    for (int i = 0; i < 2000; ++i) hot += counts[i];
    EXPECT_NEAR(hot / kDraws, 0.8, 0.005);
}

TEST_F(Chooser, SequentialGoesAround) {
    KeyChooser chooser(phase_of("sequential"), "sequential", keys_, 0, 10000, Random(1), 9);
    for (uint64_t i = 0; i < 25000; ++i) EXPECT_EQ(chooser.live(), i % 10000);
}

TEST_F(Chooser, DeadKeysAreNeverChosen) {
    for (uint64_t i = 0; i < 10000; ++i) {
        if (i % 100 != 7) keys_.remove(i);
    }
    for (const char* distribution : {"uniform", "zipfian", "latest", "hotspot", "sequential"}) {
        const auto counts = draw(phase_of(distribution));
        for (uint64_t i = 0; i < 10000; ++i)
            EXPECT_TRUE(i % 100 == 7 ? counts[i] > 0 : counts[i] == 0) << distribution << i;
    }
    const auto counts = draw(phase_of("uniform"));
    for (uint64_t i = 7; i < 10000; i += 100)
        EXPECT_NEAR(counts[i], kDraws / 100, 5 * std::sqrt(kDraws / 100));
}

}  // namespace
}  // namespace lsm::workloads
