#include "framework/torture/crash_states.hpp"

namespace lsm::torture {

namespace {

using Take = std::function<void(const CrashChoice&)>;

void all_subsets(size_t count, const Take& take) {
    for (uint64_t bits = 0; bits < uint64_t{1} << count; ++bits) {
        CrashChoice choice;
        for (size_t i = 0; i < count; ++i) choice.kept.push_back((bits >> i & 1) != 0);
        take(choice);
    }
}

/// Of one file only what came first, of the others all: the system writes files in any order.
void tails_lost(const CrashPoint& point, const Take& take) {
    const auto& pending = point.pending();
    CrashChoice choice;
    choice.kept.assign(pending.size(), true);
    for (size_t last = pending.size(); last-- > 0;) {
        if (pending[last]->kind == PendingChange::Kind::name) continue;
        CrashChoice lost = choice;
        for (size_t i = last; i < pending.size(); ++i) {
            const bool same = pending[i]->kind != PendingChange::Kind::name &&
                              pending[i]->node == pending[last]->node;
            if (same) lost.kept[i] = false;
        }
        take(lost);
    }
}

void some_subsets(size_t count, const CrashLimits& limits, Random& random, const Take& take) {
    for (size_t prefix = 0; prefix <= count; ++prefix) {
        CrashChoice choice;
        for (size_t i = 0; i < count; ++i) choice.kept.push_back(i < prefix);
        take(choice);
    }
    for (size_t one = 0; one < count; ++one) {
        CrashChoice alone, without;
        alone.kept.assign(count, false);
        alone.kept[one] = true;
        take(alone);
        without.kept.assign(count, true);
        without.kept[one] = false;
        take(without);
    }
    for (uint64_t n = 0; n < limits.random_subsets; ++n) {
        CrashChoice choice;
        for (size_t i = 0; i < count; ++i) choice.kept.push_back(random.below(2) != 0);
        take(choice);
    }
}

/// The write `torn` cut short in every way; `choice.kept` has it.
void cuts(const PendingChange& write, CrashChoice choice, size_t torn, const CrashLimits& limits,
          const Take& take) {
    const uint64_t size = write.bytes.size();
    const uint64_t step = size <= limits.every_byte_up_to ? 1 : limits.cut_step;
    choice.torn = torn;
    for (uint64_t bytes = 0; bytes < size; bytes += step) {
        choice.torn_bytes = bytes;
        for (const auto fill :
             {CrashChoice::Fill::nothing, CrashChoice::Fill::zeros, CrashChoice::Fill::garbage}) {
            choice.fill = fill;
            take(choice);
        }
    }
}

}  // namespace

void for_each_state(const CrashPoint& point, const CrashLimits& limits, Random& random,
                    const Take& take) {
    const auto& pending = point.pending();
    const size_t count = pending.size();
    if (count <= limits.all_subsets_up_to) {
        all_subsets(count, take);
    } else {
        some_subsets(count, limits, random, take);
        tails_lost(point, take);
    }
    for (size_t torn = 0; torn < count; ++torn) {
        if (pending[torn]->kind != PendingChange::Kind::write) continue;
        CrashChoice last, one_of_all;
        for (size_t i = 0; i < count; ++i) last.kept.push_back(i <= torn);
        cuts(*pending[torn], last, torn, limits, take);
        one_of_all.kept.assign(count, true);
        if (torn + 1 < count) cuts(*pending[torn], one_of_all, torn, limits, take);
    }
}

}  // namespace lsm::torture
