// What a program may ask its terminal: is there one, how wide is it, may colour be used. And the
// signals by which a person at a terminal, or a scheduler, asks a program to stop. Any thread.
#pragma once

#include <cstdint>

namespace lsm {

enum class Stream { output, error };

/// Whether that stream goes to a terminal that can move its cursor (TERM is not "dumb").
bool is_terminal(Stream stream);

/// Columns of that stream's terminal; 80 where it does not say.
uint64_t terminal_columns(Stream stream);

/// Whether to colour what goes to that stream: it is a terminal and NO_COLOR is unset or empty.
bool wants_colour(Stream stream);

/// While one of these lives, SIGINT and SIGTERM do not end the process but are noted; a second one
/// ends it at once. At most one at a time.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// True once a signal has come; cheap, from any thread.
    static bool interrupted();
};

}  // namespace lsm
