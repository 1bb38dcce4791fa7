// expect: constant.find(key, at, found)
#include "framework/policy/memtable.hpp"

class WriteOnly {
  public:
    struct Options {};
    static constexpr std::string_view about = "takes everything, gives nothing back";
    static constexpr bool readers_beside_writer = false;
    explicit WriteOnly(const Options&) {}
    void insert(const lsm::Entry&) {}
    int cursor() const { return 0; }
    uint64_t bytes_used() const { return 0; }
};

static_assert(lsm::Memtable<WriteOnly>);
