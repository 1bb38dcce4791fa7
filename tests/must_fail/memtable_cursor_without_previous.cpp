// expect: StepCursor
#include "framework/policy/memtable.hpp"

class Forwards {
  public:
    struct Options {};
    static constexpr std::string_view about = "its cursor knows one direction";
    static constexpr bool readers_beside_writer = false;
    explicit Forwards(const Options&) {}
    void insert(const lsm::Entry&) {}
    bool find(std::string_view, lsm::Sequence, lsm::Entry&) const { return false; }
    struct Cursor {
        void seek(std::string_view, lsm::Sequence) {}
        void seek_first() {}
        void seek_last() {}
        bool valid() const { return false; }
        lsm::Entry entry() const { return {}; }
        void next() {}
    };
    Cursor cursor() const { return {}; }
    uint64_t bytes_used() const { return 0; }
};

static_assert(lsm::MemtablePolicy<Forwards>);
