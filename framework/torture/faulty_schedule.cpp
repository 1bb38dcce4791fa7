#include "framework/torture/faulty_schedule.hpp"

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/os/threads.hpp"
#include "framework/torture/folder_copy.hpp"
#include "framework/torture/history.hpp"
#include "framework/torture/model_case.hpp"

namespace lsm::torture {

namespace {

constexpr uint64_t kKeysOfClient = 3;  // of each client
constexpr Fault kCallFaults[] = {Fault::error, Fault::torn, Fault::full, Fault::torn_full};

/// Sorted by client: all keys of one lie together.
std::string client_key(uint64_t client, uint64_t key) {
    return {static_cast<char>('a' + client), static_cast<char>('0' + key)};
}

}  // namespace

FaultySchedule::FaultySchedule(uint64_t seed, uint64_t number)
    : random_(Random::stream(seed, "faulty " + std::to_string(number))) {
    EngineSettings settings = random_case(seed, number).settings;
    settings.memtable_size = 30 + random_.below(200);
    settings.table_size = 60 + random_.below(200);
    options_ = tree_options(all_policies(), settings);
    options_.folder = "tree";
    options_.log_reserve = 4096;
    options_.sync = random_.below(2) == 0 ? SyncMode::power : SyncMode::process;
    options_.max_waiting_memtables = 1 + random_.below(2);
    options_.slow_down_runs = 1 + random_.below(4);
    options_.stop_runs = options_.slow_down_runs + random_.below(3);
    options_.max_compactions = 1 + random_.below(3);
    clients_.resize(2 + random_.below(3));
    for (size_t i = 0; i < clients_.size(); ++i) {
        clients_[i].number = i;
        clients_[i].random = Random(random_.next());
    }
    operations_ = 3 + random_.below(6);
    background_ = static_cast<int>(random_.below(3));
    failing_ = 1 + random_.below(uint64_t{1} << (2 + random_.below(7)));
    fault_ = kCallFaults[random_.below(4)];
    for_good_ = random_.below(2) == 0;
}

void FaultySchedule::write(AnyTree& tree, Client& client) {
    Contents after = client.sure;
    WriteBatch batch;
    for (uint64_t count = 1 + client.random.below(3); count > 0; --count) {
        const std::string key = client_key(client.number, client.random.below(kKeysOfClient));
        if (client.random.below(4) == 0) {
            batch.remove(key);
            after.erase(key);
        } else {
            const std::string value = std::to_string(++client.writes) + std::string(20, '.');
            batch.put(key, value);
            after[key] = value;
        }
    }
    client.refused = after;  // should it throw
    tree.write(batch);
    client.sure = std::move(after);
}

void FaultySchedule::run_client(AnyTree& tree, const FaultyFileSystem& files, Client& client) {
    try {
        for (uint64_t i = 0; i < operations_; ++i) {
            client.refused = client.sure;
            const uint64_t dice = client.random.below(20);
            if (dice < 14) {
                write(tree, client);
            } else if (dice < 18) {
                const std::string key =
                    client_key(client.number, client.random.below(kKeysOfClient));
                const auto found = tree.get(key);
                const auto sure = client.sure.find(key);
                if (found.has_value() != (sure != client.sure.end()) ||
                    (found && *found != sure->second))
                    throw HistoryError("a client reads " + found.value_or("nothing") + " for " +
                                       key + ", which it did not write last");
            } else if (dice < 19) {
                tree.flush();
            } else {
                tree.settle();
            }
        }
    } catch (const Error& error) {
        client.stopped = true;
        if (files.failed() == 0)
            throw HistoryError(std::string("an error without a fault: ") + error.what());
    }
}

void FaultySchedule::check_left(FileSystem& files, const std::string& where) {
    AnyTree::Options options = options_;
    options.files = &files;
    options.executor = nullptr;
    const auto tree = AnyTree::open(std::move(options));
    Contents content;
    const auto cursor = tree->cursor();
    for (cursor->seek_first(); cursor->valid(); cursor->next())
        content.emplace(cursor->key(), cursor->value());
    for (const Client& client : clients_) {
        const Contents own(content.lower_bound(client_key(client.number, 0)),
                           content.lower_bound(client_key(client.number + 1, 0)));
        if (own != client.sure && own != client.refused)
            throw HistoryError(where + ": client " + std::to_string(client.number) +
                               " does not find what was acknowledged");
    }
    hash_ = mix64(hash_ ^ content.size());
}

void FaultySchedule::run() {
    const auto memory = make_memory_file_system();
    FaultyFileSystem files(*memory);
    options_.files = &files;
    {
        const auto executor =
            background_ == 0 ? make_inline_executor() : make_pool_executor(background_);
        options_.executor = executor.get();
        const auto tree = AnyTree::open(options_);
        files.fail_at(failing_, fault_, for_good_);
        run_together(clients_.size(),
                     [&](uint64_t number) { run_client(*tree, files, clients_[number]); });
        for (const Client& client : clients_) {
            writes_ += client.writes;
            refused_ += client.stopped ? 1 : 0;
        }
        if (background_ == 0) check_left(*folder_copy(*memory, options_.folder), "after a kill");
        try {
            tree->close();
        } catch (const Error&) {
            if (files.failed() == 0) throw;
        }
    }
    failed_calls_ = files.failed();
    check_left(*memory, "after closing");
    hash_ = mix64(hash_ ^ refused_) + writes_;
}

}  // namespace lsm::torture
