// The two files made of records, in words; parts of dump.hpp.
#pragma once

#include "framework/tree/dump.hpp"

namespace lsm {

uint64_t dump_log(FileSystem& files, const std::string& path, uint64_t number,
                  const TakeLine& line);
uint64_t dump_manifest(FileSystem& files, const std::string& path, uint64_t number,
                       const TakeLine& line);

}  // namespace lsm
