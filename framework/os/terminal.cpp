#include "framework/os/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace lsm {
namespace {

std::atomic<bool> interrupt_seen{false};
struct sigaction interrupt_before;
struct sigaction terminate_before;

int descriptor(Stream stream) { return stream == Stream::output ? STDOUT_FILENO : STDERR_FILENO; }

void note_interrupt(int number) {
    // A second signal is from somebody who does not want to wait.
    if (interrupt_seen.exchange(true)) {
        std::signal(number, SIG_DFL);
        std::raise(number);
    }
    constexpr std::string_view text =
        "\nstopping at the next operation; once more ends it at once\n";
    static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

}  // namespace

bool is_terminal(Stream stream) {
    const char* name = std::getenv("TERM");
    return isatty(descriptor(stream)) == 1 && name != nullptr && std::strcmp(name, "dumb") != 0;
}

uint64_t terminal_columns(Stream stream) {
    winsize size{};
    if (ioctl(descriptor(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 80;
}

bool wants_colour(Stream stream) {
    const char* unwanted = std::getenv("NO_COLOR");
    return is_terminal(stream) && (unwanted == nullptr || *unwanted == '\0');
}

InterruptGuard::InterruptGuard() {
    interrupt_seen = false;
    struct sigaction action{};
    action.sa_handler = note_interrupt;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, &interrupt_before);
    sigaction(SIGTERM, &action, &terminate_before);
}

InterruptGuard::~InterruptGuard() {
    sigaction(SIGINT, &interrupt_before, nullptr);
    sigaction(SIGTERM, &terminate_before, nullptr);
}

bool InterruptGuard::interrupted() { return interrupt_seen.load(std::memory_order_relaxed); }

}  // namespace lsm
