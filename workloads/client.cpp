#include "workloads/client.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "workloads/scan_check.hpp"
#include "workloads/wrong_answer.hpp"

namespace lsm::workloads {

const char* timed_name(Timed kind) {
    switch (kind) {
        case Timed::put:
            return "put";
        case Timed::get:
            return "get";
        case Timed::scan:
            return "scan";
        case Timed::remove:
            return "delete";
    }
    return "?";
}

Client::Client(Engine& engine, const Workload& workload, uint64_t client, Clock* clock)
    : engine_(engine),
      numbered_(engine.numbered()),
      workload_(workload),
      client_(client),
      clock_(clock),
      keys_(workload.codec(), client, workload.clients()),
      may_drop_(engine.may_drop()) {
    if (numbered_ == nullptr) return;
    const KeyCodec& codec = workload.codec();
    numbered_->use_keys(
        {codec.key_bytes(), codec.largest_number(),
         [&codec](uint64_t number, std::string& key) { codec.encode(number, key); }});
}

void Client::begin_phase(size_t index) {
    phase_ = &workload_.phases()[index];
    remaining_ = workload_.share(phase_->total(), client_);
    keys_.use_values(workload_.values(index));

    const std::string place =
        "phase " + format_number(uint64_t{index}) + " client " + format_number(client_) + " ";
    const auto stream = [&](const char* purpose) {
        return Random::stream(workload_.seed(), place + purpose);
    };
    operation_random_ = stream("operations");
    scan_random_ = stream("scans");
    empty_random_ = stream("empty reads");

    const auto inserts =
        static_cast<uint64_t>(workload_.expected_inserts(index)) / workload_.clients();
    uint64_t key_space = workload_.share(phase_->key_space, client_);
    if (phase_->key_space == 0) key_space = keys_.size() > 0 ? keys_.size() : remaining_;
    chooser_.emplace(*phase_, keys_, inserts, key_space, stream("keys"));

    if (phase_->kind == PhaseKind::load) return;
    const std::array<double, kOperations> weights{
        phase_->read,     phase_->update,    phase_->insert,       phase_->read_modify_write,
        phase_->scan,     phase_->remove,    phase_->read_missing, phase_->put,
        phase_->read_any, phase_->delete_any};
    double sum = 0;
    for (const double weight : weights) sum += weight;
    double below = 0;
    for (int i = 0; i < kOperations; ++i) {
        below += weights[i];
        const double share = below / sum;
        thresholds_[i] = share < 1 ? static_cast<uint64_t>(share * 0x1p64) : UINT64_MAX;
    }
}

Client::Operation Client::choose_operation() {
    const uint64_t drawn = operation_random_.next();
    int i = 0;
    while (thresholds_[i] != UINT64_MAX && drawn >= thresholds_[i]) ++i;
    return static_cast<Operation>(i);
}

void Client::step() {
    --remaining_;
    ++done_;
    if (phase_->kind == PhaseKind::load) {
        put(keys_.size());
        return;
    }
    Operation operation = choose_operation();
    if (operation == kRead && phase_->empty_reads > 0 &&
        empty_random_.unit() < phase_->empty_reads) {
        operation = kReadMissing;
    }
    if (keys_.live_entries() == 0) {
        if (operation == kRead || operation == kUpdate || operation == kReadModifyWrite ||
            operation == kScan) {
            operation = kInsert;
        } else if (operation == kRemove) {
            operation = kDeleteAny;
        }
    }
    switch (operation) {
        case kRead:
            return get(chooser_->live());
        case kUpdate:
            return put(chooser_->live());
        case kInsert:
            return put(keys_.size());
        case kReadModifyWrite: {
            const uint64_t local = chooser_->live();
            get(local);
            return put(local);
        }
        case kScan:
            return scan();
        case kRemove:
            return remove(chooser_->live());
        case kReadMissing:
            return get_missing();
        case kPut:
            return put(chooser_->any());
        case kReadAny:
            return get(chooser_->any());
        case kDeleteAny:
            return remove(chooser_->any());
    }
}

template <class Call>
void Client::timed(Timed kind, Call call) {
    if (clock_ == nullptr) return call();
    const uint64_t start = clock_->nanoseconds();
    call();
    latencies_[static_cast<size_t>(kind)].record(clock_->nanoseconds() - start);
}

bool Client::sampled() {
    if (phase_->check == 0 || answers_++ % phase_->check != 0) return false;
    ++checked_;
    return true;
}

void Client::fail(const char* call, const std::string& problem) const {
    throw WrongAnswer(std::string("the store answered wrong: ") + call + " \"" + key_ +
                      "\" (operation " + format_number(done_) +
                      (workload_.clients() > 1 ? " of client " + format_number(client_ + 1) : "") +
                      "): " + problem);
}

void Client::put(uint64_t local) {
    if (numbered_ != nullptr) {
        const uint64_t bytes = keys_.write(local);
        timed(Timed::put, [&] { numbered_->put(keys_.number(local), bytes); });
        return;
    }
    keys_.write(local, value_);
    workload_.codec().encode(keys_.number(local), key_);
    timed(Timed::put, [&] { engine_.put(key_, value_); });
}

void Client::remove(uint64_t local) {
    keys_.remove(local);
    if (numbered_ != nullptr) {
        timed(Timed::remove, [&] { numbered_->remove(keys_.number(local)); });
        return;
    }
    workload_.codec().encode(keys_.number(local), key_);
    timed(Timed::remove, [&] { engine_.remove(key_); });
}

void Client::get(uint64_t local) {
    bool found = false;
    Sequence version = 0;
    if (numbered_ != nullptr) {
        timed(Timed::get, [&] { version = numbered_->get(keys_.number(local)); });
        found = version != 0;
    } else {
        workload_.codec().encode(keys_.number(local), key_);
        timed(Timed::get, [&] { found = engine_.get(key_, value_); });
    }
    if (!sampled()) return;
    const bool may_miss =
        !found && may_drop_ && keys_.alive(local) && dropped(keys_.version(local));
    const auto problem = numbered_ != nullptr ? keys_.check_version(local, version, may_miss)
                                              : keys_.check(local, found, value_, may_miss);
    if (!problem) return;
    workload_.codec().encode(keys_.number(local), key_);
    fail("get", *problem);
}

bool Client::dropped(uint64_t version) {
    if (workload_.clients() > 1 || version < oldest_held_) return true;
    if (engine_.counters().compactions > 0)
        return true;  // ranges of sequence numbers have holes then
    const TreeShape shape = engine_.shape();
    uint64_t oldest = UINT64_MAX;
    uint64_t newest = 0;
    bool held = false;
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                oldest = std::min(oldest, table.oldest_sequence);
                newest = std::max(newest, table.newest_sequence);
                held =
                    held || (table.oldest_sequence <= version && version <= table.newest_sequence);
            }
        }
    }
    if (newest == 0) return true;
    oldest_held_ = oldest;
    return !held && version <= newest;  // a later write is in the memtable
}

void Client::get_missing() {
    const uint64_t identifier = keys_.identifier(chooser_->missing());
    const uint64_t number = workload_.codec().missing_number(identifier);
    bool found = false;
    if (numbered_ != nullptr) {
        timed(Timed::get, [&] { found = numbered_->get(number) != 0; });
    } else {
        workload_.codec().encode(number, key_);
        timed(Timed::get, [&] { found = engine_.get(key_, value_); });
    }
    if (!sampled() || !found) return;
    workload_.codec().encode(number, key_);
    fail("get", "expected no value, the key was never written, got one");
}

void Client::scan() {
    const bool backward = phase_->scan_direction == "backward";
    const uint64_t fewest = phase_->scan_length.front();
    const uint64_t limit = fewest + scan_random_.below(phase_->scan_length.back() - fewest + 1);
    const uint64_t from = keys_.number(chooser_->live());
    if (numbered_ != nullptr) {
        checked_scan(from, limit, backward, [&](ScanCheck* check) {
            return numbered_->scan(from, limit, backward,
                                   [check](uint64_t number, Sequence version) {
                                       if (check != nullptr) check->take_number(number, version);
                                   });
        });
        return;
    }
    workload_.codec().encode(from, key_);
    checked_scan(from, limit, backward, [&](ScanCheck* check) {
        return engine_.scan(key_, limit, backward,
                            [check](std::string_view key, std::string_view value) {
                                if (check != nullptr) check->take(key, value);
                            });
    });
}

template <class Scan>
void Client::checked_scan(uint64_t from, uint64_t limit, bool backward, Scan scan) {
    uint64_t returned = 0;
    if (!sampled()) {
        timed(Timed::scan, [&] { returned = scan(nullptr); });
        return;
    }
    ScanCheck check(keys_, from, backward, may_drop_);
    timed(Timed::scan, [&] { returned = scan(&check); });
    check.finish(limit, returned);
    if (!check.problem()) return;
    workload_.codec().encode(from, key_);
    fail("scan from", *check.problem());
}

}  // namespace lsm::workloads
