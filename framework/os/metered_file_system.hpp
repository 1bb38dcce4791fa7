// A file system that counts what passes through it to another one: each append and each read into a
// ledger by its tag, each sync, and into a gauge how many bytes of files there are. A call counts
// once it has succeeded, with the bytes that the caller named, whatever is done below (buffers,
// copies where hard links are missing).
//
// As thread-safe as the one below. Costs two atomic additions per call; reads share no lock. Leaves
// out: names (rename, list, remove) cost nothing in the ledger. `under`, `ledger` and `gauge` must
// outlive it and all files that it made.
#pragma once

#include <memory>

#include "framework/os/file_system.hpp"
#include "framework/os/storage_gauge.hpp"

namespace lsm {

std::unique_ptr<FileSystem> make_metered_file_system(FileSystem& under, Ledger& ledger);
std::unique_ptr<FileSystem> make_metered_file_system(FileSystem& under, Ledger& ledger,
                                                     StorageGauge& gauge);

}  // namespace lsm
