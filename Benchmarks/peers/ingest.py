"""Measures JSON readers in Python with a report: json, orjson and yyjson, which is written in C and only parses here.

    ingest.py json|orjson|yyjson FILE...
    ingest.py --repeat FILE RUNS
"""

import json
import os
import sys
import time


def nanoseconds(work) -> float:
    """The median of rounds of a few milliseconds each."""
    times = []
    runs = 1
    while len(times) < 9:
        start = time.process_time_ns()
        for _ in range(runs):
            work()
        elapsed = time.process_time_ns() - start
        if elapsed < 20_000_000:
            runs *= 2
        else:
            times.append(elapsed / runs)
    return sorted(times)[len(times) // 2]


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


if sys.argv[1] == "--repeat":
    data = read(sys.argv[2])
    for _ in range(int(sys.argv[3])):
        json.loads(data)
else:
    match sys.argv[1]:
        case "json":
            load = json.loads
        case "orjson":
            import orjson

            load = orjson.loads
        case "yyjson":
            import yyjson

            load = yyjson.Document
        case other:
            sys.exit(f"ingest.py: {other} is not known; json, orjson and yyjson are")
    for path in sys.argv[2:]:
        data = read(path)
        print(os.path.basename(path), len(data), nanoseconds(lambda: load(data)))
