// Lets the n-th allocation of a piece of code fail with std::bad_alloc. The program's operator new
// is replaced for that by replaced_new.cpp, which programs list that want it; while no thread
// counts, that costs a relaxed load.
//
// A plan is the calling thread's own. Allocations count only within CountedAllocations, and not
// within an UncountedAllocations in it: the harness's own are not to fail.
#pragma once

#include <cstdint>

namespace lsm::torture {

/// The n-th allocation that counts from now on fails (from 1; 0: none), and all later ones if
/// `for_good`.
void plan_failing_allocation(uint64_t n, bool for_good);
uint64_t counted_allocations();  // since then
uint64_t failed_allocations();
/// Asked by operator new, for each allocation.
bool allocation_fails();

class CountedAllocations {
  public:
    explicit CountedAllocations(bool counted = true);
    ~CountedAllocations();
    CountedAllocations(const CountedAllocations&) = delete;
    CountedAllocations& operator=(const CountedAllocations&) = delete;

  private:
    const bool before_;
};

class UncountedAllocations : CountedAllocations {
  public:
    UncountedAllocations() : CountedAllocations(false) {}
};

}  // namespace lsm::torture
