"""What every benchmark prints: versions and machine first, ratios against their bars last."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from measuring.contender import cores


@dataclass(frozen=True)
class Ratio:
    """A figure with its bar."""

    what: str
    value: float
    at_most: float | None = None
    at_least: float | None = None
    unit: str = "x"
    digits: int = 2

    def __str__(self) -> str:
        if self.at_most is not None:
            bar, met = f"at most {self.at_most:g}", self.value <= self.at_most
        elif self.at_least is not None:
            bar, met = f"at least {self.at_least:g}", self.value >= self.at_least
        else:
            return f"{self.what:<58} {self.value:8.{self.digits}f} {self.unit}"
        judged = f"bar: {bar} {self.unit}  {'met' if met else 'MISSED'}"
        return f"{self.what:<58} {self.value:8.{self.digits}f} {self.unit:<3} {judged}"


def print_setting(*packages: str) -> None:
    """Versions and machine."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    print(f"Python {platform.python_version()}, {versions}")
    print(f"{_processor()}, {cores()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}")
    if hasattr(os, "getloadavg"):
        print(f"load before the run: {os.getloadavg()[0]:.1f}")


def print_ratios(ratios: list[Ratio]) -> None:
    print("\nRatios, from this run")
    for ratio in ratios:
        print(f"  {ratio}")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
