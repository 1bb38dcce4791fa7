// An AVL tree: the heights of a node's two subtrees differ by one at most, so that it is the
// shallowest of the balanced trees to search and pays for it with more rotations at inserts.
// Source: G. Adelson-Velsky and E. Landis, "An algorithm for the organization of information",
// 1962; the tree is Boost.Container's.
#pragma once

#include "framework/policy/memtable/balanced_tree.hpp"

namespace lsm::memtable {

class Avl : public BalancedTree<boost::container::avl_tree> {
  public:
    using BalancedTree::BalancedTree;
    static constexpr std::string_view about =
        "AVL tree: shallow, more rotations at inserts (Boost.Container)";
};

}  // namespace lsm::memtable
