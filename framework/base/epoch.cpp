#include "framework/base/epoch.hpp"

#include <algorithm>
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

void EpochDomain::retire(std::function<void()> free_it) {
    {
        const std::lock_guard lock(mutex_);
        const uint64_t epoch = epoch_.fetch_add(1, std::memory_order_seq_cst);
        waiting_.push_back({epoch, std::move(free_it)});
    }
    collect();
}

size_t EpochDomain::collect() {
    std::vector<std::function<void()>> ready;
    size_t left = 0;
    {
        const std::lock_guard lock(mutex_);
        uint64_t oldest = UINT64_MAX;
        if (!waiting_.empty()) {
            // A thread that takes its first slot after this scan pins after the increments above,
            // by this lock.
            const std::lock_guard slots_lock(slots_->mutex);
            for (const Slot& slot : slots_->all) {
                const uint64_t pinned = slot.epoch.load(std::memory_order_seq_cst);
                if (pinned != 0) oldest = std::min(oldest, pinned);
            }
        }
        while (!waiting_.empty() && waiting_.front().epoch < oldest) {
            ready.push_back(std::move(waiting_.front().free_it));
            waiting_.pop_front();
        }
        left = waiting_.size();
    }
    for (const auto& free_it : ready) free_it();
    return left;
}

}  // namespace lsm
