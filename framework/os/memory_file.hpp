// A file's bytes in memory, for the memory file system: chunks of 64 KiB that are never moved. One
// writer; a reader takes the list of chunks and the size once, when it opens the file, and then
// reads without a lock, beside a writer that appends behind what the reader sees.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/os/file_system.hpp"
#include "framework/os/sync.hpp"

namespace lsm {

class MemoryFile {
  public:
    static constexpr uint64_t kChunkBytes = 64 * 1024;

    void append(std::string_view bytes);
    uint64_t size() const;

    /// The bytes so far: the chunks live as long as the file.
    struct View {
        std::vector<const char*> chunks;
        uint64_t size = 0;
    };
    View view() const;

  private:
    mutable Mutex mutex_;  // the list and the size, not the bytes
    std::vector<std::unique_ptr<char[]>> chunks_;
    uint64_t size_ = 0;
};

/// `path` is for errors. The files below keep the bytes alive when the name is gone.
std::unique_ptr<WritableFile> write_memory_file(std::shared_ptr<MemoryFile> file,
                                                const std::string& path);
std::unique_ptr<LogFile> write_memory_log(std::shared_ptr<MemoryFile> file,
                                          const std::string& path);
std::unique_ptr<ReadableFile> read_memory_file(std::shared_ptr<const MemoryFile> file,
                                               const std::string& path);

}  // namespace lsm
