#include "framework/torture/model_run.hpp"

#include <algorithm>

#include "framework/base/hash.hpp"
#include "framework/base/printable.hpp"
#include "framework/os/memory_file_system.hpp"

namespace lsm::torture {

ModelRun::ModelRun(const ModelCase& from)
    : case_(from), random_(from.seed), files_(make_memory_file_system()), model_(!from.by_clock) {}

void ModelRun::run(const std::vector<uint64_t>& operations) {
    try {
        open();
        for (const uint64_t number : operations) step(number);
        model_.expire(model_.now());
        check_all();
        snapshots_.clear();
        open_.reset();
        tree_->close();
    } catch (const Error& error) {
        throw Mismatch(number_, std::string("the tree failed: ") + error.what());
    }
}

void ModelRun::open() {
    auto options = tree_options(all_policies(), case_.settings);
    options.files = files_.get();
    options.folder = "model";
    options.log_reserve = 4096;
    options.manifest_growth = 1000;
    if (case_.by_clock) options.clock = &clock_;
    tree_ = AnyTree::open(std::move(options));
}

void ModelRun::step(uint64_t number) {
    number_ = number;
    random_ = Random(mix64(case_.seed) ^ number);
    if (case_.by_clock) model_.pass(random_.below(4));
    model_.expire(model_.now());
    const uint64_t dice = random_.below(1000);
    if (dice < 370) {
        put();
    } else if (dice < 440) {
        put_for_a_time();
    } else if (dice < 560) {
        remove();
    } else if (dice < 590) {
        remove_range();
    } else if (dice < 645) {
        batch();
    } else if (dice < 845) {
        look_up();
    } else if (dice < 900) {
        walk();
    } else if (dice < 930) {
        keep_or_check_snapshot();
    } else if (dice < 965) {
        transact();
    } else if (dice < 977) {
        tree_->flush();
    } else if (dice < 981) {
        compact();
    } else if (dice < 987) {
        reopen();
    } else if (random_.below(case_.keys) < 150) {
        check_all();
    }
}

std::string ModelRun::key() {
    const uint64_t number = random_.below(case_.keys);
    std::string key = number == 0 ? std::string() : "k" + std::to_string(number * 7919 % 10'000);
    if (number % 17 == 3) key += std::string(30, static_cast<char>(number));
    return key;
}

std::string ModelRun::value() {
    uint64_t size = random_.below(60) == 0 ? random_.below(3000) : random_.below(40);
    if (random_.below(4000) == 0) size = 60'000 + random_.below(100'000);
    return std::string(size, static_cast<char>('a' + random_.below(26))) + std::to_string(++stamp_);
}

/// A few keys mostly, sometimes any number, also none that is there.
std::pair<std::string, std::string> ModelRun::range() {
    std::string first = key(), last = key();
    if (random_.below(4) != 0) {
        const auto& values = model_.values();
        auto end = values.lower_bound(first);
        for (uint64_t n = random_.below(8); n > 0 && end != values.end(); --n) ++end;
        last = end == values.end() ? first + "~" : end->first;
    }
    if (last < first) std::swap(first, last);
    if (first == last) last.push_back('\0');
    return {first, last};
}

void ModelRun::put() {
    const std::string k = key(), v = value();
    note(tree_->put(k, v));
    model_.put(k, v);
}

void ModelRun::put_for_a_time() {
    const std::string k = key(), v = value();
    const uint64_t ttl = random_.below(4) == 0 ? UINT64_MAX : 1 + random_.below(60);
    note(tree_->put(k, v, ttl));
    model_.put(k, v, ttl);
}

void ModelRun::remove() {
    const std::string k = key();
    note(tree_->remove(k));
    model_.remove(k);
}

void ModelRun::remove_range() {
    const auto removed = range();
    note(tree_->remove_range(removed.first, removed.second));
    model_.remove_range(removed.first, removed.second);
}

void ModelRun::batch() {
    WriteBatch batch;
    for (uint64_t count = random_.below(12); count > 0; --count) {
        const std::string k = key();
        if (random_.below(8) == 0) {
            const auto removed = range();
            batch.remove_range(removed.first, removed.second);
            model_.remove_range(removed.first, removed.second);
        } else if (random_.below(3) == 0) {
            batch.remove(k);
            model_.remove(k);
        } else if (random_.below(4) == 0) {
            const std::string v = value();
            const uint64_t ttl = 1 + random_.below(60);
            batch.put(k, v, ttl);
            model_.put(k, v, ttl);
        } else {
            const std::string v = value();
            batch.put(k, v);
            model_.put(k, v);
        }
    }
    note(tree_->write(batch));
    model_.expire(model_.now());
}

void ModelRun::look_up() {
    const std::string k = key();
    expect_get(tree_->get(k), model_, k);
}

/// A random walk: seeks, steps, turns.
void ModelRun::walk() {
    const auto cursor = tree_->cursor();
    const auto& values = model_.values();
    auto at = values.end();
    position(*cursor, at);
    for (uint64_t steps = random_.below(30); steps > 0; --steps) {
        expect(cursor->valid() == (at != values.end()), "the walk ends elsewhere");
        if (!cursor->valid()) return;
        expect(cursor->key() == at->first, "the walk is at another key", at->first);
        expect(cursor->value() == at->second, "the walk has another value", at->first);
        if (random_.below(8) == 0) {
            position(*cursor, at);
        } else if (random_.below(3) != 0) {
            cursor->next();
            ++at;
        } else {
            cursor->previous();
            at = at == values.begin() ? values.end() : std::prev(at);
        }
    }
    note(at == values.end() ? 0 : at->first.size());
}

void ModelRun::position(TreeCursor& cursor, ModelContents::Values::const_iterator& at) {
    const auto& values = model_.values();
    const std::string k = key();
    switch (random_.below(4)) {
        case 0:
            cursor.seek_first();
            at = values.begin();
            break;
        case 1:
            cursor.seek_last();
            at = values.empty() ? values.end() : std::prev(values.end());
            break;
        case 2:
            cursor.seek(k);
            at = values.lower_bound(k);
            break;
        default:
            cursor.seek_at_most(k);
            at = values.upper_bound(k);
            at = at == values.begin() ? values.end() : std::prev(at);
    }
}

void ModelRun::keep_or_check_snapshot() {
    if (snapshots_.size() < 3 && random_.below(2) == 0) {
        snapshots_.push_back({tree_->snapshot(), model_});
        snapshots_.back().model.listen(nullptr);
        return;
    }
    if (snapshots_.empty()) return;
    const auto place = static_cast<std::ptrdiff_t>(random_.below(snapshots_.size()));
    Kept& kept = snapshots_[static_cast<size_t>(place)];
    kept.model.expire(model_.now());  // a snapshot holds the writes, not the time
    for (int i = 0; i < 10; ++i) {
        const std::string k = key();
        std::string got;
        const bool found = tree_->get(k, got, kept.snapshot);
        expect_get(found ? std::optional(got) : std::nullopt, kept.model, k);
    }
    if (random_.below(case_.keys) < 150) check_forward(*tree_->cursor(kept.snapshot), kept.model);
    if (random_.below(2) == 0) snapshots_.erase(snapshots_.begin() + place);
}

/// Begins a transaction, goes on with the one that is open, or ends it.
void ModelRun::transact() {
    if (!open_) {
        open_.emplace(Open{tree_->transaction(), model_, tree_->counters().drops, {}, {}, {}, {}});
        model_.listen(&open_->since);
        open_->model.listen(nullptr);
    }
    for (uint64_t count = random_.below(4); count > 0; --count) {
        const std::string k = key();
        switch (random_.below(5)) {
            case 4:
                scan_in_transaction();
                break;
            case 0:
                open_->transaction.remove(k);
                open_->own[k] = std::nullopt;
                break;
            case 1: {
                const std::string v = value();
                open_->transaction.put(k, v);
                open_->own[k] = v;
                break;
            }
            default:
                read_in_transaction();
        }
    }
    if (random_.below(3) != 0) return;
    if (random_.below(4) != 0) {
        commit();
    } else {
        open_->transaction.abandon();
    }
    model_.listen(nullptr);
    open_.reset();
}

void ModelRun::read_in_transaction() {
    const std::string k = key();
    const auto got = open_->transaction.get(k);
    const auto own = open_->own.find(k);
    if (own != open_->own.end()) {
        expect(got == own->second, "a transaction does not read its own write", k);
        return;
    }
    open_->read.push_back(k);
    open_->model.expire(model_.now());
    expect_get(got, open_->model, k);
}

/// Some keys from one on, own writes on top.
void ModelRun::scan_in_transaction() {
    auto [first, last] = range();
    open_->model.expire(model_.now());
    std::map<std::string, std::string> there(open_->model.values().lower_bound(first),
                                             open_->model.values().lower_bound(last));
    for (auto own = open_->own.lower_bound(first); own != open_->own.lower_bound(last); ++own) {
        if (own->second) {
            there[own->first] = *own->second;
        } else {
            there.erase(own->first);
        }
    }
    auto at = there.begin();
    uint64_t left = 1 + random_.below(6);
    open_->transaction.scan(first, last, [&](std::string_view k, std::string_view v) {
        expect(at != there.end(), "a scan in a transaction has more", k);
        expect(k == at->first, "a scan in a transaction is at another key", at->first);
        expect(v == at->second, "a scan in a transaction has another value", at->first);
        ++at;
        if (--left == 0) last = std::string(k) + '\0';
        return left > 0;
    });
    if (left > 0) expect(at == there.end(), "a scan in a transaction ends early");
    open_->scanned.push_back({first, last});
}

void ModelRun::commit() {
    std::optional<std::string> changed;
    for (const std::string& k : open_->read) {
        if (open_->since.touch(k) && (!changed || k < *changed)) changed = k;
    }
    const bool dropped = tree_->counters().drops > open_->drops;  // expired tables: any key may be
    const CommitResult result = open_->transaction.commit();
    note(result ? result.sequence() : 0);
    if (open_->own.empty()) return expect(static_cast<bool>(result), "reading alone conflicted");
    if (changed) expect(!result, "a conflict was not found", *changed);
    const auto range =
        std::find_if(open_->scanned.begin(), open_->scanned.end(),
                     [&](const auto& one) { return open_->since.touch(one.first, one.second); });
    const bool in_range = range != open_->scanned.end();
    if (in_range) expect(!result, "a conflict in a range was not found", range->first);
    if (!result)
        return expect(dropped || (changed ? result.key() == changed : in_range),
                      "a conflict without a reason", result.key());
    model_.listen(nullptr);
    for (const auto& [k, v] : open_->own) {
        if (v) {
            model_.put(k, *v);
        } else {
            model_.remove(k);
        }
    }
    model_.expire(model_.now());
}

void ModelRun::compact() {
    if (random_.below(2) == 0) {
        tree_->compact();
    } else {
        std::string first = key(), last = key();
        if (last < first) std::swap(first, last);
        tree_->compact(first, last);
    }
}

void ModelRun::reopen() {
    snapshots_.clear();
    model_.listen(nullptr);
    open_.reset();
    tree_->close();
    open();
}

void ModelRun::expect(bool holds, const char* what, std::string_view key) const {
    if (holds) return;
    throw Mismatch(number_, std::string(what) + ", key \"" + printable(key) + "\"");
}

void ModelRun::expect_get(const std::optional<std::string>& got, const ModelContents& model,
                          const std::string& key) {
    const auto found = model.values().find(key);
    const bool there = found != model.values().end();
    note(got ? got->size() : 0);
    if (got.has_value() == there && (!there || *got == found->second)) return;
    expect(got.has_value() || !there, "not found", key);
    expect(there, "found, and it should not be there", key);
    expect(false, "the wrong value was found", key);
}

void ModelRun::check_forward(TreeCursor& cursor, const ModelContents& model) {
    auto at = model.values().begin();
    for (cursor.seek_first(); cursor.valid(); cursor.next(), ++at) {
        expect(at != model.values().end(), "a cursor has more", cursor.key());
        expect(cursor.key() == at->first, "a cursor is at another key", at->first);
        expect(cursor.value() == at->second, "a cursor has another value", at->first);
    }
    if (at != model.values().end()) expect(false, "a cursor ends early", at->first);
}

void ModelRun::check_all() {
    const auto cursor = tree_->cursor();
    const auto& values = model_.values();
    check_forward(*cursor, model_);
    auto at = values.rbegin();
    for (cursor->seek_last(); cursor->valid(); cursor->previous(), ++at) {
        expect(at != values.rend(), "a cursor has more backward", cursor->key());
        expect(cursor->key() == at->first, "a cursor is at another key backward", at->first);
        expect(cursor->value() == at->second, "a cursor has another value backward", at->first);
    }
    expect(at == values.rend(), "a cursor ends early backward");
    for (const auto& [k, v] : values) expect_get(tree_->get(k), model_, k);
}

}  // namespace lsm::torture
