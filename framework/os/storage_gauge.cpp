#include "framework/os/storage_gauge.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

namespace lsm {
namespace {

constexpr auto kFiles = static_cast<size_t>(StorageGauge::Part::files);
constexpr auto kLog = static_cast<size_t>(StorageGauge::Part::log);

/// One spelling per path.
std::string key_of(const std::string& path) {
    std::string key = std::filesystem::path(path).lexically_normal().string();
    while (key.size() > 1 && key.back() == '/') key.pop_back();
    return key;
}

}  // namespace

void StorageGauge::reset_peaks() {
    for (Total& each : totals_)
        each.peak.store(each.current.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

std::shared_ptr<StorageGauge::File> StorageGauge::created(const std::string& path) {
    const std::string key = key_of(path);
    const Lock lock(mutex_);
    drop_name(key);
    return names_[key] = std::make_shared<File>();
}

std::shared_ptr<StorageGauge::File> StorageGauge::opened(const std::string& path, uint64_t size) {
    const std::string key = key_of(path);
    const Lock lock(mutex_);
    auto& file = names_[key];
    if (!file) {
        file = std::make_shared<File>();
        file->bytes[kFiles] = size;
        file->adopted = true;
        grow(kFiles, size);
    }
    return file;
}

void StorageGauge::appended(File& file, uint64_t bytes, BlockKind kind) {
    const size_t part = kind == BlockKind::record ? kLog : kFiles;
    file.bytes[part].fetch_add(bytes, std::memory_order_relaxed);
    grow(part, bytes);
}

void StorageGauge::first_read(File& file, BlockKind kind) {
    if (!file.adopted.exchange(false) || kind != BlockKind::record) return;
    const uint64_t bytes = file.bytes[kFiles].exchange(0, std::memory_order_relaxed);
    file.bytes[kLog].fetch_add(bytes, std::memory_order_relaxed);
    totals_[kFiles].current.fetch_sub(bytes, std::memory_order_relaxed);
    grow(kLog, bytes);
}

void StorageGauge::renamed(const std::string& from, const std::string& to) {
    const std::string source = key_of(from);
    const std::string target = key_of(to);
    if (source == target) return;
    const Lock lock(mutex_);
    // A folder takes along what is in it.
    std::vector<std::pair<std::string, std::shared_ptr<File>>> moved;
    for (auto each = names_.lower_bound(source); each != names_.end();) {
        if (!each->first.starts_with(source)) break;
        const std::string rest = each->first.substr(source.size());
        if (!rest.empty() && rest.front() != '/') {
            ++each;
            continue;
        }
        moved.emplace_back(target + rest, std::move(each->second));
        each = names_.erase(each);
    }
    for (auto& [key, file] : moved) {
        drop_name(key);
        names_[key] = std::move(file);
    }
}

void StorageGauge::removed(const std::string& path) {
    const Lock lock(mutex_);
    drop_name(key_of(path));
}

void StorageGauge::linked(const std::string& from, const std::string& to, uint64_t size) {
    const std::shared_ptr<File> file = opened(from, size);
    const Lock lock(mutex_);
    ++file->names;
    names_[key_of(to)] = file;
}

void StorageGauge::grow(size_t part, uint64_t bytes) {
    Total& total = totals_[part];
    const uint64_t now = total.current.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    uint64_t peak = total.peak.load(std::memory_order_relaxed);
    while (peak < now && !total.peak.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
    }
}

void StorageGauge::drop_name(const std::string& key) {
    const auto found = names_.find(key);
    if (found == names_.end()) return;
    const std::shared_ptr<File> file = std::move(found->second);
    names_.erase(found);
    if (--file->names > 0) return;
    for (size_t part = 0; part < totals_.size(); ++part) {
        totals_[part].current.fetch_sub(file->bytes[part].load(std::memory_order_relaxed),
                                        std::memory_order_relaxed);
    }
}

}  // namespace lsm
