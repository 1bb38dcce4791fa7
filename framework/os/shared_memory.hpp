// Memory that a process shares with the children it forks later (forked_process.hpp).
#pragma once

#include <cstdint>
#include <new>

namespace lsm {

/// Pages of zeros; Error(io) when there are none.
void* map_shared(uint64_t bytes);
void unmap_shared(void* memory, uint64_t bytes) noexcept;

/// One T in such memory. What it holds must do without pointers and locks: atomics and numbers.
template <class T>
class SharedMemory {
  public:
    SharedMemory() : value_(new(map_shared(sizeof(T))) T()) {}
    ~SharedMemory() { unmap_shared(value_, sizeof(T)); }
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    T& operator*() const { return *value_; }
    T* operator->() const { return value_; }

  private:
    T* value_;
};

}  // namespace lsm
