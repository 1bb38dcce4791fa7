// A red-black tree: the longest path is at most twice the shortest, kept so by fewer rotations than
// an AVL tree makes. Source: L. Guibas and R. Sedgewick, "A dichromatic framework for balanced
// trees", FOCS 1978; the tree is Boost.Container's.
#pragma once

#include "framework/policy/memtable/balanced_tree.hpp"

namespace lsm::memtable {

class Redblack : public BalancedTree<boost::container::red_black_tree> {
  public:
    using BalancedTree::BalancedTree;
    static constexpr std::string_view about =
        "red-black tree: a little deeper, fewer rotations at inserts (Boost.Container)";
};

}  // namespace lsm::memtable
