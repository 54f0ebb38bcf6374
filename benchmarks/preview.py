"""How soon does the editor show what a draft would do to everybody? A card of ten measures and one of fifty.

From the text of the draft to bands, movers and histogram, over values of 100,000 accounts that are at hand: the YAML is
read and checked, everybody is scored anew and compared. Beside it what the editor shows of the past: how well the draft
would have ranked who left, from two years of observations of the same accounts that are kept for it. Each change is
another one, so that nothing is found made.

python benchmarks/preview.py            100,000 accounts, the median of nine changes
python benchmarks/preview.py --quick    5,000 accounts, of three changes
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from cards.card import project
from cards.data import values_file
from cards.past import past_of, without_peers
from measuring.report import Ratio, print_ratios, print_setting

from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.rewriting import with_value
from keepwell.engine.explain.diff import compare
from keepwell.engine.explain.states import State
from keepwell.engine.score import score_values
from keepwell.engine.storing import read_values
from keepwell.learning.whatif.judging import judge
from keepwell.learning.whatif.past import Past

DATA = Path(__file__).parent / "data"
MOST = 50
BAR_SECONDS = 1.0
WORDS = {"weight": "another weight", "shape": "another score shape", "override": "another override"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 accounts and three changes instead of nine")
    quick = parser.parse_args().quick
    accounts, runs = (5_000, 3) if quick else (100_000, 9)
    print_setting("keepwell", "numpy", "pyarrow", "duckdb")
    ratios = [ratio for name in ("ten", "fifty") for ratio in _card(name, accounts, runs)]
    print_ratios(ratios)


def _card(name: str, accounts: int, runs: int) -> Iterator[Ratio]:
    print(f"\n{accounts:,} accounts, the card of {name} measures")
    values = read_values(values_file(DATA, name, project(name), accounts))
    files = _files(name)
    current = project_of(files)
    old = State(current, values, score_values(current, values))
    for kind, words in WORDS.items():
        seconds, busy, moved = [], [], 0
        for number in range(runs):
            draft = _changed(files, kind, number)
            started, idle = time.perf_counter(), time.process_time()
            new_project = project_of(draft)
            new = State(new_project, values, score_values(new_project, values))
            found = compare(old, new, most=MOST)
            seconds.append(time.perf_counter() - started)
            busy.append(time.process_time() - idle)
            moved = max(moved, found.up + found.down + found.other)
        every = ", ".join(f"{one:.2f}" for one in seconds)
        print(f"  {words:<22} median {statistics.median(seconds):.3f} s  (runs {every}; processor "
              f"{statistics.median(busy):.2f} s); up to {moved:,} move band")  # fmt: skip
        yield Ratio(f"{name} measures, {words}", statistics.median(seconds), at_most=BAR_SECONDS, unit="s")
    yield _what_if(name, files, past_of(values), runs)


def _what_if(name: str, files: Mapping[str, str], past: Past, runs: int) -> Ratio:
    """Another weight, judged by who left; the card is asked for as the editor asks, text first."""
    seconds, areas = [], []
    for number in range(runs):
        draft = _changed(files, "weight", number)
        started = time.perf_counter()
        found = judge(past, without_peers(project_of(draft)))
        seconds.append(time.perf_counter() - started)
        areas.append(found.auc.value or 0.0)
    every = ", ".join(f"{one:.2f}" for one in seconds)
    print(f"  {'figures of the past':<22} median {statistics.median(seconds):.3f} s  (runs {every}); {len(past):,} "
          f"observations at {len(past.parts)} dates, AUC {min(areas):.3f} to {max(areas):.3f}")  # fmt: skip
    return Ratio(f"{name} measures, figures of the past", statistics.median(seconds), at_most=BAR_SECONDS, unit="s")


def _files(name: str) -> dict[str, str]:
    """The definitions as a project folder holds them: each metric is an attribute of its own name."""
    text = Path(__file__).with_name("cards").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    metrics = "".join(f"  {metric}: {{attribute: {metric}}}\n" for metric in project(name).metrics)
    return {"card.yaml": text, "metrics.yaml": f"metrics:\n{metrics}"}


def _changed(files: Mapping[str, str], kind: str, number: int) -> dict[str, str]:
    """Another draft with every number."""
    ((name, card),) = yaml.safe_load(files["card.yaml"])["scorecards"].items()
    group_name, group = next(iter(card["groups"].items()))
    path: tuple[str | int, ...] = ("scorecards", name, "groups", group_name)
    value: object = 5 + 7 * number
    if kind == "weight":
        path = (*path, "weight")
    elif kind == "shape":
        linear = (
            (measure, one["score"]["linear"])
            for measure, one in group["measures"].items()
            if "linear" in one.get("score", {})
        )
        measure, knots = next(linear)
        value = [*knots[:-1], [knots[-1][0] * (1.1 + number / 10), knots[-1][1]]]
        path = (*path, "measures", measure, "score", "linear")
    else:
        path = ("scorecards", name, "overrides", 0, "effect")
        value = {"at_least": 60 + 3 * number}
    return {**files, "card.yaml": with_value(files["card.yaml"], path, value)}


if __name__ == "__main__":
    main()
