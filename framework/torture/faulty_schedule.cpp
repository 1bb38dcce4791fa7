#include "framework/torture/faulty_schedule.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/os/threads.hpp"
#include "framework/torture/folder_copy.hpp"
#include "framework/torture/history.hpp"

namespace lsm::torture {

namespace {

constexpr uint64_t kKeysOfClient = 3;  // of each client
constexpr Fault kCallFaults[] = {Fault::error, Fault::torn, Fault::full, Fault::torn_full};

/// Sorted by client: all keys of one lie together.
std::string client_key(uint64_t client, uint64_t key) {
    return {static_cast<char>('a' + client), static_cast<char>('0' + key)};
}

}  // namespace

FaultySchedule::FaultySchedule(uint64_t seed, uint64_t number, std::optional<Operations> kept)
    : kept_(std::move(kept)), random_(Random::stream(seed, "faulty " + std::to_string(number))) {
    EngineSettings settings = random_case(seed, number).settings;
    settings.memtable_size = 30 + random_.below(200);
    settings.table_size = 60 + random_.below(200);
    options_ = tree_options(all_policies(), settings);
    options_.folder = "tree";
    options_.log_reserve = 4096;
    options_.manifest_growth = random_.below(300);
    options_.sync = random_.below(2) == 0 ? SyncMode::power : SyncMode::process;
    options_.max_waiting_memtables = 1 + random_.below(2);
    options_.slow_down_runs = 1 + random_.below(4);
    options_.stop_runs = options_.slow_down_runs + random_.below(3);
    options_.max_compactions = 1 + random_.below(3);
    clients_.resize(2 + random_.below(3));
    for (size_t i = 0; i < clients_.size(); ++i) {
        clients_[i].number = i;
        clients_[i].seed = random_.next();
    }
    operations_ = 3 + random_.below(6);  // together kMostOperations at most
    background_ = static_cast<int>(random_.below(3));
    failing_ = 1 + random_.below(uint64_t{1} << (2 + random_.below(7)));
    fault_ = kCallFaults[random_.below(4)];
    for_good_ = random_.below(2) == 0;
    disk_ = std::make_unique<FaultyDisk>(options_.sync);
}

void FaultySchedule::write(AnyTree& tree, Client& client) {
    Contents after = client.states.back();
    WriteBatch batch;
    for (uint64_t count = 1 + client.random.below(3); count > 0; --count) {
        const std::string key = client_key(client.number, client.random.below(kKeysOfClient));
        if (client.random.below(4) == 0) {
            batch.remove(key);
            after.erase(key);
        } else {
            const std::string value = std::to_string(client.states.size()) + std::string(20, '.');
            batch.put(key, value);
            after[key] = value;
        }
    }
    client.states.push_back(std::move(after));
    tree.write(batch);
    client.acknowledged += 1;
}

void FaultySchedule::get(AnyTree& tree, Client& client) {
    const std::string key = client_key(client.number, client.random.below(kKeysOfClient));
    const auto found = tree.get(key);
    const Contents& sure = client.states[client.acknowledged];
    const auto written = sure.find(key);
    if (found.has_value() != (written != sure.end()) || (found && *found != written->second))
        throw HistoryError("a client reads " + found.value_or("nothing") + " for " + key +
                           ", which it did not write last");
}

void FaultySchedule::run_client(AnyTree& tree, Client& client) {
    try {
        for (uint64_t i = 0; i < operations_; ++i) {
            if (kept_ && !kept_->contains(client.number * operations_ + i)) continue;
            client.random = Random(mix64(client.seed + i));
            const uint64_t dice = client.random.below(20);
            if (dice < 14) {
                write(tree, client);
            } else if (dice < 18) {
                get(tree, client);
            } else if (dice < 19) {
                tree.flush();
            } else {
                tree.settle();
            }
            if (disk_->can_lose_power() && client.random.below(4) == 0) lose_power();
        }
    } catch (const Error& error) {
        client.stopped = true;
        if (disk_->faulty().failed() == 0)
            throw HistoryError(std::string("an error without a fault: ") + error.what());
    }
}

std::vector<size_t> FaultySchedule::acknowledged() const {
    std::vector<size_t> all;
    for (const Client& client : clients_) all.push_back(client.acknowledged);
    return all;
}

/// Others may write on between the two looks; what they were acknowledged by then is on the disk.
void FaultySchedule::lose_power() {
    std::vector<size_t> sure = acknowledged();
    losses_.push_back({disk_->crash_point(), std::move(sure)});
}

void FaultySchedule::check_power_losses() {
    for (const PowerLoss& loss : losses_) {
        CrashChoice nothing;
        nothing.kept.assign(loss.disk.pending().size(), false);
        CrashFileSystem left(loss.disk.image(nothing));
        check_left(left, loss.acknowledged, "after a power loss");
    }
}

void FaultySchedule::check_left(FileSystem& files, const std::vector<size_t>& acknowledged,
                                const std::string& where) {
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
        const auto sure =
            client.states.begin() + static_cast<std::ptrdiff_t>(acknowledged[client.number]);
        if (std::find(sure, client.states.end(), own) == client.states.end())
            throw HistoryError(where + ": client " + std::to_string(client.number) +
                               " does not find what was acknowledged");
    }
    hash_ = mix64(hash_ ^ content.size());
}

void FaultySchedule::run() {
    options_.files = &disk_->faulty();
    {
        const auto executor =
            background_ == 0 ? make_inline_executor() : make_pool_executor(background_);
        options_.executor = executor.get();
        const auto tree = AnyTree::open(options_);
        disk_->faulty().fail_at(failing_, fault_, for_good_);
        run_together(clients_.size(),
                     [&](uint64_t number) { run_client(*tree, clients_[number]); });
        if (disk_->can_lose_power()) lose_power();
        if (background_ == 0)
            check_left(*folder_copy(disk_->base(), options_.folder), acknowledged(),
                       "after a kill");
        try {
            tree->close();
        } catch (const Error&) {
            if (disk_->faulty().failed() == 0) throw;
        }
    }
    for (const Client& client : clients_) {
        writes_ += client.acknowledged;
        refused_ += client.stopped ? 1 : 0;
    }
    failed_calls_ = disk_->faulty().failed();
    check_left(disk_->base(), acknowledged(), "after closing");
    check_power_losses();
    hash_ = mix64(hash_ ^ refused_) + writes_;
}

}  // namespace lsm::torture
