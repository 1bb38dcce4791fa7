// What becomes of disks after a crash: each different one is opened once, and what it holds is
// kept.
//
// A disk must open. What is opened must then keep: after another crash at once (with all that the
// recovery did not sync kept, or none of it), and after a crash in the midst of the recovery, at
// each of its calls, it must hold the same; and a write that was acknowledged after the recovery
// must be there after one more crash.
//
// Thread-safe; one for all threads of a machine.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "framework/os/disk_image.hpp"
#include "framework/os/sync.hpp"
#include "framework/torture/model_case.hpp"
#include "framework/torture/tally.hpp"

namespace lsm::torture {

class CrashImages {
  public:
    struct Outcome {
        std::string contents;
        std::string problem;  // empty: none
    };

    /// `share_inside`: of 256 disks so many have their recovery cut short as well.
    CrashImages(uint64_t seed, uint64_t share_inside) : seed_(seed), share_inside_(share_inside) {}

    /// Opens the disk with these policies unless that was done before. Counts into the tally what
    /// was done, once for each different disk.
    Outcome outcome(const DiskImage& image, const Combination& combination, Tally& tally);

  private:
    struct Shard {
        Mutex mutex;
        boost::unordered_flat_map<uint64_t, Outcome> known;
    };
    struct Recovery;

    Outcome explore(const DiskImage& image, uint64_t hash, const Combination& combination,
                    Tally& tally) const;

    const uint64_t seed_;
    const uint64_t share_inside_;
    std::array<Shard, 16> shards_;
};

}  // namespace lsm::torture
