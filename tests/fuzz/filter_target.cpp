// Filter blocks. First byte: which filter; second: bits per key; then a piece of which every 8
// bytes are a key's hash, and the rest, which is asked as a filter's payload.
#include <span>

#include "framework/base/coding.hpp"
#include "framework/policy/registry.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/fuzz/targets.hpp"

namespace lsm::fuzz {

void filter_target(std::string_view bytes) {
    FuzzInput input(bytes);
    const auto& policies = all_policies().filter().policies();
    std::vector<OptionProblem> none;
    const AnyFilter filter(policies[input.byte() % policies.size()].make({}, none));
    const double bits_per_key = input.byte() / 4.0;
    const std::string_view keys = input.piece();
    std::vector<uint64_t> hashes{0, UINT64_MAX};
    for (size_t i = 0; i + 8 <= keys.size(); i += 8) hashes.push_back(get_fixed64(&keys[i]));
    const std::string payload(input.rest());  // of its own, so that a read behind it is seen
    for (const uint64_t hash : hashes) filter.may_contain(payload, hash);
    const std::string built = filter.build(hashes, bits_per_key);
    for (const uint64_t hash : hashes) require(filter.may_contain(built, hash));
}

}  // namespace lsm::fuzz
