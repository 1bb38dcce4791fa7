#include "framework/torture/failing_allocation.hpp"

#include <atomic>

namespace lsm::torture {

namespace {

struct Plan {
    uint64_t fails_at = 0;
    bool for_good = false;
    bool counting = false;
    uint64_t seen = 0;
    uint64_t failed = 0;
};

std::atomic<uint64_t> threads_with_a_plan{0};
thread_local Plan plan;

bool this_one_fails() {
    if (!plan.counting || plan.fails_at == 0) return false;
    plan.seen += 1;
    const bool fails = plan.seen == plan.fails_at || (plan.for_good && plan.seen > plan.fails_at);
    plan.failed += fails ? 1 : 0;
    return fails;
}

}  // namespace

void plan_failing_allocation(uint64_t n, bool for_good) {
    if (n != 0 && plan.fails_at == 0) threads_with_a_plan += 1;
    if (n == 0 && plan.fails_at != 0) threads_with_a_plan -= 1;
    plan.fails_at = n;
    plan.for_good = for_good;
    if (n != 0) plan.seen = plan.failed = 0;
}

uint64_t counted_allocations() { return plan.seen; }
uint64_t failed_allocations() { return plan.failed; }

bool allocation_fails() {
    return threads_with_a_plan.load(std::memory_order_relaxed) != 0 && this_one_fails();
}

CountedAllocations::CountedAllocations(bool counted) : before_(plan.counting) {
    plan.counting = counted;
}
CountedAllocations::~CountedAllocations() { plan.counting = before_; }

}  // namespace lsm::torture
