// The museum of bugs: what went wrong in which engine, where one can read of it, and which test
// machine is expected to catch it here. The switches are framework/base/bug_museum.hpp's.
#pragma once

#include <span>

#include "framework/base/bug_museum.hpp"

namespace lsm::torture {

struct Exhibit {
    Bug bug;
    const char* name;  // as --bug takes it
    const char* story;
    const char* source;
    const char* machine;  // asked first
};

/// In the order of the switches, which is by what they break.
std::span<const Exhibit> all_exhibits();

}  // namespace lsm::torture
