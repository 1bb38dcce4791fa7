// The lsmlab program: carries out one verb. The only place that catches errors and prints them.
#include <exception>
#include <iostream>
#include <string>

#include "framework/base/error.hpp"
#include "framework/cli/verbs.hpp"
#include "workloads/wrong_answer.hpp"

int main(int count, char** arguments) {
    try {
        const int status = lsm::cli::run_command({arguments + 1, arguments + count});
        std::cout.flush();
        if (!std::cout) {
            std::cerr << "lsmlab: could not write to standard output\n";
            return lsm::exit_status(lsm::ErrorKind::io);
        }
        return status;
    } catch (const lsm::workloads::WrongAnswer& error) {
        std::cout.flush();
        std::cerr << "lsmlab: a check failed: " << error.what() << "\n";
        return lsm::cli::kClaimFailed;
    } catch (const lsm::Error& error) {
        std::cout.flush();
        std::cerr << "lsmlab: " << error.what() << "\n";
        return lsm::exit_status(error.kind());
    } catch (const std::bad_alloc&) {
        std::cerr << "lsmlab: out of memory\n";
    } catch (const std::exception& error) {
        std::cerr << "lsmlab: this is a fault of lsmlab itself: " << error.what() << "\n";
    }
    return lsm::exit_status(lsm::ErrorKind::io);
}
