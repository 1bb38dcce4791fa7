// What a tree stands on whose calls to the file system are to fail: files in memory, in mode power
// those that know what a power loss leaves (crash_file_system.hpp), where a sync that failed has
// lost the bytes that it was for. For one thread, or those of a scheduler.
#pragma once

#include <memory>
#include <string>

#include "framework/log/write_ahead_log.hpp"
#include "framework/os/crash_file_system.hpp"
#include "framework/os/faulty_file_system.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm::torture {

class FaultyDisk {
  public:
    explicit FaultyDisk(SyncMode sync)
        : base_(sync == SyncMode::power ? std::make_unique<CrashFileSystem>()
                                        : make_memory_file_system()),
          crash_(dynamic_cast<CrashFileSystem*>(base_.get())),
          faulty_(*base_) {
        if (crash_ == nullptr) return;
        faulty_.on_failed_sync([this](const std::string& path) { crash_->lose_unsynced(path); });
    }
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    /// Without faults.
    FileSystem& base() const { return *base_; }
    FaultyFileSystem& faulty() { return faulty_; }
    const FaultyFileSystem& faulty() const { return faulty_; }
    bool can_lose_power() const { return crash_ != nullptr; }
    /// What could be left now; only where power can be lost.
    CrashPoint crash_point() const { return crash_->crash_point(); }
    /// With all that no sync has covered, or none of it.
    std::unique_ptr<FileSystem> after_power_loss(bool pending_kept) const {
        const CrashPoint point = crash_point();
        CrashChoice choice;
        choice.kept.assign(point.pending().size(), pending_kept);
        return std::make_unique<CrashFileSystem>(point.image(choice));
    }

  private:
    const std::unique_ptr<FileSystem> base_;
    CrashFileSystem* const crash_;  // `base_` in mode power, else null
    FaultyFileSystem faulty_;
};

}  // namespace lsm::torture
