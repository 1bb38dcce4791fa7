// Memory that is handed out in small pieces and freed all at once: a memtable's nodes and bytes.
// What it hands out never moves. One writer; readers may read what they were handed while the
// writer allocates.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace lsm {

class Arena {
  public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// `size` bytes aligned to `alignment` (a power of two, at most 16).
    void* allocate(size_t size, size_t alignment = 8) {
        const size_t padding = (alignment - (next_ & (alignment - 1))) & (alignment - 1);
        if (size + padding > left_) return allocate_block(size, alignment);
        char* at = reinterpret_cast<char*>(next_ + padding);
        next_ += padding + size;
        left_ -= padding + size;
        return at;
    }

    /// A copy of `bytes` that lives as long as the arena.
    std::string_view copy(std::string_view bytes) {
        if (bytes.empty()) return {};
        auto* at = static_cast<char*>(allocate(bytes.size(), 1));
        std::memcpy(at, bytes.data(), bytes.size());
        return {at, bytes.size()};
    }

    /// Bytes taken from the system; any thread.
    uint64_t bytes_used() const { return used_.load(std::memory_order_relaxed); }

  private:
    static constexpr size_t kBlockBytes = 64 * 1024;

    void* allocate_block(size_t size, size_t alignment) {
        // A large piece gets a block of its own, so that the rest of the current block is not
        // wasted.
        const bool apart = size > kBlockBytes / 4;
        const size_t bytes = apart ? size + alignment : kBlockBytes;
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
        used_.fetch_add(bytes, std::memory_order_relaxed);
        auto start = reinterpret_cast<uintptr_t>(blocks_.back().get());
        const uintptr_t aligned = (start + alignment - 1) & ~(alignment - 1);
        if (!apart) {
            next_ = aligned + size;
            left_ = start + bytes - next_;
        }
        return reinterpret_cast<void*>(aligned);
    }

    uintptr_t next_ = 0;
    size_t left_ = 0;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::atomic<uint64_t> used_{0};
};

}  // namespace lsm
