// `./lab torture museum`: are the test machines worth anything? One historic bug after another is
// switched on in a process of its own, and the machines are let loose on it, the one first that is
// expected to catch it: a failure, a crash or a hang is a catch. A bug that none catches is a
// failure of the museum, and so is a machine that finds something where no bug is on.
//
// Needs a build with the switches in it (framework/base/bug_museum.hpp), which `./lab torture
// museum` makes; in any other it is Error(usage).
#pragma once

#include "framework/torture/machine.hpp"

namespace lsm::torture {

Report run_museum(const Options& options);

}  // namespace lsm::torture
