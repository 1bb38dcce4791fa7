// The JSON Schema (draft-07, which editors' YAML plug-ins read best) of experiment files, made from
// the same declarations that reading uses: completion, hover texts and first errors while typing.
// Looser than `check` where a schema cannot say it: which option belongs to which policy, names in
// claims.
#pragma once

#include <string>

#include "framework/experiment/read_context.hpp"

namespace lsm::experiment {

/// Indented JSON with a line feed at its end; the same text for the same context.
std::string experiment_schema(const ReadContext& context);

}  // namespace lsm::experiment
