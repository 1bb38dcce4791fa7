// Prints every bloom policy that was registered, and every one that was left out with its first
// error.
#include <iostream>

#include "framework/policy/registry.hpp"

int main() {
    lsm::Registry registry;
    lsm::register_all_policies(registry);
    for (const auto& policy : registry.bloom().policies()) {
        std::cout << "works " << policy.name << " " << policy.header << "\n";
    }
    for (const auto& policy : registry.bloom().broken()) {
        std::cout << "broken " << policy.name << " " << policy.header << "\n"
                  << policy.error << "\n";
    }
}
