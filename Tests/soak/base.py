"""Imports from the benchmarks and from the tests of rules and dashboards."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Benchmarks/bench"))
from machine import (  # noqa: E402, F401
    PROGRAMS, ROOT, Server, answers, describe, free_port, get, processor_seconds, resident_megabytes)
from stack import Prometheus, eventually, run  # noqa: E402, F401
from table import table  # noqa: E402, F401
