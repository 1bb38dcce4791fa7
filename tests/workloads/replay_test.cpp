// Traces: both formats, what is wrong with them by file and line, and replaying them.
#include <gtest/gtest.h>

#include <string>

#include "framework/base/error.hpp"
#include "framework/os/memory_file_system.hpp"
#include "source_dir.hpp"
#include "tests/support/map_engine.hpp"
#include "workloads/client.hpp"
#include "workloads/escapes.hpp"
#include "workloads/replayer.hpp"
#include "workloads/trace.hpp"
#include "workloads/wrong_answer.hpp"

namespace lsm::workloads {
namespace {

using lsm::testing::Lie;
using lsm::testing::MapEngine;

class Replay : public ::testing::Test {
  protected:
    Phase trace(const std::string& text, const std::string& format = "csv") {
        write_text_file(*files_, "trace", text);
        ReplayPhase phase;
        phase.file = "trace";
        phase.format = format;
        return phase;
    }

    std::vector<std::string> calls(const Phase& phase, Lie lie = Lie::none) {
        MapEngine engine(lie);
        engine.record();
        const Workload workload({phase}, 1, 1, files_.get());
        Client client(engine, workload, 0);
        client.begin_phase(0);
        while (client.remaining() > 0) client.step();
        uint64_t live_bytes = 0;
        for (const auto& [key, value] : engine.content()) live_bytes += key.size() + value.size();
        if (lie == Lie::none) {
            EXPECT_EQ(client.live_entries(), engine.content().size());
            EXPECT_EQ(client.live_bytes(), live_bytes);
        }
        return engine.calls();
    }

    std::string problem(const Phase& phase) {
        try {
            const Workload workload({phase}, 1, 1, files_.get());
            return "nothing";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::config);
            return error.what();
        }
    }

    std::unique_ptr<FileSystem> files_ = make_memory_file_system();
};

TEST_F(Replay, PerformsACsvInItsOrder) {
    const Phase phase = trace(
        "# a comment\n"
        "key,op,value_size,length\n"
        "b,put,5,\n"
        "a%2C%00,put,0,\r\n"
        "\n"
        "b,get,,\n"
        "c,get,,\n"
        "a,scan,,10\n"
        "b,delete,,\n"
        "b,get,,");
    EXPECT_EQ(calls(phase),
              (std::vector<std::string>{"put b 5", std::string("put a,\0 0", 9), "get b", "get c",
                                        "scan a 10", "delete b", "get b"}));
}

TEST_F(Replay, DeletesRanges) {
    const Phase phase = trace(
        "op,key,end,value_size\n"
        "put,a,,1\nput,b,,2\nput,c,,3\n"
        "delete_range,a,c,\n"
        "get,a,,\nget,b,,\nget,c,,\n");
    EXPECT_EQ(calls(phase)[3], "delete_range a c");
}

TEST_F(Replay, EntriesExpire) {
    Phase phase = trace(
        "op,key,value_size,ttl\n"
        "put,a,1,2\nput,b,2,\nget,a,,\nput,c,3,5\nget,a,,\nput,b,2,0\n");
    calls(phase);
    EXPECT_THROW(calls(phase, Lie::immortal), WrongAnswer);
    phase =
        trace("0,a,1,5,1,set,3\n0,b,1,5,1,set,0\n0,c,1,5,1,set,0\n0,a,1,0,1,get,0\n", "twitter");
    EXPECT_NO_THROW(calls(phase, Lie::immortal));  // nothing expires by itself
    phase.operations_per_second = 1;
    EXPECT_NO_THROW(calls(phase, Lie::immortal));  // not yet
    phase =
        trace("0,a,1,5,1,set,1\n0,b,1,5,1,set,0\n0,c,1,5,1,set,0\n0,a,1,0,1,get,0\n", "twitter");
    phase.operations_per_second = 2;
    EXPECT_NO_THROW(calls(phase));
    EXPECT_THROW(calls(phase, Lie::immortal), WrongAnswer);
}

TEST_F(Replay, StopsAtItsLimit) {
    Phase phase = trace("op,key_base64,value_size\nput,YWI=,1\nput,YQ==,1\nput,!,1\n");
    phase.limit = 2;
    EXPECT_EQ(calls(phase), (std::vector<std::string>{"put ab 1", "put a 1"}));
    phase.limit = 0;
    EXPECT_NE(problem(phase).find("trace:4"), std::string::npos);
}

TEST_F(Replay, PerformsTwittersOperations) {
    const Phase phase = trace(
        "0,k,1,7,1,add,60\n"
        "0,k,1,9,1,add,60\n"
        "1,k,1,8,2,replace,0\n"
        "2,x,y,3,8,2,replace,0\n"
        "2,k,1,0,2,gets,0\n"
        "3,k,1,8,2,incr,0\n"
        "3,k,1,0,2,delete,0\n"
        "3,k,1,4,2,set,0\n",
        "twitter");
    EXPECT_EQ(calls(phase),
              (std::vector<std::string>{"get k", "put k 7", "get k", "get k", "put k 8", "get x,y",
                                        "get k", "get k", "put k 8", "delete k", "put k 4"}));
}

TEST_F(Replay, SaysWhatIsWrongByFileAndLine) {
    const auto contains = [&](const std::string& text, const char* format,
                              std::initializer_list<const char*> words) {
        const std::string message = problem(trace(text, format));
        for (const char* word : words)
            EXPECT_NE(message.find(word), std::string::npos) << word << " in: " << message;
    };
    contains("", "csv", {"trace:1", "empty", "first line names the columns"});
    contains("op,kye\n", "csv", {"trace:1", "unknown column \"kye\"", "key_base64"});
    contains("op,key,op\n", "csv", {"twice"});
    contains("key\n", "csv", {"no column op"});
    contains("op\n", "csv", {"key or key_base64"});
    contains("op,key\n", "csv", {"no operation"});
    contains("op,key\nget,a\nget\n", "csv", {"trace:3", "1 fields"});
    contains("op,key\nget,a,b\n", "csv", {"trace:2", "%2C"});
    contains("op,key\nread,a\n", "csv", {"unknown operation \"read\"", "delete_range"});
    contains("op,key\nget,%zz\n", "csv", {"not percent-escaped", "%25"});
    contains("op,key_base64\nget,abc\n", "csv", {"not base64"});
    contains("op,key\nget,\n", "csv", {"the key is empty"});
    contains("op,key\nput,a\n", "csv", {"value_size of a put"});
    contains("op,key,value_size\nput,a,1e18\n", "csv", {"whole number up to"});
    contains("op,key,length\nscan,a,0\n", "csv", {"length of a scan is 0"});
    contains("op,key,end\ndelete_range,b,a\n", "csv", {"ends before it begins"});
    contains("0,k,1,7,1,get\n", "twitter", {"trace:1", "6 fields", "7"});
    contains("x,k,1,7,1,get,0\n", "twitter", {"timestamp"});
    contains("0,k,1,7,1,touch,0\n", "twitter", {"unknown operation \"touch\"", "incr"});
    contains("0,k,1,-7,1,set,0\n", "twitter", {"value's size"});
    contains("0,k,1,7,1,set,soon\n", "twitter", {"TTL"});
    contains("0,k,2,7,1,set,0\n", "twitter", {"trace:1:5", "size is 2, and the key has 1 bytes"});
    contains("0,,0,7,1,set,0\n", "twitter", {"trace:1:3", "the key is empty"});
    contains("5,k,1,7,1,set,0\n5,k,1,7,1,set,0\n4,k,1,7,1,set,0\n", "twitter",
             {"trace:3:1", "goes back, from 5 to 4"});
    contains("op,key\nput,a%2Cb\nget,a,b\n", "csv", {"trace:2:10", "trace:3:7"});
    contains("op,key,end\ndelete_range,a,\n", "csv", {"trace:2:16", "end of the range is empty"});
    contains("op,key\nget," + std::string(70000, 'a') + "\n", "csv", {"65536 are the most"});
    contains("op,key\nget," + std::string(3 << 20, 'a'), "csv", {"longer than 1 MiB"});
}

TEST_F(Replay, SaysAllThatIsWrongAtOnce) {
    EXPECT_EQ(problem(trace("op,key,size,kind,op\nget,a,1,2,get\n")),
              "trace:1:8: unknown column \"size\"; the first line names the columns, which are op, "
              "key, key_base64, value_size, length, end, end_base64, ttl\n"
              "trace:1:13: unknown column \"kind\"; the first line names the columns, which are "
              "op, key, key_base64, value_size, length, end, end_base64, ttl\n"
              "trace:1:18: the column op is there twice");
    EXPECT_EQ(
        problem(trace("x,k,2,7,1,touch,0\n9,k,1,7,1,set,0\n8,k,1,-7,1,set,soon\n", "twitter")),
        "trace:1:1: the timestamp is a whole number up to 1000000000000, and this is \"x\"\n"
        "trace:1:5: the key's size is 2, and the key has 1 bytes\n"
        "trace:1:11: unknown operation \"touch\"; there are get, gets, set, cas, delete, add, "
        "replace, append, prepend, incr, decr\n"
        "trace:3:1: the timestamp goes back, from 9 to 8\n"
        "trace:3:7: the value's size is a whole number up to 67108864, and this is \"-7\"\n"
        "trace:3:16: the TTL is a whole number up to 1000000000000, and this is \"soon\"");
}

TEST_F(Replay, TellsTwentyProblemsAndCountsTheOthers) {
    std::string text = "op,key\n";
    for (int line = 0; line < 500; ++line) text += "get,\n";
    const std::string message = problem(trace(text));
    EXPECT_NE(message.find("trace:21:5: the key is empty\nand 480 more in trace"),
              std::string::npos)
        << message;
    EXPECT_EQ(message.find("trace:22"), std::string::npos);
    Phase phase = trace("op,key\nget,a\nget,\n");
    phase.limit = 1;
    EXPECT_EQ(problem(phase), "nothing") << "what is not replayed is not looked at";
}

TEST_F(Replay, ATtlBeyondAllCountsIsForEver) {
    Phase phase = trace("0,a,1,5,1,set,4294967296\n0,a,1,5,1,get,0\n", "twitter");
    phase.operations_per_second = uint64_t{1} << 32;  // the product is 2^64
    EXPECT_NO_THROW(calls(phase));
    Replayer replayer(phase, *files_, nullptr);
    EXPECT_GE(replayer.next().ttl, 1'000'000'000'000'000'000U);
}

TEST_F(Replay, RefusesAnotherTraceThanTheFingerprints) {
    Phase phase = trace("op,key\nget,a\n");
    phase.fingerprint = 5;
    EXPECT_NE(problem(phase).find("fingerprint"), std::string::npos);
    phase.fingerprint = 0;
    survey_trace(phase, *files_);
    EXPECT_EQ(problem(phase), "nothing");
    EXPECT_EQ(phase.operations, 1U);
}

TEST_F(Replay, CatchesAStoreThatLies) {
    std::string text = "op,key,value_size,length\n";
    for (int round = 0; round < 30; ++round) {
        for (const char* key : {"a", "b", "c", "d"}) {
            text += std::string("put,") + key + ",20,\nget," + key + ",,\n";
            text += "scan,a,,4\n";
            if (key[0] == 'b') text += "delete,b,,\nget,b,,\nscan,a,,9\nget,zz,,\n";
        }
    }
    const Phase phase = trace(text);
    EXPECT_NO_THROW(calls(phase));
    for (const Lie lie :
         {Lie::wrong_byte, Lie::stale, Lie::lost, Lie::resurrected, Lie::invented,
          Lie::scan_unordered, Lie::scan_gap, Lie::scan_short, Lie::scan_miscounted}) {
        try {
            calls(phase, lie);
            ADD_FAILURE() << "not noticed: " << static_cast<int>(lie);
        } catch (const WrongAnswer& error) {
            EXPECT_NE(std::string(error.what()).find("of the trace"), std::string::npos);
        }
    }
}

TEST_F(Replay, SharesAWorkloadOnlyWithTraces) {
    Phase load;
    load.records = 10;
    EXPECT_TRUE(workload_problem({trace("op,key\nget,a\n"), load}));
    EXPECT_FALSE(workload_problem({trace("op,key\nget,a\n"), trace("op,key\nget,a\n")}));
    EXPECT_TRUE(workload_problem({trace("op,key\nget,a\n")}, 2));
}

TEST_F(Replay, SeveralTracesOneAfterTheOther) {
    Phase first = trace("op,key,value_size\nput,a,100\n");
    write_text_file(*files_, "second", "op,key,value_size\nget,a,\nput,a,7\nget,a,\n");
    ReplayPhase second;
    second.file = "second";
    MapEngine engine;
    const Workload workload({first, second}, 1, 1, files_.get());
    Client client(engine, workload, 0);
    for (size_t phase = 0; phase < 2; ++phase) {
        client.begin_phase(phase);
        while (client.remaining() > 0) client.step();
    }
    EXPECT_EQ(client.checked(), 2U);
    EXPECT_EQ(client.live_bytes(), 8U);
}

TEST_F(Replay, LinesLongerThanAChunkApartAreWhole) {
    std::string text = "op,key,value_size\n";
    for (int i = 0; i < 60000; ++i) text += "put,a-rather-long-key-" + std::to_string(i) + ",1\n";
    Phase phase = trace(text);
    survey_trace(phase, *files_);
    EXPECT_EQ(phase.operations, 60000U);
    EXPECT_EQ(calls(phase).back(), "put a-rather-long-key-59999 1");
}

TEST(Samples, AreReplayed) {
    for (const auto& [file, format] :
         {std::pair{"sample.csv", "csv"}, std::pair{"twitter_sample.csv", "twitter"}}) {
        ReplayPhase phase;
        phase.file = std::string(LSMLAB_SOURCE_DIR) + "/workloads/traces/" + file;
        phase.format = format;
        MapEngine engine;
        const Workload workload({phase}, 1, 1);
        EXPECT_EQ(workload.total_operations(), 4000U);
        Client client(engine, workload, 0);
        client.begin_phase(0);
        while (client.remaining() > 0) client.step();
        EXPECT_EQ(client.live_entries(), engine.content().size());
        EXPECT_GT(client.checked(), 1900U);
        EXPECT_GT(client.live_entries(), 200U);
    }
}

TEST(Escapes, DecodeAsTheirRulesSay) {
    EXPECT_EQ(decode_percent("a%2cb%00"), std::string("a,b\0", 4));
    EXPECT_EQ(decode_percent("%2"), std::nullopt);
    EXPECT_EQ(decode_percent("%g0"), std::nullopt);
    EXPECT_EQ(decode_base64("Zm9vYmFy"), "foobar");
    EXPECT_EQ(decode_base64("Zm9vYg=="), "foob");
    EXPECT_EQ(decode_base64("Zm9vYmE="), "fooba");
    EXPECT_EQ(decode_base64("/+8="), "\xff\xef");
    EXPECT_EQ(decode_base64(""), "");
    for (const char* bad : {"Zm9", "Zm9v====", "Z===", "Zm9=Yg==", "Zm9vYh==", "Zm 9"})
        EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace lsm::workloads
