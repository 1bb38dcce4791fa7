// What the kill machine's child writes, so that its parent knows from a count per thread what must
// be there: puts, batches of two, transactions, and deletes of a range that take back the entry
// before them. Entry number n of a thread is written by its n-th write.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "framework/base/random.hpp"
#include "framework/tree/any_tree.hpp"

namespace lsm::torture {

inline constexpr uint64_t kKillThreads = 4;

/// In memory that parent and child share: how many writes of each thread were acknowledged.
struct Acknowledged {
    std::array<std::atomic<uint64_t>, kKillThreads> writes{};

    uint64_t total() const;
};

/// Goes on where `acknowledged` is, on several threads at the same time, until each has `each`.
void write_for_kill(AnyTree& tree, Acknowledged& acknowledged, uint64_t each);

/// Holds the tree against what was acknowledged: everything is there but what was taken back, one
/// write more of each thread may be there, as a whole, and nothing behind it. Looks at the last
/// `recent` writes of each thread, and at as many older ones, drawn; Error(corruption) says what is
/// wrong.
void check_after_kill(const AnyTree& tree, const Acknowledged& acknowledged, uint64_t recent,
                      Random& random);

}  // namespace lsm::torture
