"""What Python's json needs for a report.

    ingest.py FILE...
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


for path in sys.argv[1:]:
    with open(path, "rb") as file:
        data = file.read()
    print(os.path.basename(path), len(data), nanoseconds(lambda: json.loads(data)))
