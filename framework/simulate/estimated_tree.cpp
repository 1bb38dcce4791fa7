#include "framework/simulate/estimated_tree.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/error.hpp"
#include "framework/base/math.hpp"

namespace lsm::simulate {

namespace {

constexpr double kRange = 0x1p64;  // numbers of keys
constexpr unsigned kDigits = 16;

uint64_t number_at(double place) {
    return place < 1 ? static_cast<uint64_t>(std::max(place, 0.0) * kRange) : UINT64_MAX;
}

uint64_t rounded(double figure) { return static_cast<uint64_t>(std::floor(figure + 0.5)); }

/// As the workload's hashed keys: hexadecimal digits, then zeros.
void encode(uint64_t number, uint64_t key_bytes, std::string& key) {
    key.assign(key_bytes, '0');
    const auto digits = static_cast<unsigned>(std::min<uint64_t>(key_bytes, kDigits));
    for (unsigned i = 0; i < digits; ++i)
        key[i] = "0123456789abcdef"[(number >> (4 * (kDigits - 1 - i))) & 15];
}

/// The place of the key that begins with these digits.
double place_of(const std::string& key) {
    double place = 0;
    double unit = 1;
    for (size_t i = 0; i < key.size() && i < kDigits; ++i) {
        unit /= 16;
        const char digit = key[i];
        const int value = digit >= 'a' ? digit - 'a' + 10 : digit - '0';
        place += unit * std::clamp(value, 0, 15);
    }
    return place;
}

}  // namespace

double EstimatedTree::Part::entries() const {
    const double there = keys * (high - low);
    const double others = std::max(there - inserts, 0.0);
    if (there <= 0 || updates <= 0) return inserts;
    return inserts + others * (1 - exact_exp(-updates / there));
}

auto EstimatedTree::Part::share(double from, double to) const -> Part {
    Part part = *this;
    const double ratio = (to - from) / (high - low);
    part.low = from;
    part.high = to;
    part.inserts *= ratio;
    part.updates *= ratio;
    return part;
}

void EstimatedTree::Part::take(const Part& other) {
    const double mine = inserts + updates;
    const double theirs = other.inserts + other.updates;
    if (mine + theirs > 0)
        entry_bytes = (entry_bytes * mine + other.entry_bytes * theirs) / (mine + theirs);
    inserts += other.inserts;
    updates += other.updates;
    keys = std::max(keys, other.keys);
    oldest = std::min(oldest, other.oldest);
    newest = std::max(newest, other.newest);
}

void EstimatedTree::use_sizes(uint64_t key_bytes, double value_bytes) {
    key_bytes_ = key_bytes;
    value_bytes_ = value_bytes;
}

void EstimatedTree::write(uint64_t inserts, uint64_t updates) {
    if (updates > 0 && keys_ + inserts == 0)
        throw Error(ErrorKind::config, "there is no key to update", {}, "load some first");
    const double entry_bytes = static_cast<double>(key_bytes_) + value_bytes_;
    while (inserts + updates > 0) {
        const auto size = static_cast<double>(options_.memtable_size);
        const auto room =
            static_cast<uint64_t>(std::max(1.0, std::ceil((size - memtable_size_) / entry_bytes)));
        const uint64_t left = inserts + updates;
        const uint64_t now = std::min(room, left);
        const uint64_t new_keys =
            std::min(inserts, rounded(static_cast<double>(now) * static_cast<double>(inserts) /
                                      static_cast<double>(left)));
        const uint64_t drawn = std::min(updates, now - new_keys);
        const uint64_t done = new_keys + drawn;
        if (done == 0) continue;
        Part part;
        part.inserts = static_cast<double>(new_keys);
        part.updates = static_cast<double>(drawn);
        part.keys = static_cast<double>(keys_ + new_keys);
        part.entry_bytes = entry_bytes;
        part.oldest = sequence_ + 1;
        part.newest = sequence_ + done;
        memtable_.take(part);
        memtable_size_ += static_cast<double>(done) * entry_bytes;
        memtable_bytes_ = rounded(memtable_size_);
        memtable_writes_ += done;
        sequence_ += done;
        keys_ += new_keys;
        live_bytes_ += static_cast<double>(new_keys) * entry_bytes;
        user_bytes_ += static_cast<double>(done) * entry_bytes;
        counters_.puts += done;
        counters_.user_bytes = rounded(user_bytes_);
        inserts -= new_keys;
        updates -= drawn;
        if (memtable_size_ >= size) guarded([this] { flush_memtable(); });
    }
}

void EstimatedTree::flush() {
    if (memtable_writes_ == 0) return;
    guarded([this] { flush_memtable(); });
}

void EstimatedTree::flush_memtable() {
    const Origin origin = begin_flush(memtable_writes_, memtable_first_tick_);
    const Written written = cut({memtable_}, {}, origin);
    const uint64_t writes = std::max(memtable_writes_, written.entries);
    memtable_ = Part();
    memtable_size_ = 0;
    memtable_bytes_ = 0;
    memtable_writes_ = 0;
    memtable_first_tick_ = sequence_;
    end_flush(written, writes);
}

/// Between any two ends of the inputs' tables the same tables take part.
auto EstimatedTree::union_of(const Inputs& inputs) const -> std::vector<Part> {
    std::vector<double> ends;
    for (const TableId id : inputs.ids) {
        ends.push_back(tables_.at(id).low);
        ends.push_back(tables_.at(id).high);
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    std::vector<size_t> next(inputs.runs.size());
    std::vector<Part> parts;
    for (size_t i = 0; i + 1 < ends.size(); ++i) {
        Part part;
        bool any = false;
        for (size_t run = 0; run < inputs.runs.size(); ++run) {
            const auto& tables = inputs.runs[run].tables;
            size_t& at = next[run];
            while (at < tables.size() && tables_.at(tables[at]).high <= ends[i]) ++at;
            if (at == tables.size()) continue;
            const Part& table = tables_.at(tables[at]);
            if (table.low > ends[i]) continue;
            const Part share = table.share(ends[i], ends[i + 1]);
            if (any) {
                part.take(share);
            } else {
                part = share;
            }
            any = true;
        }
        if (any) parts.push_back(part);
    }
    return parts;
}

auto EstimatedTree::merge_inputs(const Inputs& inputs, const Choice& choice, const Origin& origin)
    -> Written {
    const std::vector<Part> parts = union_of(inputs);
    Written read;
    for (const TableId id : choice.inputs) {
        read.data_bytes_read += sizes_.at(id).data_bytes;
        read.data_blocks_read += sizes_.at(id).data_blocks;
    }
    let_go(inputs);
    std::vector<double> cuts;
    for (const std::string& key : choice.cut_keys) cuts.push_back(place_of(key));
    Written written = cut(parts, cuts, origin);
    written.data_bytes_read = read.data_bytes_read;
    written.data_blocks_read = read.data_blocks_read;
    return written;
}

void EstimatedTree::let_go(const Inputs& inputs) {
    for (const TableId id : inputs.ids) {
        tables_.erase(id);
        sizes_.erase(id);
    }
}

auto EstimatedTree::cut(const std::vector<Part>& parts, const std::vector<double>& cuts,
                        const Origin& origin) -> Written {
    Written written;
    Part table;
    bool open = false;
    double held = 0;  // entries in it
    const auto finish = [&] {
        if (open) add_table(table, origin, written);
        open = false;
        held = 0;
    };
    size_t next_cut = 0;
    for (const Part& whole : parts) {
        double from = whole.low;
        while (from < whole.high) {
            while (next_cut < cuts.size() && cuts[next_cut] <= from) {
                if (open && cuts[next_cut] > table.low) finish();
                ++next_cut;
            }
            const Part rest = whole.share(from, whole.high);
            const double there = rest.entries();
            const double full = std::max(1.0, std::ceil(static_cast<double>(options_.table_size) /
                                                        std::max(rest.entry_bytes, 1.0)));
            double to = whole.high;
            if (held + there > full + 0.5)
                to = from + (whole.high - from) * std::max(full - held, 0.0) / there;
            if (next_cut < cuts.size()) to = std::min(to, cuts[next_cut]);
            if (to <= from) to = whole.high;
            const Part piece = whole.share(from, to);
            if (!open) {
                table = piece;
                open = true;
            } else {
                table.take(piece);
                table.high = to;
            }
            held += piece.entries();
            if (held >= full - 0.5) finish();
            from = to;
        }
    }
    finish();
    return written;
}

std::string EstimatedTree::key_at(double place, bool last) const {
    std::string key;
    const auto digits = static_cast<unsigned>(std::min<uint64_t>(key_bytes_, kDigits));
    const unsigned shift = 4 * (kDigits - digits);
    uint64_t number = number_at(place) >> shift;
    // Where one table ends the next begins; they share no key.
    if (last && place < 1 && number > 0) number -= 1;
    encode(number << shift, key_bytes_, key);
    return key;
}

void EstimatedTree::add_table(const Part& part, const Origin& origin, Written& written) {
    TableShape shape = origin.shape;
    shape.id = next_file_++;
    shape.smallest = key_at(part.low, false);
    shape.largest = key_at(part.high, true);
    shape.entries = std::max<uint64_t>(rounded(part.entries()), 1);
    shape.tombstones = 0;
    shape.oldest_tombstone_tick = 0;
    shape.logical_bytes = rounded(static_cast<double>(shape.entries) * part.entry_bytes);
    shape.oldest_sequence = part.oldest;
    shape.newest_sequence = part.newest;
    // Neighbours as far apart as the table's keys are on average.
    std::vector<KeyEntry> sample(StoredSize::sample_entries(shape.entries));
    const double step = (part.high - part.low) / static_cast<double>(shape.entries);
    for (size_t i = 0; i < sample.size(); ++i) {
        sample[i] =
            KeyEntry::value(number_at(part.low + step * static_cast<double>(i)),
                            std::min<Sequence>(part.newest, UINT32_MAX), rounded(part.entry_bytes));
    }
    const std::function<void(uint64_t, std::string&)> name =
        [this](uint64_t number, std::string& key) { encode(number, key_bytes_, key); };
    const StoredSize::Sizes sizes = size_table(shape, origin.bits_per_key, {sample, name});
    written.add(shape, sizes.data_blocks);
    tables_.emplace(shape.id, part);
    sizes_.emplace(shape.id, sizes);
}

}  // namespace lsm::simulate
