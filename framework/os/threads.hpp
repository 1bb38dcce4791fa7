// Several threads for one job: the client threads of a realtime trial. Background work of a tree
// runs on an Executor instead.
#pragma once

#include <cstdint>
#include <functional>

namespace lsm {

/// Calls job(0) .. job(count - 1), each on a thread of its own, and returns when all have; with a
/// count of 1 on the caller's. When jobs throw, the exception of the lowest number is thrown once
/// all have ended: a job that others wait for must tell them.
void run_together(uint64_t count, const std::function<void(uint64_t number)>& job);

}  // namespace lsm
