// The manifest's records as bytes: docs/formats.md draws them. Decoding checks every bound and
// refuses what does not fit together; strings are copied.
#pragma once

#include <string>
#include <string_view>

#include "framework/log/manifest.hpp"

namespace lsm {

std::string encode_state(const TreeState& state);
std::string encode_record(const ManifestRecord& record);

/// `path` and `offset` name the place in errors.
TreeState decode_state(std::string_view payload, const std::string& path);
ManifestRecord decode_record(std::string_view payload, const std::string& path, uint64_t offset);

}  // namespace lsm
