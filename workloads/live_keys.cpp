#include "workloads/live_keys.hpp"

#include <cassert>
#include <utility>

#include "framework/base/number.hpp"

namespace lsm::workloads {

void LiveKeys::use_values(std::shared_ptr<const ValueMaker> values) {
    same_size_ =
        eras_.empty() || values->fixed_size() == same_size_ ? values->fixed_size() : std::nullopt;
    eras_.push_back({*writes_ + 1, std::move(values)});
}

const ValueMaker& LiveKeys::values_of(uint32_t version) const {
    size_t era = eras_.size() - 1;
    while (eras_[era].first_version > version) --era;
    return *eras_[era].values;
}

void LiveKeys::list_live_keys() {
    if (listed_) return;
    listed_ = true;
    place_.resize(versions_.size());
    for (uint32_t local = 0; local < versions_.size(); ++local) {
        if (versions_[local] == 0) continue;
        place_[local] = static_cast<uint32_t>(live_.size());
        live_.push_back(local);
    }
}

uint64_t LiveKeys::random(Random& random) {
    assert(live_entries_ > 0);
    if (!listed_) return random.below(versions_.size());
    return live_[random.below(live_.size())];
}

void LiveKeys::write(uint64_t local, std::string& value) {
    write(local);
    eras_.back().values->fill(identifier(local), *writes_, value);
}

uint64_t LiveKeys::write(uint64_t local) {
    if (local < versions_.size()) {
        if (!listed_ && same_size_) {
            // It is alive, and its size stays: no need to wait until its version comes from memory.
            versions_[local] = ++*writes_;
            return *same_size_;
        }
    } else {
        // A key beyond the next one leaves some behind that are not there.
        if (local > versions_.size()) list_live_keys();
        versions_.resize(local + 1);
        if (listed_) place_.resize(local + 1);
    }
    const uint32_t old = versions_[local];
    if (old != 0) {
        live_bytes_ -= entry_bytes(local, old);
    } else {
        ++live_entries_;
        if (listed_) {
            place_[local] = static_cast<uint32_t>(live_.size());
            live_.push_back(static_cast<uint32_t>(local));
        }
        if (ordered_) ordered_->insert(number(local));
    }
    versions_[local] = ++*writes_;
    const uint64_t bytes = eras_.back().values->size(identifier(local), *writes_);
    live_bytes_ += codec_.key_bytes() + bytes;
    return bytes;
}

LiveKeys::Held LiveKeys::held_since(uint64_t version) const {
    Held held;
    for (uint64_t local = 0; local < versions_.size(); ++local) {
        if (versions_[local] == 0 || versions_[local] < version) continue;
        ++held.entries;
        held.bytes += entry_bytes(local, versions_[local]);
    }
    return held;
}

void LiveKeys::remove(uint64_t local) {
    ++*writes_;
    if (alive(local)) forget(local);
}

uint64_t LiveKeys::remove_range(uint64_t from, uint64_t count) {
    ++*writes_;
    std::vector<uint64_t> numbers;
    uint64_t end = from + 1;
    auto range = walk(from, false);
    for (auto next = range.peek(); next && numbers.size() < count; next = range.peek()) {
        if (*next == codec_.largest_number()) break;  // no key follows it

        numbers.push_back(*next);
        end = *next + 1;
        range.take();
    }
    for (const uint64_t number : numbers) forget(local(codec_.decode_number(number).identifier));
    return end;
}

void LiveKeys::forget(uint64_t local) {
    list_live_keys();
    live_bytes_ -= entry_bytes(local, versions_[local]);
    --live_entries_;
    versions_[local] = 0;
    const uint32_t hole = place_[local];
    live_[hole] = live_.back();
    place_[live_[hole]] = hole;
    live_.pop_back();
    if (ordered_) ordered_->erase(number(local));
}

std::optional<std::string> LiveKeys::check(uint64_t local, bool found, std::string_view value,
                                           bool may_miss) const {
    const uint32_t version = this->version(local);
    if (!found) {
        if (version == 0 || may_miss) return std::nullopt;
    } else if (version != 0 && values_of(version).matches(identifier(local), version, value)) {
        return std::nullopt;
    }
    std::string text = "expected ";
    if (version == 0) {
        text += "no value";
    } else {
        text += "version " + format_number(uint64_t{version}) + " (" +
                format_number(entry_bytes(local, version) - codec_.key_bytes()) + " bytes)";
    }
    text += ", got ";
    if (!found) return text + "no value";
    text += format_number(uint64_t{value.size()}) + " bytes";
    const auto stamp = ValueMaker::stamp_of(value);
    if (!stamp) return text;
    if (stamp->identifier == identifier(local)) {
        text += " that look like version " + format_number(uint64_t{stamp->version});
    } else if (stamp->identifier <= kMaxIdentifier) {
        std::string other;
        codec_.encode(codec_.number(stamp->identifier), other);
        text += " that look like version " + format_number(uint64_t{stamp->version}) +
                " of key \"" + other + "\"";
    }
    return text;
}

std::optional<std::string> LiveKeys::check_version(uint64_t local, uint64_t found,
                                                   bool may_miss) const {
    const uint32_t version = this->version(local);
    if (found == version || (found == 0 && may_miss)) return std::nullopt;
    return "expected " +
           (version == 0 ? "no value" : "version " + format_number(uint64_t{version})) + ", got " +
           (found == 0 ? "no value" : "version " + format_number(found));
}

OrderedKeys::Walk LiveKeys::walk(uint64_t from, bool backward) {
    if (!ordered_) {
        std::vector<uint64_t> numbers;
        numbers.reserve(live_entries_);
        for (uint64_t i = 0; i < versions_.size(); ++i) {
            if (versions_[i] != 0) numbers.push_back(number(i));
        }
        ordered_.emplace(numbers);
    }
    return OrderedKeys::Walk(*ordered_, from, backward);
}

}  // namespace lsm::workloads
