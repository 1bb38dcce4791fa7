// The JSON inside a report: what its scripts draw. See framework/page/figure.js and tree_shape.js
// for who reads it.
#pragma once

#include <string>
#include <vector>

#include "framework/report/figures.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

/// Most points that a line keeps in the page.
inline constexpr size_t kMostPoints = 400;
/// Most runs, over all trials and samples, that the tree over time keeps.
inline constexpr size_t kMostTreeRuns = 12000;

/// {"figures": [...], "tree": [...]}.
std::string report_json(const RunData& run, const std::vector<Figure>& figures);

/// At most `most` points: the first, the last, and of each stretch between them the lowest and the
/// highest, so that no peak is lost.
std::vector<Point> thinned(const std::vector<Point>& points, size_t most);

}  // namespace lsm::report
