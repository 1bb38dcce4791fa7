// expect: sizing.bits_per_key(question)
#include "framework/policy/bloom.hpp"

struct Forgetful {
    struct Options {};
    static constexpr std::string_view about = "answers nothing";
    explicit Forgetful(const Options&) {}
};

static_assert(lsm::BloomSizingPolicy<Forgetful>);
