// Finds the cheapest point of a grid without walking all of it: from several starts, over two axes
// at a time, until no pair helps; a grid of two axes is walked whole. Costs over designs have few
// valleys (each depth of the tree is one), and starts all over the grid find them; tests hold it
// against walking the whole grid.
//
// Deterministic; the function is asked once for each point that is looked at.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace lsm::model {

using GridPoint = std::vector<std::size_t>;

/// The point of least cost that was found; `sizes` are the numbers of values of each axis, none 0.
/// Of equals the first in order. Infinite costs are points that are not there.
GridPoint find_least(const std::vector<std::size_t>& sizes,
                     const std::function<double(const GridPoint&)>& cost);

}  // namespace lsm::model
