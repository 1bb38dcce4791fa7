// expect: compaction.choose(shape)
#include "framework/policy/compaction.hpp"

class Undecided {
  public:
    struct Options {};
    static constexpr std::string_view about = "says yes or no instead of what";
    explicit Undecided(const Options&) {}
    bool choose(const lsm::TreeShape&) const { return true; }
    uint64_t runs_allowed(const lsm::TreeShape&, int) const { return 1; }
};

static_assert(lsm::CompactionPolicy<Undecided>);
