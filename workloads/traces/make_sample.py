#!/usr/bin/env python3
"""Writes the two small synthetic traces that are shipped beside this script, the same bytes on every run:

    make_sample.py [FOLDER]      sample.csv and twitter_sample.csv, here or in FOLDER

Nothing in them comes from a real trace: keys, sizes and operations are made up by a small generator. The popularity of
keys is skewed, values of a key change their sizes, and some keys hold bytes that need an escape.
"""
import os
import sys

OPERATIONS = 4000
KEYS = 600


class Random:
    """SplitMix64: the same everywhere, whatever Python's own generator does."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        word = self.state
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return word ^ (word >> 31)

    def below(self, bound):
        return self.next() % bound

    def skewed(self, bound):
        """The smallest of three: low numbers are popular."""
        return min(self.below(bound), self.below(bound), self.below(bound))


def csv_key(number):
    if number % 50 == 7:
        return "odd%2Ckey%25%00" + str(number)  # "odd,key%\0..."
    return "user%05d" % (number * 7919 % 100000)


def write_csv(path):
    random = Random(1)
    with open(path, "w", newline="\n") as out:
        out.write("# made by make_sample.py: synthetic\n")
        out.write("op,key,value_size,length\n")
        for _ in range(OPERATIONS):
            key = csv_key(random.skewed(KEYS))
            drawn = random.below(100)
            if drawn < 45:
                out.write("get,%s,,\n" % key)
            elif drawn < 85:
                out.write("put,%s,%d,\n" % (key, 20 + random.below(200)))
            elif drawn < 95:
                out.write("delete,%s,,\n" % key)
            else:
                out.write("scan,%s,,%d\n" % (key, 1 + random.below(30)))


def write_twitter(path):
    random = Random(2)
    operations = ["get"] * 60 + ["gets"] * 4 + ["set"] * 24 + ["add"] * 4 + ["replace"] * 2
    operations += ["delete"] * 4 + ["incr", "append"]
    second = 0
    with open(path, "w", newline="\n") as out:
        for _ in range(OPERATIONS):
            second += random.below(20) == 0
            number = random.skewed(KEYS)
            key = "ns%d:%s%x" % (number % 4, ",:" if number % 40 == 3 else "", number * 2654435761 % 2**32)
            operation = operations[random.below(len(operations))]
            size = 0 if operation in ("get", "gets", "delete") else 30 + random.skewed(400)
            ttl = 0 if size == 0 else (60, 600, 86400)[random.below(3)]
            out.write("%d,%s,%d,%d,%d,%s,%d\n" %
                      (second, key, len(key), size, random.below(8), operation, ttl))


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    write_csv(os.path.join(folder, "sample.csv"))
    write_twitter(os.path.join(folder, "twitter_sample.csv"))
