// Which key an operation asks for, by a phase's request distribution.
//
//   uniform     every key alike;
//   zipfian     scrambled, as YCSB's ScrambledZipfianGenerator: a Zipf rank over 10^10 items,
//   hashed
//               by FNV-1a (64 bits), modulo the key space. The key space of a phase with inserts
//               has room for twice the inserts that are expected, so that popular keys stay the
//               same ones while the set grows; a draw beyond the keys that are there is repeated;
//   latest      youngest key minus a Zipf rank over the keys that are there, which grows with them
//               (YCSB's SkewedLatestGenerator);
//   hotspot     a share hot_operations of the draws goes to the first share hot_keys of the keys;
//   sequential  one after another, from the first, around and around;
//   zipf        a Zipf rank over the keys that are there, the oldest the most popular;
//   normal, beta  the age of a key, from the oldest at 0 to the youngest at 1, follows the curve;
//   ranges      hot ranges of neighbouring keys (key_ranges.hpp). Neighbours in key order where
//   keys
//               are shuffled and there is one client, else in the order of insertion.
// Source: Cooper et al., "Benchmarking cloud serving systems with YCSB", SoCC 2010, section 4.1,
// and its generators.
//
// A draw that meets a deleted key is repeated; after 64 of those any live key is taken. 10 to 30 ns
// a draw. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "framework/base/random.hpp"
#include "workloads/draw_table.hpp"
#include "workloads/key_ranges.hpp"
#include "workloads/live_keys.hpp"
#include "workloads/phase.hpp"
#include "workloads/zipf.hpp"

namespace lsm::workloads {

/// FNV-1a over the eight bytes of the word, least first, and its magnitude as a signed number:
/// YCSB's hash.
uint64_t fnv_hash(uint64_t word);

class KeyChooser {
  public:
    /// `expected_inserts` and `key_space` are this client's share.
    /// `distribution`: one of the phase's, which may have several.
    KeyChooser(const Phase& phase, const std::string& distribution, LiveKeys& keys,
               uint64_t expected_inserts, uint64_t key_space, Random random, uint64_t seed);

    /// A live key; there must be one.
    uint64_t live();
    /// Any local identifier below the key space.
    uint64_t any() { return draw(key_space_, key_space_); }
    /// A local identifier whose missing twin is to be asked for.
    uint64_t missing();

  private:
    enum class Distribution { uniform, zipfian, latest, hotspot, sequential, zipf, shares, ranges };
    void choose_distribution(const Phase& phase, const std::string& name, uint64_t seed);
    /// In [0, count), or for zipfian in [0, modulus).
    uint64_t draw(uint64_t count, uint64_t modulus);
    uint64_t draw_hotspot(uint64_t count);
    uint64_t draw_range(uint64_t count);

    LiveKeys& keys_;
    Random random_;
    Distribution distribution_;
    std::optional<Zipf> zipf_;
    std::optional<ShareTable> shares_;
    std::optional<KeyRanges> ranges_;
    bool by_number_ = false;  // of ranges
    uint64_t key_space_;
    uint64_t modulus_;  // of zipfian over live keys
    double hot_keys_;
    double hot_operations_;
    uint64_t next_ = 0;  // of sequential
};

}  // namespace lsm::workloads
