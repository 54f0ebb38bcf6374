"""Do intervals of effects hold what is true, and is nothing found where nothing is?

Simulated companies, in one of which a lottery decides who gets a playbook, and in the other the customer success
managers, who treat the accounts that they worry about. A workshop lifts health by a known amount; an invitation to a
webinar does nothing, and is the placebo. For each way to estimate, of the score after 90 days and of losses within
180: in how many companies the 95 % interval holds the true effect of the workshop, and in how many it says that the
webinar did something.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from operator import attrgetter

import numpy as np
from interventions.companies import PLACEBO, TARGETS, WORKSHOP, Found, found_in
from measuring.contender import cores
from measuring.report import Ratio, print_ratios, print_setting

from keepwell.learning.effects.estimate import Way
from keepwell.learning.effects.targets import Target

WAYS: tuple[Way, ...] = ("randomised", "matched", "doubly_robust")
SEEDS, QUICK_SEEDS = 200, 20
COVERED, REJECTED = (0.91, 0.985), 0.08


def main() -> None:
    arguments = _arguments()
    seeds = range(arguments.first_seed, arguments.first_seed + (QUICK_SEEDS if arguments.quick else arguments.seeds))
    print_setting("keepwell", "numpy", "scipy", "scikit-learn")
    print(f"\n{len(seeds)} seeds from {seeds.start}, two companies of {arguments.accounts:,} accounts each")
    found = _with_common_truth(_all(seeds, arguments.accounts, arguments.draws))
    for playbook, what in ((WORKSHOP, "workshop"), (PLACEBO, "webinar, which does nothing")):
        _print(what, [one for one in found if one.playbook == playbook])
    print_ratios(list(_ratios(found, bars=len(seeds) >= SEEDS)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SEEDS} seeds, no bars")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="so many companies; bars need %(default)s")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--accounts", type=int, default=1_000, help="accounts of a company")
    parser.add_argument("--draws", type=int, default=300, help="draws of the bootstrap")
    return parser.parse_args()


def _all(seeds: Sequence[int], accounts: int, draws: int) -> list[Found]:
    """Each company in its own process; the linear algebra of each keeps to one thread."""
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    work = partial(found_in, accounts=accounts, draws=draws)
    with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
        found: list[Found] = []
        for done, many in enumerate(pool.map(work, seeds), start=1):
            found += many
            if done % 20 == 0:
                print(f"  {done} of {len(seeds)}", flush=True)
        return found


def _with_common_truth(found: list[Found]) -> list[Found]:
    """The truth that intervals are about: the effect on accounts like those treated, and not on just these. All
    companies have the same causes, so it is the mean over all of them."""
    key = attrgetter("playbook", "way", "target")
    means = {one: float(np.mean([row.truth for row in found if key(row) == one])) for one in set(map(key, found))}
    return [replace(row, truth=means[key(row)]) for row in found]


def _print(what: str, found: list[Found]) -> None:
    print(f"\n{what}")
    heads = ("seeds", "truth", "off by", "spread", "error", "holds", "not 0")
    print(f"  {'against':<16}{'what':<22}" + "".join(f"{head:>9}" for head in heads))
    for way, target, rows in _groups(found):
        off = np.array([one.effect - one.truth for one in rows])
        error = np.mean([(one.high - one.low) / 3.92 for one in rows])
        truth, holds, rejects = (np.mean([getattr(one, of) for one in rows]) for of in ("truth", "covers", "rejects"))
        print(
            f"  {way:<16}{target.name:<22}{len(rows):9}{truth:9.4f}{off.mean():9.4f}{off.std():9.4f}{error:9.4f}"
            f"{holds:9.3f}{rejects:9.3f}"
        )


def _groups(found: list[Found]) -> Iterator[tuple[Way, Target, list[Found]]]:
    for way in WAYS:
        for target in TARGETS:
            rows = [one for one in found if one.way == way and one.target == target]
            if rows:
                yield way, target, rows


def _ratios(found: list[Found], *, bars: bool) -> Iterator[Ratio]:
    for way, target, rows in _groups([one for one in found if one.playbook == WORKSHOP]):
        share = float(np.mean([one.covers for one in rows]))
        name = f"{way}, {target.name}: holds the true effect"
        yield Ratio(name, share, at_least=COVERED[0] if bars else None, unit="", digits=3)
        yield Ratio("  and not too often", share, at_most=COVERED[1] if bars else None, unit="", digits=3)
    for way, target, rows in _groups([one for one in found if one.playbook == PLACEBO]):
        share = float(np.mean([one.rejects for one in rows]))
        name = f"{way}, {target.name}: finds what is not there"
        yield Ratio(name, share, at_most=REJECTED if bars else None, unit="", digits=3)


if __name__ == "__main__":
    main()
