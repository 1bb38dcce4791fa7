// The manifest's records as bytes: docs/formats.md draws them. Decoding checks every bound and
// refuses what does not fit together; strings are copied.
#pragma once

#include <string>
#include <string_view>

#include "framework/log/manifest.hpp"

namespace lsm {

/// Names of files have at most 18 digits.
inline constexpr uint64_t kMaxFileNumber = 999'999'999'999'999'999;

std::string encode_state(const TreeState& state);
std::string encode_record(const ManifestRecord& record);

/// `path` and `offset` name the place in errors.
TreeState decode_state(std::string_view payload, const std::string& path);
/// `version`: of the manifest that it is from, as manifest_version() has it from the first record.
ManifestRecord decode_record(std::string_view payload, const std::string& path, uint64_t offset,
                             uint32_t version);
uint32_t manifest_version(std::string_view first_payload);

}  // namespace lsm
