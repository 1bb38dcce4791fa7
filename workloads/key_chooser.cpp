#include "workloads/key_chooser.hpp"

#include <algorithm>

namespace lsm::workloads {

namespace {
constexpr uint64_t kScrambledItems = 10'000'000'000;
constexpr int kTries = 64;
}  // namespace

uint64_t fnv_hash(uint64_t word) {
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (int i = 0; i < 8; ++i) {
        hash = (hash ^ (word & 0xff)) * 0x100000001b3ULL;
        word >>= 8;
    }
    return (hash >> 63) != 0 ? ~hash + 1 : hash;
}

KeyChooser::KeyChooser(const Phase& phase, LiveKeys& keys, uint64_t expected_inserts,
                       uint64_t key_space, Random random)
    : keys_(keys),
      random_(random),
      key_space_(std::max<uint64_t>(key_space, 1)),
      modulus_(std::max<uint64_t>(keys.size() + 2 * expected_inserts, 1)),
      hot_keys_(phase.hot_keys),
      hot_operations_(phase.hot_operations) {
    if (phase.distribution == "zipfian") {
        distribution_ = Distribution::zipfian;
        zipf_.emplace(kScrambledItems, phase.zipf_constant);
    } else if (phase.distribution == "latest") {
        distribution_ = Distribution::latest;
        zipf_.emplace(1, phase.zipf_constant);
    } else if (phase.distribution == "hotspot") {
        distribution_ = Distribution::hotspot;
    } else if (phase.distribution == "sequential") {
        distribution_ = Distribution::sequential;
    } else {
        distribution_ = Distribution::uniform;
    }
}

uint64_t KeyChooser::draw(uint64_t count, uint64_t modulus) {
    switch (distribution_) {
        case Distribution::uniform:
            break;
        case Distribution::zipfian:
            return fnv_hash(zipf_->draw(random_)) % modulus;
        case Distribution::latest:
            zipf_->resize(count);
            return count - 1 - zipf_->draw(random_);
        case Distribution::hotspot:
            return draw_hotspot(count);
        case Distribution::sequential:
            if (next_ >= count) next_ = 0;
            return next_++;
    }
    return random_.below(count);
}

uint64_t KeyChooser::draw_hotspot(uint64_t count) {
    const auto hot =
        std::min(count, static_cast<uint64_t>(hot_keys_ * static_cast<double>(count) + 0.5));
    const bool take_hot = random_.unit() < hot_operations_;
    if (hot == 0 || hot == count) return random_.below(count);
    return take_hot ? random_.below(hot) : hot + random_.below(count - hot);
}

uint64_t KeyChooser::live() {
    if (distribution_ == Distribution::uniform) return keys_.random(random_);
    for (int tries = 0; tries < kTries; ++tries) {
        const uint64_t local = draw(keys_.size(), modulus_);
        if (keys_.alive(local)) return local;
    }
    return keys_.random(random_);
}

uint64_t KeyChooser::missing() {
    const uint64_t count = std::max<uint64_t>(keys_.size(), 1);
    return draw(count, count);
}

}  // namespace lsm::workloads
