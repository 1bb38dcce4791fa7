#include "framework/torture/failing_allocation.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

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

void* allocate(std::size_t size, std::size_t alignment) noexcept {
    if (threads_with_a_plan.load(std::memory_order_relaxed) != 0 && this_one_fails())
        return nullptr;
    if (size == 0) size = 1;
    if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(size);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
    void* memory = allocate(size, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
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

CountedAllocations::CountedAllocations(bool counted) : before_(plan.counting) {
    plan.counting = counted;
}
CountedAllocations::~CountedAllocations() { plan.counting = before_; }

}  // namespace lsm::torture

using lsm::torture::allocate;
using lsm::torture::allocate_or_throw;

namespace {
constexpr std::size_t kPlain = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
}

void* operator new(std::size_t size) { return allocate_or_throw(size, kPlain); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, kPlain); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, kPlain);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, kPlain);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
