#include "framework/torture/kill_workload.hpp"

#include <algorithm>

#include "framework/base/error.hpp"
#include "framework/os/threads.hpp"

namespace lsm::torture {
namespace {

/// 16 bytes of key, spread over the key space.
std::string key_of(uint64_t thread, uint64_t number) {
    std::string digits = std::to_string((number * 2654435761u) % 4294967296u);
    digits.insert(0, 10 - digits.size(), '0');
    return digits + "-th" + std::to_string(thread) + "--";
}
/// The second entry of a batch.
std::string other_key_of(uint64_t thread, uint64_t number) { return key_of(thread, number) + "+"; }

std::string value_of(uint64_t thread, uint64_t number) {
    std::string value = std::to_string(number) + "/" + std::to_string(thread);
    value.resize(number % 499 == 7 ? 100'000 : 100, '.');  // some records of many pages
    return value;
}

bool is_range_delete(uint64_t number) { return number % 50 == 49; }
bool is_batch(uint64_t number) { return number % 10 == 5; }
bool is_transaction(uint64_t number) { return number % 10 == 7; }

void write_one(AnyTree& tree, uint64_t thread, uint64_t number) {
    const std::string key = key_of(thread, number), value = value_of(thread, number);
    if (is_range_delete(number)) {
        const std::string before = key_of(thread, number - 1);
        tree.remove_range(before, before + '\0');
    } else if (is_batch(number)) {
        WriteBatch batch;
        batch.put(key, value);
        batch.put(other_key_of(thread, number), value);
        tree.write(batch);
    } else if (is_transaction(number)) {
        auto transaction = tree.transaction();
        if (transaction.get(key_of(thread, number - 1)) != value_of(thread, number - 1))
            throw Error(ErrorKind::corruption, "a thread does not read what it has written");
        transaction.put(key, value);
        if (!transaction.commit())
            throw Error(ErrorKind::corruption, "a transaction conflicts with nothing");
    } else {
        tree.put(key, value);
    }
}

[[noreturn]] void wrong(uint64_t thread, uint64_t number, uint64_t acknowledged,
                        const std::string& what) {
    throw Error(ErrorKind::corruption, "write " + std::to_string(number) + " of thread " +
                                           std::to_string(thread) + ", which had " +
                                           std::to_string(acknowledged) + " acknowledged, " + what);
}

void check_one(const AnyTree& tree, uint64_t thread, uint64_t number, uint64_t acknowledged) {
    const auto got = tree.get(key_of(thread, number));
    if (got && got != value_of(thread, number)) wrong(thread, number, acknowledged, "is mixed up");
    if (is_batch(number) && tree.get(other_key_of(thread, number)) != got)
        wrong(thread, number, acknowledged, "is half there");
    if (is_range_delete(number)) {
        if (got) wrong(thread, number, acknowledged, "left an entry");
    } else if (number > acknowledged) {
        if (got) wrong(thread, number, acknowledged, "is there, and one before it was on its way");
    } else if (number < acknowledged) {
        const bool taken_back = is_range_delete(number + 1);
        if (taken_back && number + 1 < acknowledged) {
            if (got) wrong(thread, number, acknowledged, "was taken back and is there");
        } else if (!taken_back && !got) {
            wrong(thread, number, acknowledged, "is lost");
        }
    }
}

}  // namespace

uint64_t Acknowledged::total() const {
    uint64_t sum = 0;
    for (const auto& count : writes) sum += count.load(std::memory_order_acquire);
    return sum;
}

void write_for_kill(AnyTree& tree, Acknowledged& acknowledged, uint64_t each) {
    run_together(kKillThreads, [&](uint64_t thread) {
        auto& count = acknowledged.writes[thread];
        for (uint64_t number = count; number < each; ++number) {
            write_one(tree, thread, number);
            count.store(number + 1, std::memory_order_release);
        }
    });
}

void check_after_kill(const AnyTree& tree, const Acknowledged& acknowledged, uint64_t recent,
                      Random& random) {
    for (uint64_t thread = 0; thread < kKillThreads; ++thread) {
        const uint64_t count = acknowledged.writes[thread];
        const uint64_t old = count - std::min(count, recent);
        for (uint64_t i = 0; i < std::min(old, recent); ++i)
            check_one(tree, thread, random.below(old), count);
        for (uint64_t number = old; number < count + 3; ++number)
            check_one(tree, thread, number, count);
    }
}

}  // namespace lsm::torture
