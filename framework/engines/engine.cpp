#include "framework/engines/engine.hpp"

#include "framework/base/error.hpp"

namespace lsm {

void Engine::put_for(std::string_view, std::string_view, uint64_t) {
    throw Error(ErrorKind::config, "this engine has no time to live", {},
                "use engine lsmlab, or a workload without it");
}

void Engine::remove_range(std::string_view, std::string_view) {
    throw Error(ErrorKind::config, "this engine has no range deletes", {},
                "use engine lsmlab, or a workload without them");
}

}  // namespace lsm
