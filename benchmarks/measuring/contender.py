"""Runs contenders one after another, each in a fresh process, so that one's memory is not counted as another's."""

from __future__ import annotations

import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Measured:
    """What some work took: every run on the clock, the least processor time, and the peak memory of its process."""

    seconds: tuple[float, ...]
    processor_seconds: float
    peak_bytes: int

    @property
    def best(self) -> float:
        return min(self.seconds)

    def __str__(self) -> str:
        every = ", ".join(f"{one:.3f}" for one in self.seconds)
        return (
            f"{self.best:9.3f} s  (runs {every}; processor {self.processor_seconds:.3f} s)"
            f"  peak memory {self.peak_bytes / 1e9:.2f} GB"
        )


def in_own_process(work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
    """Calls `work` in a process started for it; arguments and result are pickled."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


def timed(work: Callable[[], Result], runs: int = 1) -> tuple[Result, Measured]:
    """The result of the last run; each run's result is let go before the next begins."""
    seconds, processor = [], []
    for number in range(runs):
        started, busy = time.perf_counter(), time.process_time()
        result = work()
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - busy)
        if number + 1 < runs:
            del result
            gc.collect()
    return result, Measured(tuple(seconds), min(processor), peak_bytes())


def peak_bytes() -> int:
    """The most memory this process has held so far, mapped files that it read included."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would start at the size of the parent
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
