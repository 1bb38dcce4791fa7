// The entry of libFuzzer for one target.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    lsm::fuzz::LSMLAB_FUZZ_TARGET({reinterpret_cast<const char*>(bytes), size});
    return 0;
}
