// How this program was built, for the manifest of a run and for --version. Filled in by CMake, from
// cmake/build_info.cpp.in. It does not hold the commit: that would build everything anew after
// every commit; ask git in `source_folder` instead, where that exists.
#pragma once

#include <string_view>

namespace lsm {

struct BuildInfo {
    std::string_view version;        ///< of lsmlab: 0.1.0
    std::string_view compiler;       ///< GNU 12.2.0
    std::string_view flags;          ///< compiler options that can matter to speed, as given
    std::string_view build_type;     ///< Release or Debug
    std::string_view sanitizers;     ///< address,undefined; empty for none
    std::string_view source_folder;  ///< where the sources were, absolute
};

/// Constant; any thread.
const BuildInfo& build_info();

}  // namespace lsm
