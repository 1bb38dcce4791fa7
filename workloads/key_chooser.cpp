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

KeyChooser::KeyChooser(const Phase& phase, const std::string& distribution, LiveKeys& keys,
                       uint64_t expected_inserts, uint64_t key_space, Random random, uint64_t seed)
    : keys_(keys),
      random_(random),
      key_space_(std::max<uint64_t>(key_space, 1)),
      modulus_(std::max<uint64_t>(keys.size() + 2 * expected_inserts, 1)),
      hot_keys_(phase.hot_keys),
      hot_operations_(phase.hot_operations) {
    choose_distribution(phase, distribution, seed);
}

void KeyChooser::choose_distribution(const Phase& phase, const std::string& name, uint64_t seed) {
    distribution_ = Distribution::uniform;
    if (name == "zipfian") {
        distribution_ = Distribution::zipfian;
        zipf_.emplace(kScrambledItems, phase.zipf_constant);
    } else if (name == "latest" || name == "zipf") {
        distribution_ = name == "zipf" ? Distribution::zipf : Distribution::latest;
        zipf_.emplace(1, phase.zipf_constant);
    } else if (name == "hotspot") {
        distribution_ = Distribution::hotspot;
    } else if (name == "sequential") {
        distribution_ = Distribution::sequential;
    } else if (name == "normal") {
        distribution_ = Distribution::shares;
        shares_ = ShareTable::normal(phase.normal_mean, phase.normal_deviation);
    } else if (name == "beta") {
        distribution_ = Distribution::shares;
        shares_ = ShareTable::beta(phase.beta[0], phase.beta[1]);
    } else if (name == "ranges") {
        distribution_ = Distribution::ranges;
        ranges_.emplace(phase, seed);
        by_number_ = phase.order == "shuffled" && keys_.clients() == 1;
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
        case Distribution::zipf:
            zipf_->resize(count);
            return zipf_->draw(random_);
        case Distribution::shares:
            return static_cast<uint64_t>(shares_->draw(random_) * static_cast<double>(count));
        case Distribution::ranges:
            return draw_range(count);
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

uint64_t KeyChooser::draw_range(uint64_t count) {
    const uint64_t place = ranges_->draw(count, random_);
    if (!by_number_) return place;
    // Shuffled keys have the numbers 2 * place, and so their places are their order.
    return std::min(keys_.codec().decode_number(2 * place).identifier, count - 1);
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
