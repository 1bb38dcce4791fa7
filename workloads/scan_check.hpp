// Holds a range that a store returns against the oracle, entry by entry: order, values, no key that
// is dead, none left out. Keys of other clients are let pass where they stand in order, since they
// may change meanwhile. A range may go on into the next section. Keeps the first problem only.
// Lives for one scan, during which the oracle does not change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/live_keys.hpp"

namespace lsm::workloads {

class ScanCheck {
  public:
    /// `sections`: all of the client's, by ascending range of keys; the scan starts in that one.
    ScanCheck(const std::vector<std::unique_ptr<LiveKeys>>& sections, size_t section, uint64_t from,
              bool backward, bool may_miss)
        : sections_(sections),
          section_(section),
          walk_(sections[section]->walk(from, backward)),
          from_(from),
          backward_(backward),
          may_miss_(may_miss) {}

    void take(std::string_view key, std::string_view value);
    /// The same for an entry given by its key's number among all sections and its version.
    void take_number(uint64_t whole, uint64_t version);
    /// After the last entry; `limit` is what was asked for, `returned` what the store said.
    void finish(uint64_t limit, uint64_t returned);

    const std::optional<std::string>& problem() const { return problem_; }

  private:
    bool before(uint64_t left, uint64_t right) const {
        return backward_ ? left > right : left < right;
    }
    const LiveKeys& keys() const { return *sections_[section_]; }
    /// Goes to the section beyond this one, where there is one.
    bool next_section();
    /// Goes on to the first section beyond this one that `holds(codec)`, unless a key is left out;
    /// stays where none does.
    template <class Holds>
    void enter_section(Holds holds);
    /// Whether the key comes in order; a problem otherwise.
    bool in_order(uint64_t number);
    /// `check(local)`: what is wrong with the answer for that key.
    template <class Check>
    void take_own(uint64_t number, uint64_t local, Check check);
    std::string shown(uint64_t number) const;

    const std::vector<std::unique_ptr<LiveKeys>>& sections_;
    size_t section_;
    std::optional<OrderedKeys::Walk> walk_;
    uint64_t from_;
    bool backward_;
    bool may_miss_;
    uint64_t taken_ = 0;
    std::optional<uint64_t> last_;
    std::optional<std::string> problem_;
};

}  // namespace lsm::workloads
