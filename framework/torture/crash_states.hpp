// Which states of a disk are looked at for one moment: of up to ten pending changes every subset;
// of more none, all, every prefix, every single one left out, every single one kept, every file
// without its last ones, and random ones. Beside each subset that is a prefix: its last write cut
// short, at every byte when it is small and every 512 bytes else, bare or grown to its full length
// with zeros or garbage; and every write cut short with all others kept.
#pragma once

#include <cstdint>
#include <functional>

#include "framework/base/random.hpp"
#include "framework/os/crash_point.hpp"

namespace lsm::torture {

struct CrashLimits {
    size_t all_subsets_up_to = 10;
    uint64_t random_subsets = 64;
    uint64_t every_byte_up_to = 64;  // of a write that is cut short
    uint64_t cut_step = 512;
};

/// Calls take(choice) for each; some may lead to equal images.
void for_each_state(const CrashPoint& point, const CrashLimits& limits, Random& random,
                    const std::function<void(const CrashChoice& choice)>& take);

}  // namespace lsm::torture
