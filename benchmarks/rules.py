"""How long does it take to ask a hundred rules of twenty conditions of a million accounts?

Conditions on current values; days in band and changes over days are columns, made before, timed apart. Beside Keepwell
stand Polars, as its best expert would write the same rules, and zen-engine over fewer accounts, whose throughput
(accounts times rules a second) is what is compared. What follows matching is timed too: deciding, and the columns.

python benchmarks/rules.py            100 rules of 20 conditions over 1,000,000 accounts; zen-engine over 2,000
python benchmarks/rules.py --quick    20 rules of 20 conditions over 50,000 accounts; zen-engine over 300
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib.metadata import version

from acting.contenders import Found, by_keepwell, by_polars, by_zen, by_zen_graph, has_zen, two_cores
from acting.following import columns_made, decided
from measuring.contender import in_own_process
from measuring.report import Ratio, print_ratios, print_setting


@dataclass(frozen=True)
class Size:
    rows: int
    rules: int
    conditions: int
    runs: int
    zen_rows: int


FULL = Size(1_000_000, 100, 20, 3, 2_000)
QUICK = Size(50_000, 20, 20, 3, 300)
MOST_SECONDS = 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20 rules over 50,000 accounts, zen-engine over 300")
    size = QUICK if parser.parse_args().quick else FULL
    two_cores()
    print_setting("keepwell", "numpy", "polars", "pyarrow")
    print(f"\n{size.rules} rules of {size.conditions} conditions, {size.rows:,} accounts")
    asked = size.rows, size.rules, size.conditions, size.runs
    ours = _line("Keepwell", in_own_process(by_keepwell, *asked))
    polars = _line("Polars, one lazy select", in_own_process(by_polars, *asked))
    assert ours[0] == polars[0], "Keepwell and Polars find other accounts"
    ratios = [
        Ratio("processor time of Keepwell", ours[1].processor_seconds, at_most=MOST_SECONDS, unit="s"),
        Ratio(
            "processor time of Keepwell / Polars", ours[1].processor_seconds / polars[1].processor_seconds, at_most=2
        ),
        Ratio("time on the clock of Keepwell / Polars on two cores", ours[1].best / polars[1].best),
        *_beside_zen(size, ours),
    ]
    _print_following(size)
    print_ratios(ratios)


def _beside_zen(size: Size, ours: Found) -> list[Ratio]:
    if not has_zen():
        print("  zen-engine is not installed, so it is left out; the group dev of pyproject.toml has it")
        return []
    print(f"\nzen-engine {version('zen-engine')}, the same rules, {size.zen_rows:,} accounts")
    asked = size.zen_rows, size.rules, size.conditions, 1
    few = in_own_process(by_keepwell, *asked)[0]
    ratios = []
    for words, work in (("compiled expressions", by_zen), ("a graph of one node", by_zen_graph)):
        found = _line(f"zen-engine, {words}", in_own_process(work, *asked))
        assert found[0] == few, "zen-engine finds other accounts"
        theirs = size.zen_rows * size.rules / found[1].processor_seconds
        mine = size.rows * size.rules / ours[1].processor_seconds
        at_size = size.rows / size.zen_rows * found[1].processor_seconds
        print(
            f"    {theirs:,.0f} accounts times rules a second; all {size.rows:,} accounts would take {at_size:,.0f} s"
        )
        ratios.append(Ratio(f"throughput of Keepwell / zen-engine, {words}", mine / theirs, at_least=50, digits=0))
    return ratios


def _print_following(size: Size) -> None:
    print("\nWhat stands before and after, apart from the above")
    _line("columns: days in band, changes over 7 and 28 days", (([]), in_own_process(columns_made, size.rows)))
    first, next_day = in_own_process(decided, size.rows, size.rules, size.conditions)
    _line("deciding, the first time", ([], first))
    _line("deciding, the next day", ([], next_day))


def _line(who: str, found: Found) -> Found:
    print(f"  {who:<50} {found[1]}")
    return found


if __name__ == "__main__":
    main()
