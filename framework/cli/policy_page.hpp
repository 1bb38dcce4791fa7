// The policies as a page of the documentation, in Markdown, from their own declarations.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/read_context.hpp"

namespace lsm::cli {

/// "2 to 100 runs", "at least 0"; nothing for options that are one of a few words.
std::string range_text(const OptionInfo& info);

/// The four primitives of a compaction strategy, each with what it is there.
std::vector<std::pair<std::string, std::string>> mapping_rows(const Mapping& mapping);

/// The page's title and what it is.
std::string policy_page_head();
/// The section of one axis: a heading for each policy, a table of its options.
std::string axis_page(const experiment::AxisInfo& axis);

}  // namespace lsm::cli
