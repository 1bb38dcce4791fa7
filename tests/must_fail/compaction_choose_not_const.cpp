// expect: compaction.choose(shape)
#include "framework/policy/compaction.hpp"

// A choice is a function of the shape alone, so nothing may be remembered from one to the next.
class Moody {
  public:
    struct Options {};
    static constexpr std::string_view about = "remembers what it chose last";
    explicit Moody(const Options&) {}
    lsm::Choice choose(const lsm::TreeShape&) {
        ++asked_;
        return lsm::Choice::nothing();
    }
    uint64_t runs_allowed(const lsm::TreeShape&, int) const { return 1; }

  private:
    int asked_ = 0;
};

static_assert(lsm::CompactionPolicy<Moody>);
