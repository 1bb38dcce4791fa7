#include "framework/os/memory_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "framework/os/io_error.hpp"

namespace lsm {

void MemoryFile::append(std::string_view bytes) {
    const Lock lock(mutex_);
    while (!bytes.empty()) {
        const uint64_t at = size_ % kChunkBytes;
        if (at == 0) chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkBytes));
        const uint64_t piece = std::min<uint64_t>(kChunkBytes - at, bytes.size());
        std::memcpy(chunks_.back().get() + at, bytes.data(), piece);
        bytes.remove_prefix(piece);
        size_ += piece;
    }
}

uint64_t MemoryFile::size() const {
    const Lock lock(mutex_);
    return size_;
}

MemoryFile::View MemoryFile::view() const {
    const Lock lock(mutex_);
    View view;
    view.size = size_;
    view.chunks.reserve(chunks_.size());
    for (const auto& chunk : chunks_) view.chunks.push_back(chunk.get());
    return view;
}

namespace {

/// A WritableFile or a LogFile: in memory there is no difference.
template <class Interface>
class MemoryWriter : public Interface {
  public:
    MemoryWriter(std::shared_ptr<MemoryFile> file, std::string path)
        : file_(std::move(file)), path_(std::move(path)) {}

    void append(std::string_view bytes, IoTag) override {
        check_open("append");
        file_->append(bytes);
        size_ += bytes.size();
    }
    void sync() override { check_open("sync"); }
    void close() override {
        check_open("close");
        file_.reset();
    }
    uint64_t size() const override { return size_; }

  private:
    void check_open(const char* call) const {
        if (!file_) throw_closed(path_, call);
    }

    std::shared_ptr<MemoryFile> file_;
    std::string path_;
    uint64_t size_ = 0;
};

class MemoryReader : public ReadableFile {
  public:
    MemoryReader(std::shared_ptr<const MemoryFile> file, std::string path)
        : file_(std::move(file)), path_(std::move(path)), view_(file_->view()) {}

    void read(uint64_t offset, uint64_t size, char* buffer, IoTag) const override {
        const uint64_t there = offset < view_.size ? view_.size - offset : 0;
        if (size > there) throw_short_read(path_, offset, size, there);
        while (size > 0) {
            const uint64_t at = offset % MemoryFile::kChunkBytes;
            const uint64_t piece = std::min(size, MemoryFile::kChunkBytes - at);
            std::memcpy(buffer, view_.chunks[offset / MemoryFile::kChunkBytes] + at, piece);
            buffer += piece;
            offset += piece;
            size -= piece;
        }
    }

    uint64_t size() const override { return view_.size; }

  private:
    std::shared_ptr<const MemoryFile> file_;
    std::string path_;
    MemoryFile::View view_;
};

}  // namespace

std::unique_ptr<WritableFile> write_memory_file(std::shared_ptr<MemoryFile> file,
                                                const std::string& path) {
    return std::make_unique<MemoryWriter<WritableFile>>(std::move(file), path);
}

std::unique_ptr<LogFile> write_memory_log(std::shared_ptr<MemoryFile> file,
                                          const std::string& path) {
    return std::make_unique<MemoryWriter<LogFile>>(std::move(file), path);
}

std::unique_ptr<ReadableFile> read_memory_file(std::shared_ptr<const MemoryFile> file,
                                               const std::string& path) {
    return std::make_unique<MemoryReader>(std::move(file), path);
}

}  // namespace lsm
