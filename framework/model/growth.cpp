#include "framework/model/growth.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lsm::model {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kMostLevels = DeclaredLayout::kDeepest;

double bytes_of(const std::vector<Growth::Run>& runs) {
    double sum = 0;
    for (const Growth::Run& run : runs) sum += run.bytes;
    return sum;
}

}  // namespace

Growth::Growth(const DeclaredLayout& layout, double entry_bytes)
    : layout_(layout),
      entry_bytes_(entry_bytes),
      flush_bytes_(std::ceil(layout.memtable_bytes() / entry_bytes) * entry_bytes) {}

int Growth::deepest() const {
    for (size_t level = levels_.size(); level > 0; --level) {
        if (!levels_[level - 1].empty()) return static_cast<int>(level);
    }
    return 0;
}

double Growth::run_bytes() const {
    double sum = 0;
    for (const auto& runs : levels_) sum += bytes_of(runs);
    return sum;
}

std::vector<Growth::Run>& Growth::runs(size_t level) {
    if (levels_.size() <= level) levels_.resize(level + 1);
    return levels_[level];
}

double Growth::runs_allowed(size_t level) const {
    const auto& levels = layout_.levels(std::max(deepest(), static_cast<int>(level) + 1));
    return levels[std::min(level, levels.size() - 1)].runs;
}

double Growth::capacity(size_t level) const {
    const auto& levels = layout_.levels(std::max(deepest(), static_cast<int>(level) + 1));
    return levels[std::min(level, levels.size() - 1)].capacity;
}

/// Bytes to which a run grows by what arrives; 0: it takes one arrival only.
double Growth::run_capacity(size_t level) const {
    const double allowed = runs_allowed(level);
    if (allowed == 1) return capacity(level);
    const double arrivals = layout_.arrivals(static_cast<int>(level) + 1).back();
    const double each = std::ceil(arrivals / allowed);
    return each > 1 ? capacity(level) / arrivals * each : 0;
}

/// Of two versions of a key the older one goes. Keys of `newer` that supersede something are spread
/// over all that is alive, so chance puts their share into `older`.
Growth::Run Growth::merge(const Run& newer, const Run& older) const {
    const double share = live_bytes_ > 0 ? std::min(1.0, older.bytes / live_bytes_) : 0;
    const double met = std::min(newer.updates * share, older.bytes);
    return {newer.bytes + older.bytes - met, older.updates + newer.updates * (1 - share)};
}

void Growth::write(double user_bytes, double updates, double live_bytes) {
    live_bytes_ = live_bytes;
    while (user_bytes > 0) {
        const double part = std::min(user_bytes, flush_bytes_ - buffered_);
        buffered_ += part;
        buffered_updates_ += part * updates;
        user_bytes_ += part;
        user_bytes -= part;
        if (buffered_ < flush_bytes_ * (1 - 1e-12)) break;
        flush();
        while (settle_once()) {
        }
    }
}

void Growth::flush() {
    // A memtable's own second versions of a key are not flushed.
    const double share = live_bytes_ > 0 ? std::min(1.0, buffered_ / live_bytes_) : 0;
    const double doubled = buffered_updates_ * share / 2;
    const Run run{buffered_ - doubled, buffered_updates_ - doubled};
    auto& first = runs(0);
    first.insert(first.begin(), run);
    written_ += run.bytes;
    ++flushes_;
    buffered_ = 0;
    buffered_updates_ = 0;
}

/// One compaction of the level rule (adr/0004); false when nothing is due.
bool Growth::settle_once() {
    for (size_t level = 0; level < levels_.size(); ++level) {
        auto& here = levels_[level];
        if (here.empty()) continue;
        const auto allowed = static_cast<size_t>(runs_allowed(level));
        const bool leveled = allowed == 1;
        const bool too_many = here.size() > allowed;
        const bool too_large = leveled && bytes_of(here) > capacity(level);
        if (!too_many && !too_large) continue;
        if (too_many) {
            const size_t joined = here.size() - allowed;
            Run merged = here[joined];
            for (size_t i = joined; i > 0; --i) merged = merge(here[i - 1], merged);
            const bool fits = merged.bytes <= run_capacity(level);
            if (fits || (leveled && layout_.rule() != SpillRule::bypass)) {
                written_ += merged.bytes;
                here.erase(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(joined));
                here.front() = merged;
                return true;
            }
        }
        if (level + 1 >= kMostLevels) return false;
        if (leveled && layout_.rule() == SpillRule::by_tables) {
            send_tables_down(level);
        } else {
            take_down(level);
        }
        return true;
    }
    return false;
}

void Growth::take_down(size_t level) {
    const bool spills = layout_.rule() != SpillRule::bypass;
    std::vector<Run> taken = levels_[level];  // newest first
    std::vector<size_t> emptied{level};
    size_t target = level + 1;
    bool joins = false;
    for (; target + 1 < kMostLevels; ++target) {
        const std::vector<Run> there = runs(target);
        const double fits_in = run_capacity(target);
        const bool leveled = fits_in > 0;
        const bool over = spills && runs_allowed(target) == 1;
        const double bytes = bytes_of(taken);
        if (!there.empty() && leveled && (over || there.front().bytes + bytes <= fits_in)) {
            taken.push_back(there.front());
            joins = true;
            break;
        }
        const bool room = !leveled || over || bytes <= capacity(target);
        if (room && static_cast<double>(there.size()) < runs_allowed(target)) break;
        taken.insert(taken.end(), there.begin(), there.end());
        emptied.push_back(target);
    }
    Run merged = taken.back();
    for (size_t i = taken.size() - 1; i > 0; --i) merged = merge(taken[i - 1], merged);
    if (taken.size() > 1) written_ += merged.bytes;
    for (const size_t each : emptied) levels_[each].clear();
    auto& to = runs(target);
    if (joins) {
        to.front() = merged;
    } else {
        to.insert(to.begin(), merged);
    }
}

void Growth::send_tables_down(size_t level) {
    Run& from = levels_[level].back();
    const double share = std::min(1.0, (bytes_of(levels_[level]) - capacity(level)) / from.bytes);
    const Run moved{from.bytes * share, from.updates * share};
    const double of_range = share;  // of the key range, and so of the run below
    from.bytes -= moved.bytes;
    from.updates -= moved.updates;
    const bool empty = from.bytes <= 0;
    auto& below = runs(level + 1);
    if (below.empty()) {
        below.push_back(moved);
    } else {
        const Run met{below.front().bytes * of_range, below.front().updates * of_range};
        // Within the range that they share, the live keys are as dense as anywhere.
        const double share_met =
            live_bytes_ > 0 ? std::min(1.0, below.front().bytes / live_bytes_) : 0;
        const double doubled = std::min(moved.updates * share_met, met.bytes);
        written_ += moved.bytes + met.bytes - doubled;
        below.front().bytes += moved.bytes - doubled;
        below.front().updates += moved.updates * (1 - share_met);
    }
    if (empty) levels_[level].pop_back();
}

double Growth::write_amplification() const {
    return user_bytes_ > 0 ? written_ / user_bytes_ : kUndefined;
}

double Growth::space_amplification() const {
    return live_bytes_ > 0 ? run_bytes() / live_bytes_ : kUndefined;
}

std::vector<LevelFilter> Growth::filters(const AnyBloomSizing& sizing,
                                         const AnyFilter& filter) const {
    RunsByLevel tree(static_cast<size_t>(deepest()));
    for (size_t level = 0; level < tree.size(); ++level) {
        for (const Run& run : levels_[level]) tree[level].push_back(run.bytes / entry_bytes_);
        // A level that is empty just now has runs again soon, with the filters that it is due.
        if (tree[level].empty()) tree[level].push_back(1);
    }
    return filters_of(tree, layout_, entry_bytes_, sizing, filter);
}

Growth::Lookups Growth::lookups(const std::vector<LevelFilter>& filters) const {
    Lookups lookups;
    // The newest version of a key: in a run with the chance of its size, unless in a newer one.
    double unseen = 1;
    const double all = std::max(live_bytes_, 1.0);
    // Keys that have but one version are shared out among the runs; with updates a newer run hides
    // what it shares with older ones.
    const double held = run_bytes() + buffered_;
    const bool versions = held > 1.05 * all;
    const auto take = [&](double bytes) {
        const double part = versions ? unseen * std::min(1.0, bytes / all)
                                     : std::min(unseen, bytes / std::max(held, 1.0));
        unseen -= part;
        return part;
    };
    take(buffered_);
    double passed = 0;
    double found = 0;
    for (size_t level = 0; level < levels_.size(); ++level) {
        const double rate = level < filters.size() ? filters[level].rate : 1;
        for (const Run& run : levels_[level]) {
            found += take(run.bytes) * (1 + passed);
            passed += rate;
        }
    }
    lookups.empty = passed;
    lookups.found = found + unseen * (1 + passed) * (versions ? 1 : 0);
    return lookups;
}

}  // namespace lsm::model
