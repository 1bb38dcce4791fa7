// Steps of a reader that goes on behind damage and tells of all of it (verify, dump, repair).
#pragma once

#include "framework/base/error.hpp"

namespace lsm {

/// Runs the step, and returns whether it came to its end. An error of kind corruption goes to
/// report(error), every other one to the caller.
template <class Step, class Report>
bool tell_damage(Step step, Report report) {
    try {
        step();
        return true;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::corruption) throw;
        report(error);
        return false;
    }
}

}  // namespace lsm
