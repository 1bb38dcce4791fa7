#include "workloads/client.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/printable.hpp"
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
      may_drop_(engine.may_drop()) {
    const auto writes = std::make_shared<uint32_t>(0);
    for (const KeyCodec& codec : workload.codecs()) {
        sections_.push_back(std::make_unique<LiveKeys>(codec, client, workload.clients(), writes));
    }
    keys_ = sections_.front().get();
    codec_ = &keys_->codec();
    if (numbered_ == nullptr) return;
    if (workload.phases().front().kind == PhaseKind::replay) {
        throw Error(ErrorKind::config,
                    "this engine knows keys by number, and the keys of a trace have none", {},
                    "replay traces with engine lsmlab");
    }
    numbered_->use_keys(
        {codec_->key_bytes(), workload.largest_whole(),
         [&workload](uint64_t whole, std::string& key) { workload.encode_whole(whole, key); }});
}

void Client::begin_phase(size_t index) {
    phase_ = &workload_.phases()[index];
    remaining_ = workload_.share(phase_->total(), client_);
    section_ = workload_.section(index);
    expires_ = expires_ || phase_->ttl > 0 || phase_->kind == PhaseKind::replay;
    keys_ = sections_[section_].get();
    codec_ = &keys_->codec();
    for (auto& section : sections_) section->use_values(workload_.values(index));
    replayer_.reset();
    if (phase_->kind == PhaseKind::replay) {
        replayer_.emplace(*phase_, workload_.files(), workload_.values(index));
        return;
    }
    choose_keys(index);
    if (phase_->kind == PhaseKind::run) weigh_operations();
}

void Client::choose_keys(size_t index) {
    const std::string place =
        "phase " + format_number(uint64_t{index}) + " client " + format_number(client_) + " ";
    const auto stream = [&](const std::string& purpose) {
        return Random::stream(workload_.seed(), place + purpose);
    };
    operation_random_ = stream("operations");
    scan_random_ = stream("scans");
    empty_random_ = stream("empty reads");
    empty_delete_random_ = stream("empty deletes");
    next_scan_.reset();
    scan_lengths_.reset();
    if (!phase_->scan_pareto.empty()) {
        scan_lengths_.emplace(phase_->scan_pareto[0], phase_->scan_pareto[1], phase_->scan_limit);
    }

    const auto inserts =
        static_cast<uint64_t>(workload_.expected_inserts(index)) / workload_.clients();
    uint64_t key_space = workload_.share(phase_->key_space, client_);
    if (phase_->key_space == 0) key_space = keys_->size() > 0 ? keys_->size() : remaining_;
    const auto make = [&](size_t which, const std::string& distribution, const char* purpose) {
        choosers_[which].emplace(*phase_, distribution, *keys_, inserts, key_space, stream(purpose),
                                 workload_.seed());
        return &*choosers_[which];
    };
    KeyChooser* shared = make(0, phase_->distribution, "keys");
    const auto own = [&](size_t which, const std::string& distribution, const char* purpose) {
        return distribution.empty() ? shared : make(which, distribution, purpose);
    };
    readers_ = own(1, phase_->read_distribution, "keys of reads");
    updaters_ = own(2, phase_->update_distribution, "keys of updates");
    deleters_ = own(3, phase_->delete_distribution, "keys of deletes");
    scanners_ = own(4, phase_->scan_distribution, "keys of scans");
}

void Client::weigh_operations() {
    const auto weights = phase_->weights();
    static_assert(weights.size() == kOperations);
    const double sum = phase_->weight_sum();
    double below = 0;
    remaining_ = phase_->exact ? 0 : remaining_;
    for (int i = 0; i < kOperations; ++i) {
        below += weights[i];
        const double share = below / sum;
        thresholds_[i] = share < 1 ? static_cast<uint64_t>(share * 0x1p64) : UINT64_MAX;
        if (!phase_->exact) continue;
        exact_[i] = workload_.share(static_cast<uint64_t>(weights[i]), client_);
        remaining_ += exact_[i];
    }
}

bool Client::needs_live_key(int operation) const {
    switch (static_cast<Operation>(operation)) {
        case kRead:
            return phase_->empty_reads < 1;
        case kRemove:
            return phase_->empty_deletes < 1;
        case kUpdate:
        case kReadModifyWrite:
        case kScan:
        case kDeleteRange:
            return true;
        default:
            return false;
    }
}

Client::Operation Client::take_exact() {
    auto eligible = exact_;
    if (keys_->live_entries() == 0) {
        for (int i = 0; i < kOperations; ++i) eligible[i] = needs_live_key(i) ? 0 : eligible[i];
    }
    const uint64_t sum = std::accumulate(eligible.begin(), eligible.end(), uint64_t{0});
    if (sum == 0) {
        throw Error(ErrorKind::config,
                    "no key is alive, and the " + format_number(remaining_ + 1) +
                        " operations that are left of an exact phase all need one",
                    {}, "insert more keys, delete fewer, or give weights without `exact`");
    }
    uint64_t number = operation_random_.below(sum);
    int i = 0;
    while (number >= eligible[i]) number -= eligible[i++];
    --exact_[i];
    return static_cast<Operation>(i);
}

Client::Operation Client::choose_operation() {
    if (phase_->exact) return take_exact();
    const uint64_t drawn = operation_random_.next();
    int i = 0;
    while (thresholds_[i] != UINT64_MAX && drawn >= thresholds_[i]) ++i;
    return static_cast<Operation>(i);
}

Client::Operation Client::adapted(Operation operation) {
    if (operation == kRead && phase_->empty_reads > 0 &&
        empty_random_.unit() < phase_->empty_reads) {
        operation = kReadMissing;
    }
    if (keys_->live_entries() == 0) {
        if (operation == kRead || operation == kUpdate || operation == kReadModifyWrite ||
            operation == kScan) {
            operation = kInsert;
        } else if (operation == kRemove || operation == kDeleteRange) {
            operation = kDeleteAny;
        }
    }
    return operation;
}

void Client::step() {
    --remaining_;
    ++done_;
    perform();
    if (!expires_) return;
    for (auto& section : sections_) section->expire();
    trace_keys_.expire();
}

void Client::perform() {
    if (phase_->kind == PhaseKind::load) return put(keys_->size());
    if (phase_->kind == PhaseKind::replay) return replay();
    switch (adapted(choose_operation())) {
        case kRead:
            return get(readers_->live());
        case kUpdate:
            return put(updaters_->live());
        case kInsert:
            return put(keys_->size());
        case kReadModifyWrite: {
            const uint64_t local = updaters_->live();
            get(local);
            return put(local);
        }
        case kScan:
            return scan();
        case kRemove:
            if (phase_->empty_deletes > 0 && empty_delete_random_.unit() < phase_->empty_deletes) {
                return remove_missing();
            }
            return remove(deleters_->live());
        case kReadMissing:
            return get_missing();
        case kPut:
            return put(updaters_->any());
        case kReadAny:
            return get(readers_->any());
        case kDeleteAny:
            return remove(deleters_->any());
        case kDeleteRange:
            return remove_range();
    }
}

uint64_t Client::live_entries() const {
    uint64_t sum = trace_keys_.live_entries();
    for (const auto& section : sections_) sum += section->live_entries();
    return sum;
}

uint64_t Client::live_bytes() const {
    uint64_t sum = trace_keys_.live_bytes();
    for (const auto& section : sections_) sum += section->live_bytes();
    return sum;
}

LiveKeys::Held Client::held_since(uint64_t version) const {
    LiveKeys::Held sum = trace_keys_.held_since(version);
    for (const auto& section : sections_) {
        const LiveKeys::Held held = section->held_since(version);
        sum.entries += held.entries;
        sum.bytes += held.bytes;
    }
    return sum;
}

bool Client::sampled() {
    if (phase_->check == 0 || answers_++ % phase_->check != 0) return false;
    ++checked_;
    return true;
}

void Client::fail(const char* call, const std::string& problem) const {
    throw WrongAnswer(
        std::string("the store answered wrong: ") + call + " \"" + printable(key_) +
        "\" (operation " + format_number(done_) +
        (replayer_ ? ", line " + format_number(replayer_->line()) + " of the trace" : "") +
        (workload_.clients() > 1 ? " of client " + format_number(client_ + 1) : "") +
        "): " + problem);
}

}  // namespace lsm::workloads
