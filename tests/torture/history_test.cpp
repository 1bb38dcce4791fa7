// The history checker: what can have been passes, what can not does not.
#include <gtest/gtest.h>

#include "framework/torture/history.hpp"

namespace lsm::torture {
namespace {

using Kind = HistoryEvent::Kind;

HistoryEvent write(uint64_t begin, uint64_t end, uint64_t sequence,
                   std::vector<HistoryWrite> writes) {
    HistoryEvent event;
    event.kind = Kind::write;
    event.begin = begin;
    event.end = end;
    event.sequence = sequence;
    event.writes = std::move(writes);
    return event;
}

HistoryEvent read(uint64_t begin, uint64_t end, std::vector<HistoryRead> reads) {
    HistoryEvent event;
    event.begin = begin;
    event.end = end;
    event.reads = std::move(reads);
    return event;
}

HistoryEvent at(uint64_t sequence, HistoryEvent event) {
    event.kind = Kind::read_at;
    event.sequence = sequence;
    return event;
}

HistoryEvent before(HistoryEvent event) {
    event.made_before = true;
    return event;
}

HistoryEvent transaction(uint64_t since, HistoryEvent event, std::vector<HistoryRead> reads) {
    event.kind = Kind::transaction;
    event.since = since;
    event.reads = std::move(reads);
    return event;
}

HistoryEvent conflict(uint64_t since, uint32_t key, HistoryEvent event) {
    event.kind = Kind::conflict;
    event.sequence = since;
    event.reads = {{key, 0}};
    return event;
}

/// What is wrong with it; empty when nothing is.
std::string wrong(std::vector<HistoryEvent> events) {
    History history(3);
    history.add(std::move(events));
    try {
        history.check();
    } catch (const HistoryError& error) {
        return error.what();
    }
    return "";
}

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

TEST(HistoryTest, WritesHavePlacesWithoutGapsInTheirOrderOfTime) {
    EXPECT_EQ(wrong({write(1, 4, 2, {{0, 1, 11}}), write(2, 3, 1, {{0, 1, 12}})}), "");
    EXPECT_TRUE(
        says(wrong({write(1, 2, 2, {{0, 1, 11}}), write(3, 4, 1, {{0, 1, 12}})}), "later place"));
    EXPECT_TRUE(says(wrong({write(1, 2, 2, {{0, 1, 11}})}), "does not follow"));
    EXPECT_TRUE(says(wrong({write(1, 4, 1, {{0, 1, 11}}), write(2, 3, 1, {{0, 1, 12}})}),
                     "does not follow"));
}

TEST(HistoryTest, ReadsSeeWhatWasAcknowledgedAndNothingOlderThanWasSeen) {
    const auto first = write(1, 2, 1, {{0, 1, 11}}), second = write(5, 8, 2, {{0, 1, 12}});
    EXPECT_EQ(wrong({first, second, read(3, 4, {{0, 11}})}), "");
    EXPECT_EQ(wrong({first, second, read(6, 7, {{0, 11}}), read(9, 10, {{0, 12}})}), "");
    EXPECT_EQ(wrong({first, second, read(6, 7, {{0, 12}})}), "") << "it had begun";
    EXPECT_TRUE(says(wrong({first, second, read(3, 4, {{0, 12}})}), "no state"));
    EXPECT_TRUE(says(wrong({first, second, read(9, 10, {{0, 11}})}), "no state"));
    EXPECT_TRUE(says(wrong({first, second, read(3, 4, {{0, 0}})}), "no state"));
    const auto slow = write(5, 20, 2, {{0, 1, 12}});
    EXPECT_TRUE(
        says(wrong({first, slow, read(6, 7, {{0, 12}}), read(9, 10, {{0, 11}})}), "no state"))
        << "the first had seen it";
    EXPECT_EQ(wrong({first, slow, read(6, 9, {{0, 12}}), read(8, 10, {{0, 11}})}), "");
}

TEST(HistoryTest, BatchesAreSeenWhole) {
    const auto batch = write(1, 9, 3, {{0, 1, 11}, {1, 2, 12}, {0, 1, 13}});
    EXPECT_EQ(wrong({batch, read(2, 3, {{0, 0}, {1, 0}}), read(4, 5, {{0, 13}, {1, 12}})}), "");
    EXPECT_TRUE(says(wrong({batch, read(2, 3, {{0, 11}})}), "no state"));
    EXPECT_TRUE(says(wrong({batch, read(2, 3, {{0, 13}, {1, 0}})}), "no state"));
    EXPECT_TRUE(says(wrong({batch, at(2, read(2, 3, {}))}), "half a batch"));
}

TEST(HistoryTest, SnapshotsHoldTheStateAtTheirNumber) {
    const auto first = write(1, 2, 1, {{0, 2, 11}}), second = write(5, 6, 2, {{0, 3, 0}});
    EXPECT_EQ(wrong({first, second, at(1, read(3, 4, {{0, 11}, {1, 11}, {2, 0}}))}), "");
    EXPECT_EQ(wrong({first, second, before(at(1, read(7, 8, {{0, 11}})))}), "");
    EXPECT_TRUE(says(wrong({first, second, at(1, read(7, 8, {{0, 11}}))}), "does not see 2"));
    EXPECT_TRUE(says(wrong({first, second, before(at(1, read(7, 8, {{0, 0}})))}), "was 11"));
    EXPECT_TRUE(says(wrong({first, second, at(2, read(3, 4, {}))}), "had not begun"));
}

TEST(HistoryTest, TransactionsReadWhatIsThereAtTheirCommit) {
    const auto first = write(1, 2, 1, {{0, 1, 11}}), second = write(3, 4, 2, {{0, 1, 12}}),
               third = write(5, 6, 3, {{1, 2, 13}});
    EXPECT_EQ(wrong({first, second, transaction(2, third, {{0, 12}})}), "");
    EXPECT_EQ(wrong({first, second, transaction(1, third, {{2, 0}})}), "");
    EXPECT_TRUE(says(wrong({first, second, transaction(1, third, {{0, 11}})}), "was written"));
    EXPECT_TRUE(says(wrong({first, second, transaction(1, third, {{0, 12}})}), "was 11"));
    EXPECT_EQ(wrong({first, second, conflict(1, 0, read(5, 6, {}))}), "");
    EXPECT_TRUE(says(wrong({first, second, conflict(2, 0, read(5, 6, {}))}), "nobody had"));
    EXPECT_TRUE(says(wrong({first, second, conflict(1, 1, read(5, 6, {}))}), "nobody had"));
}

}  // namespace
}  // namespace lsm::torture
