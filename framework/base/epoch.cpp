#include "framework/base/epoch.hpp"

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace lsm {

/// The slots of a domain. Threads that used it share them, so that a thread may end after the
/// domain did.
struct EpochDomain::Slots {
    std::mutex mutex;
    std::deque<Slot> all;  // never moves what it holds
    bool domain_ended = false;
};

/// A thread's slots in all domains that it used.
struct EpochThread {
    struct Held {
        uint64_t domain;
        std::shared_ptr<EpochDomain::Slots> slots;
        EpochDomain::Slot* slot;
    };
    std::vector<Held> held;

    ~EpochThread() {
        EpochDomain::last_ = {0, nullptr};
        for (const Held& each : held) {
            const std::lock_guard lock(each.slots->mutex);
            each.slot->taken = false;
        }
    }

    void forget_ended_domains() {
        std::erase_if(held, [](const Held& each) {
            const std::lock_guard lock(each.slots->mutex);
            return each.slots->domain_ended;
        });
    }
};

namespace {

thread_local EpochThread this_thread;
std::atomic<uint64_t> next_domain{1};

}  // namespace

thread_local constinit EpochDomain::LastUsed EpochDomain::last_ = {0, nullptr};

EpochDomain::EpochDomain()
    : id_(next_domain.fetch_add(1, std::memory_order_relaxed)), slots_(std::make_shared<Slots>()) {}

EpochDomain::~EpochDomain() {
    // What runs may retire more.
    while (!waiting_.empty()) {
        const Waiting first = std::move(waiting_.front());
        waiting_.pop_front();
        first.free_it();
    }
    const std::lock_guard lock(slots_->mutex);
    slots_->domain_ended = true;
}

EpochDomain::Slot* EpochDomain::find_slot() {
    auto& held = this_thread.held;
    const auto found = std::find_if(held.begin(), held.end(),
                                    [&](const auto& each) { return each.domain == id_; });
    if (found != held.end()) {
        last_ = {id_, found->slot};
        return found->slot;
    }
    this_thread.forget_ended_domains();
    held.reserve(held.size() + 1);
    Slot* slot = nullptr;
    {
        const std::lock_guard lock(slots_->mutex);
        const auto free = std::find_if(slots_->all.begin(), slots_->all.end(),
                                       [](const Slot& each) { return !each.taken; });
        slot = free != slots_->all.end() ? &*free : &slots_->all.emplace_back();
        slot->taken = true;
    }
    held.push_back({id_, slots_, slot});
    last_ = {id_, slot};
    return slot;
}

size_t EpochDomain::slot_count() const {
    const std::lock_guard lock(slots_->mutex);
    return slots_->all.size();
}

void EpochDomain::retire(std::function<void()> free_it) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        waiting_.emplace_back();
        waiting_.back().epoch = epoch_.fetch_add(1, std::memory_order_seq_cst);
        waiting_.back().free_it = std::move(free_it);
    } catch (const std::bad_alloc&) {
        wait_for_readers();
        free_it();
    }
    collect();
}

void EpochDomain::retire(std::shared_ptr<const void> what) noexcept {
    std::function<void()> free_it;
    try {
        free_it = [what]() mutable { what.reset(); };
    } catch (const std::bad_alloc&) {
        wait_for_readers();
        return;
    }
    what.reset();
    retire(std::move(free_it));
}

/// Of all threads; UINT64_MAX when none is pinned. A thread that takes its first slot after this
/// scan pins after the increments before it, by the slots' lock.
uint64_t EpochDomain::oldest_pinned() const {
    const std::lock_guard lock(slots_->mutex);
    uint64_t oldest = UINT64_MAX;
    for (const Slot& slot : slots_->all) {
        const uint64_t pinned = slot.epoch.load(std::memory_order_seq_cst);
        if (pinned != 0) oldest = std::min(oldest, pinned);
    }
    return oldest;
}

void EpochDomain::wait_for_readers() noexcept {
    const uint64_t epoch = epoch_.fetch_add(1, std::memory_order_seq_cst);
    while (oldest_pinned() <= epoch) {
    }
}

size_t EpochDomain::collect() {
    std::vector<std::function<void()>> ready;
    size_t left = 0;
    {
        const std::lock_guard lock(mutex_);
        const uint64_t oldest = waiting_.empty() ? 0 : oldest_pinned();
        try {
            while (!waiting_.empty() && waiting_.front().epoch < oldest) {
                ready.emplace_back();
                ready.back() = std::move(waiting_.front().free_it);
                waiting_.pop_front();
            }
        } catch (const std::bad_alloc&) {
            // The rest waits for another call.
        }
        left = waiting_.size();
    }
    for (const auto& free_it : ready) {
        if (free_it) free_it();
    }
    return left;
}

}  // namespace lsm
