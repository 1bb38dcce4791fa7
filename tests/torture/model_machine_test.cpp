// The model machine itself: that its seed fixes what it does, and that it finds and shrinks.
#include <gtest/gtest.h>

#include "framework/base/error.hpp"
#include "framework/torture/model_machine.hpp"
#include "framework/torture/shrink.hpp"

namespace lsm::torture {
namespace {

TEST(ModelMachineTest, TheSeedFixesTheDigestWhateverTheThreads) {
    Options options;
    options.scale = 0.0003;
    const Report one = run_model_machine(options);
    options.threads = 1;
    const Report two = run_model_machine(options);
    EXPECT_EQ(one.tally.failed(), 0u);
    EXPECT_EQ(one.tally.counted("operations"), 30'000u);
    EXPECT_EQ(one.tally.digest(), two.tally.digest());
    options.seed = 43;
    options.scale = 0.0001;
    EXPECT_NE(run_model_machine(options).tally.digest(), 0u);
}

TEST(ModelMachineTest, ShrinksToTheOperationsThatMatter) {
    std::vector<uint64_t> numbers;
    for (uint64_t i = 0; i < 1000; ++i) numbers.push_back(i);
    const auto failing = [](const std::vector<uint64_t>& some) -> std::optional<uint64_t> {
        const bool both = std::count(some.begin(), some.end(), 17u) != 0 &&
                          std::count(some.begin(), some.end(), 403u) != 0;
        return both ? std::optional<uint64_t>(403) : std::nullopt;
    };
    EXPECT_EQ(shrink(numbers, 1'000'000, failing), (std::vector<uint64_t>{17, 403}));
    EXPECT_EQ(shrink(numbers, 1000, failing).size(), 404u) << "asked once";
    EXPECT_EQ(shrink(numbers, 0, failing).size(), 1000u);
}

TEST(ModelMachineTest, CasesAreTextAndBack) {
    EXPECT_EQ(Operations::parse("3,17-20").numbers(), (std::vector<uint64_t>{3, 17, 18, 19, 20}));
    EXPECT_EQ(Operations::of({3, 17, 18, 19, 20}).text(), "3,17-20");
    const auto [model, operations] =
        parse_model_case("skiplist,monkey,blocked_bloom,plain,tiering,lz4,power,7:0-9", 42, 100);
    EXPECT_EQ(model.settings.compaction.policy, "tiering");
    EXPECT_EQ(operations.text(), "0-9");
    const auto [drawn, all] = parse_model_case("12", 42, 100);
    EXPECT_EQ(drawn.seed, random_case(42, 12).seed);
    EXPECT_EQ(all.text(), "0-99");
    EXPECT_THROW(parse_model_case("skiplist:3", 42, 100), Error);
    EXPECT_THROW(parse_model_case("1:2-3-4", 42, 100), Error);
    EXPECT_THROW(parse_model_case("1:", 42, 100), Error);
}

}  // namespace
}  // namespace lsm::torture
