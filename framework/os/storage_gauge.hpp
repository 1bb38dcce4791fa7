// How many bytes of files there are, and the most there were: what the peak of space amplification
// needs, since a compaction's inputs and outputs stand beside each other. Fed by the metered file
// system, by path. The log's bytes (those tagged BlockKind::record) are kept apart from the rest.
//
// A file counts from its first byte until its last name is removed or renamed over; hard links of
// one file count once. Files that were there before the gauge count from when they are first
// opened, as the log's if their first read is of records. Bytes that were reserved ahead do not
// count. Any thread; the totals are read without a lock and are exact between operations.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "framework/os/ledger.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

class StorageGauge {
  public:
    enum class Part { files, log };  // the rest, and the log

    /// Bytes now.
    uint64_t current(Part part) const {
        return total(part).current.load(std::memory_order_relaxed);
    }
    /// The most at one time since the beginning or the last reset_peaks().
    uint64_t peak(Part part) const { return total(part).peak.load(std::memory_order_relaxed); }
    /// From here on the peaks are those of what is there now. While nothing else runs.
    void reset_peaks();

    // What the metered file system tells.
    struct File {
        std::array<std::atomic<uint64_t>, 2> bytes{};  // by Part
        uint64_t names = 1;                            // under the gauge's lock
        std::atomic<bool> adopted{false};  // was there before, and what it holds is not known yet
    };
    std::shared_ptr<File> created(const std::string& path);
    std::shared_ptr<File> opened(const std::string& path, uint64_t size);
    void appended(File& file, uint64_t bytes, BlockKind kind);
    void first_read(File& file, BlockKind kind);
    void renamed(const std::string& from, const std::string& to);
    void removed(const std::string& path);
    void linked(const std::string& from, const std::string& to, uint64_t size);

  private:
    struct Total {
        std::atomic<uint64_t> current{0};
        std::atomic<uint64_t> peak{0};
    };
    const Total& total(Part part) const { return totals_[static_cast<size_t>(part)]; }
    void grow(size_t part, uint64_t bytes);
    void drop_name(const std::string& key);

    Mutex mutex_;  // names
    std::map<std::string, std::shared_ptr<File>> names_;
    std::array<Total, 2> totals_;
};

}  // namespace lsm
