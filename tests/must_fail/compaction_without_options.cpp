// expect: Options
#include "framework/policy/compaction.hpp"

class Bare {
  public:
    static constexpr std::string_view about = "nothing to set";
    lsm::Choice choose(const lsm::TreeShape&) const { return lsm::Choice::nothing(); }
    uint64_t runs_allowed(const lsm::TreeShape&, int) const { return 1; }
};

static_assert(lsm::CompactionPolicy<Bare>);
