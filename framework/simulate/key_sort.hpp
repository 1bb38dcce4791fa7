// Sorts entries by number, of one key the newest first, by a radix pass over the leading bits of
// their range that are worth it and insertion within what is left. Some 10 ns an entry for the
// thousands to millions of entries of a memtable, whatever the distribution of the numbers.
#pragma once

#include <cstddef>
#include <vector>

#include "framework/simulate/key_entry.hpp"

namespace lsm::simulate {

class KeySorter {
  public:
    /// Sorts in place.
    void sort(KeyEntry* entries, size_t count);

  private:
    void sort_part(KeyEntry* entries, size_t count);

    std::vector<KeyEntry> scratch_;
    std::vector<uint32_t> ends_;
};

}  // namespace lsm::simulate
