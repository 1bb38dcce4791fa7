// expect: Granularity
#include "framework/policy/compaction/primitives.hpp"

// take() has to say what, not how much.
struct HowMuch {
    template <lsm::Layout L>
    int take(const lsm::TreeShape&, const L&, int) const {
        return 3;
    }
};

using Wrong = lsm::Primitives<lsm::LevelingLayout, lsm::Rule<lsm::RunCount, HowMuch>>;

lsm::Choice choose(const lsm::TreeShape& shape) {
    return Wrong(lsm::LevelingLayout(4), {}).choose(shape);
}
