// What the model machine runs: one combination of policies with their options and sizes, a seed,
// and which of the operations that the seed gives are carried out.
//
// As text, for --case: NUMBER (the machine's case of that number, under its seed), or
// MEMTABLE,BLOOM,FILTER,FORMAT,COMPACTION,CODEC,SYNC,SEED; then a colon and the operations by their
// numbers, as 0-1999 or 3,17-20.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/random.hpp"
#include "framework/engines/engine.hpp"

namespace lsm::torture {

/// Numbers of operations, as ranges from a first to a last one, ascending.
class Operations {
  public:
    Operations() = default;
    static Operations first(uint64_t count);
    static Operations of(const std::vector<uint64_t>& numbers);
    /// Error(usage) when it is no list of numbers.
    static Operations parse(const std::string& text);
    std::string text() const;
    std::vector<uint64_t> numbers() const;
    bool contains(uint64_t number) const;

  private:
    std::vector<std::pair<uint64_t, uint64_t>> ranges_;
};

/// One combination of policies, by name.
struct Combination {
    std::string memtable, bloom, filter, format, compaction, codec, sync;

    std::string text() const;
};

/// The axes, each with its values and the member of a combination that it sets. Strategies that
/// drop live data are left out: there is no std::map for them.
struct CombinationAxis {
    std::string Combination::* member;
    std::vector<std::string> values;
};
std::vector<CombinationAxis> combination_axes();

struct ModelCase {
    std::string name;  // as --case takes it, without the operations
    EngineSettings settings;
    uint64_t seed = 0;
    uint64_t keys = 150;
    bool by_clock = false;  // values expire by a clock that is turned by hand, not by writes
};

/// Default options, and limits at which a few hundred operations flush and compact.
ModelCase combination_case(const Combination& combination, uint64_t seed);
/// Everything drawn: policies, their options, sizes, the number of keys.
ModelCase random_case(uint64_t machine_seed, uint64_t number);
/// Error(usage) when the text names no case. Without operations: the first `usual`.
std::pair<ModelCase, Operations> parse_model_case(const std::string& text, uint64_t machine_seed,
                                                  uint64_t usual);

}  // namespace lsm::torture
