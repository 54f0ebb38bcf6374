"""How soon does the command line answer? `keepwell --help`, and `keepwell check` of a hundred definitions.

python benchmarks/startup.py            the best of ten runs of each
python benchmarks/startup.py --quick    the best of three
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring.report import Ratio, print_ratios, print_setting

METRICS = 95
MODEL = """\
schemes:
  light: {bands: [{label: red, up_to: 50}, {label: yellow, up_to: 75}, {label: green, up_to: 100}]}
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  usage: {file: usage.csv, account: account_id, occurred_at: day}
segments:
  large: seats >= 200
metrics:
"""
CARD = """\
scorecards:
  everyone: {scheme: light, groups: {use: {weight: 1, measures: {%s}}}}
"""


def write_definitions(folder: Path) -> None:
    """A hundred definitions: a scheme, two datasets, a segment, a card of all metrics."""
    names = [f"feature_{number}" for number in range(METRICS)]
    metrics = "".join(
        f"  {name}: {{dataset: usage, aggregate: sum(events), where: feature = '{name}', window: 28 days}}\n"
        for name in names
    )
    measures = ", ".join(f"{name}: {{weight: 1, score: {{linear: [[0, 0], [10, 100]]}}}}" for name in names)
    (folder / "model.yaml").write_text(MODEL + metrics + CARD % measures, encoding="utf-8")


def best_of(runs: int, *arguments: str) -> float:
    """Seconds of the quickest of some runs of Python with these arguments, each a process of its own."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three runs of each instead of ten")
    runs = 3 if parser.parse_args().quick else 10
    print_setting("keepwell", "typer", "pydantic", "sqlglot")
    with tempfile.TemporaryDirectory() as folder:
        write_definitions(Path(folder))
        ratios = [
            Ratio("keepwell --help", best_of(runs, "-m", "keepwell.cli", "--help"), at_most=0.4, unit="s"),
            Ratio(
                "keepwell check of 100 definitions",
                best_of(runs, "-m", "keepwell.cli", "check", folder),
                at_most=1.0,
                unit="s",
            ),
            Ratio("python -c pass, for comparison", best_of(runs, "-c", "pass"), unit="s"),
        ]
    print_ratios(ratios)


if __name__ == "__main__":
    main()
