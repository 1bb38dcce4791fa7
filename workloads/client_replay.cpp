// How a client performs the operations of a trace.
#include "framework/base/printable.hpp"
#include "workloads/client.hpp"

namespace lsm::workloads {

void Client::replay() {
    const TraceOperation& operation = replayer_->next();
    using Kind = TraceOperation::Kind;
    key_ = operation.key;
    switch (operation.kind) {
        case Kind::get:
            return replay_get();
        case Kind::put:
            return replay_put(operation);
        case Kind::put_if_absent:
        case Kind::put_if_there:
            replay_get();
            if ((trace_keys_.find(key_) != nullptr) == (operation.kind == Kind::put_if_there))
                replay_put(operation);
            return;
        case Kind::remove:
            trace_keys_.remove(key_);
            return timed(Timed::remove, [&] { engine_.remove(key_); });
        case Kind::scan:
            return replay_scan(operation.length);
        case Kind::delete_range:
            trace_keys_.remove_range(key_, operation.end);
            return timed(Timed::remove, [&] { engine_.remove_range(key_, operation.end); });
    }
}

void Client::replay_put(const TraceOperation& operation) {
    trace_keys_.write(key_, operation.value_bytes, replayer_->values(), value_);
    if (operation.ttl > 0) trace_keys_.expire_after(key_, operation.ttl);
    put_for(operation.ttl);
}

void Client::replay_get() {
    bool found = false;
    timed(Timed::get, [&] { found = engine_.get(key_, value_); });
    if (!sampled()) return;
    const ByteKeys::Entry* entry = trace_keys_.find(key_);
    if (!found && may_drop_ && entry != nullptr && dropped(entry->version)) return;
    if (const auto problem = answer_problem(entry, found, value_)) fail("get", *problem);
}

void Client::replay_scan(uint64_t limit) {
    uint64_t returned = 0;
    if (!sampled()) {
        timed(Timed::scan, [&] {
            returned = engine_.scan(key_, limit, false, [](std::string_view, std::string_view) {});
        });
        return;
    }
    TraceScanCheck check(trace_keys_, key_, may_drop_);
    timed(Timed::scan, [&] {
        returned = engine_.scan(
            key_, limit, false,
            [&check](std::string_view key, std::string_view value) { check.take(key, value); });
    });
    check.finish(limit, returned);
    if (check.problem()) fail("scan from", *check.problem());
}

}  // namespace lsm::workloads
