// Epoch-based reclamation (Fraser, "Practical lock-freedom", 2004, section 5.2.3): readers pin what
// they look at without a lock and without writing to memory that another thread writes; what a
// writer has unlinked is freed once no reader can still see it.
//
//   reader:
//     auto guard = domain.pin();
//     Version* version = current.load(std::memory_order_acquire);
//     ... use version ...
//   writer:
//     Version* old = current.exchange(made, std::memory_order_acq_rel);
//     domain.retire([old] { delete old; });
//
// Rules: a guard is destroyed on the thread that made it; guards of a thread may nest (the
// outermost counts). A guard that lives long holds back everything that is retired after it was
// made, so cursors and snapshots should own what they use in another way. What was retired runs on
// a thread that calls retire() or collect(), never in the middle of another thread's lookup,
// outside the domain's lock, and must not throw. No guard may be left, and no other call running,
// when the domain is destroyed; then the rest runs.
//
// Cost: pin is a look at a thread-local, two loads of a line that only retire() writes, and one
// exchange on a line of the thread's own; unpin is a store to that line. A domain and a thread
// share one slot, found once; slots of threads that ended are used again. retire is O(threads)
// under a lock.
//
// Why it is right. The domain has a counter, the epoch. retire() unlinks first (the caller did),
// then raises the epoch from r to r + 1, and frees the item once it has seen every slot empty or at
// an epoch above r. pin() reads the epoch e, stores e into its slot, and reads the epoch again;
// these and retire's increment and scan are sequentially consistent, so there is one order of them
// all. When the scan sees the slot:
//   - at e <= r: the item waits.
//   - at e > r: the reader read e from the increment or a later one, which made the unlinking
//   visible to it: it can not reach the item.
//   - before pin's store: then the increment precedes pin's second read in the order, which reads
//   it or a later one: the same.
//   - after unpin (a release store), or at a later pin of the same thread: the reader's accesses
//   happened before the scan's read.
// No fences are used, which ThreadSanitizer does not know.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace lsm {

class EpochDomain {
    struct Slots;
    struct alignas(64) Slot {
        std::atomic<uint64_t> epoch{0};  // 0: not pinned
        uint64_t depth = 0;              // guards of the owning thread
        bool taken = false;              // under the lock of Slots
    };

  public:
    EpochDomain();
    ~EpochDomain();
    EpochDomain(const EpochDomain&) = delete;
    EpochDomain& operator=(const EpochDomain&) = delete;

    class Guard {
      public:
        Guard() = default;
        Guard(Guard&& other) noexcept : slot_(other.slot_) { other.slot_ = nullptr; }
        Guard& operator=(Guard&& other) noexcept {
            if (this != &other) {
                release();
                slot_ = other.slot_;
                other.slot_ = nullptr;
            }
            return *this;
        }
        ~Guard() { release(); }
        void release() {
            if (slot_ != nullptr && --slot_->depth == 0)
                slot_->epoch.store(0, std::memory_order_release);
            slot_ = nullptr;
        }

      private:
        friend class EpochDomain;
        explicit Guard(Slot* slot) : slot_(slot) {}
        Slot* slot_ = nullptr;
    };

    /// Any thread.
    [[nodiscard]] Guard pin() {
        Slot* slot = last_.domain == id_ ? last_.slot : find_slot();
        if (slot->depth++ == 0) {
            slot->epoch.store(epoch_.load(std::memory_order_seq_cst), std::memory_order_seq_cst);
            static_cast<void>(epoch_.load(std::memory_order_seq_cst));
        }
        return Guard(slot);
    }

    /// Runs `free_it` once no guard from before this call remains: perhaps now, else in a later
    /// retire() or collect(). Any thread without a guard: when there is no memory to remember it
    /// in, this waits for the readers.
    void retire(std::function<void()> free_it) noexcept;
    /// Lets go of it in the same way.
    void retire(std::shared_ptr<const void> what) noexcept;
    /// Runs what can be freed by now; returns how many still wait. Any thread.
    size_t collect();
    /// The most threads that have used the domain at one time, so far. Any thread.
    size_t slot_count() const;

  private:
    friend struct EpochThread;
    struct Waiting {
        uint64_t epoch;
        std::function<void()> free_it;
    };
    /// The slot that this thread used last.
    struct LastUsed {
        uint64_t domain;
        Slot* slot;
    };

    Slot* find_slot();
    uint64_t oldest_pinned() const;
    void wait_for_readers() noexcept;

    static thread_local constinit LastUsed last_;

    const uint64_t id_;  // never used again by another domain; never 0
    const std::shared_ptr<Slots> slots_;
    alignas(64) std::atomic<uint64_t> epoch_{1};
    alignas(64) std::mutex mutex_;  // a leaf: nothing is called or waited for under it
    std::deque<Waiting> waiting_;   // epochs ascending
};

}  // namespace lsm
