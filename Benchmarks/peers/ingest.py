"""What Python's json needs for a report.

    ingest.py FILE...
    ingest.py --repeat FILE RUNS
"""

import json
import os
import sys
import time


def nanoseconds(work) -> float:
    """The median of rounds of some milliseconds each."""
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
    for path in sys.argv[1:]:
        data = read(path)
        print(os.path.basename(path), len(data), nanoseconds(lambda: json.loads(data)))
