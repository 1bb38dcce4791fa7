// The log's file on the operating system. Mapped: segments of the file are allocated on the disk
// (fallocate, so that a full disk is an error of append and not a SIGBUS) and mapped shared; append
// copies into the mapping, which the kernel owns, so that the bytes survive the process the moment
// append returns, without a system call. Written: pwrite per append, where the file system can not
// allocate or map.
//
// A record that crosses a segment has all its room allocated before its first byte is copied. After
// a failed append or sync every later call throws the first cause; after an append that found no
// room every later append does, and what was there before can still be synced and closed. One
// thread at a time. On
// copy-on-write file systems (btrfs, zfs) allocated space may still run out when a page is first
// written after a snapshot of the disk: that is a SIGBUS, and this file does not guard against it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "framework/os/file_system.hpp"

namespace lsm {

enum class LogWriting { mapped_where_possible, written };

/// `reserve`: bytes of a segment, rounded up to whole pages; at least one page.
std::unique_ptr<LogFile> create_posix_log_file(
    const std::string& path, uint64_t reserve,
    LogWriting writing = LogWriting::mapped_where_possible);

}  // namespace lsm
