#include "framework/policy/compaction.hpp"

namespace lsm {

const char* action_name(Choice::Action action) {
    switch (action) {
        case Choice::Action::nothing:
            return "nothing";
        case Choice::Action::merge:
            return "merge";
        case Choice::Action::move:
            return "move";
        case Choice::Action::drop:
            return "drop";
    }
    return "unknown";
}

}  // namespace lsm
