// The tree that YAML configures: every policy behind its eraser, compiled once.
#pragma once

#include "framework/tree/tree.hpp"

namespace lsm {

using AnyTree = Tree<AnyMemtable, AnyBloomSizing, AnyFormat, AnyCompaction, AnyFilter>;

extern template class Tree<AnyMemtable, AnyBloomSizing, AnyFormat, AnyCompaction, AnyFilter>;

}  // namespace lsm
