"""Does an optimized card keep up with models that nobody can read?

AUC, average precision, Brier and top-decile lift over the splits given beside four labelled sets (each split out of
time too where the set has one), for the card that `keepwell optimize` proposes, scored by the engine, and for the naive
card of equal weights, logistic regression on logs, gradient boosting, and a scorecard by optbinning. Then simulated
companies whose drivers are known: Kendall's tau between proposed and true importance.
"""

from __future__ import annotations

import argparse
import shutil
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from measuring.report import Ratio, print_ratios, print_setting
from outcomes.cards import cards
from outcomes.importance import taus
from outcomes.labelled import OUT_OF_TIME, SHARED, Labelled, Split
from outcomes.methods import METHODS
from outcomes.sets import cdnow, fightchurn_crm5, ibm_telco, ravenstack

from keepwell.learning.figures.probabilities import brier
from keepwell.learning.figures.ranking import auc, average_precision, top_decile_lift

DATA = Path(__file__).parent / "data"
OPTIMIZED, NAIVE = "optimized card", "naive card"
SETS: Mapping[str, Callable[[], Labelled]] = {
    one.__name__: one for one in (ibm_telco, cdnow, fightchurn_crm5, ravenstack)
}
WITHIN = {"ibm_telco": 0.01, "cdnow": 0.01, "fightchurn_crm5": 0.02}
"""How far below the best a card's mean AUC may be."""
TAU, ENOUGH = 0.8, 0.9


@dataclass(frozen=True)
class Size:
    splits: int
    companies: int
    accounts: int


FULL, QUICK = Size(6, 20, 5_000), Size(1, 1, 1_000)


def main() -> None:
    arguments = _arguments()
    size = QUICK if arguments.quick else FULL
    if arguments.companies is not None:
        size = replace(size, companies=arguments.companies)
    warnings.simplefilter("ignore")  # of the libraries that a card is compared with
    print_setting("keepwell", "optbinning", "scikit-learn", "scipy", "numpy")
    DATA.mkdir(exist_ok=True)
    ratios: list[Ratio] = []
    if SHARED.is_dir():
        for name in arguments.sets:
            ratios += _set(SETS[name](), size)
    else:
        print(f"\nThe labelled sets are not there ({SHARED.name}/ beside the checkout); simulated companies only")
    if not arguments.no_companies:
        ratios += _companies(size, arguments.first_seed)
    print_ratios(ratios)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one split of each set, one company of 1,000 accounts")
    parser.add_argument("--sets", nargs="*", choices=list(SETS), default=list(SETS), help="only these sets")
    parser.add_argument("--no-companies", action="store_true", help="leave out the simulated companies")
    parser.add_argument("--first-seed", type=int, default=1, help="seed of the first company")
    parser.add_argument("--companies", type=int, help="so many companies instead of 20")
    return parser.parse_args()


def _set(one: Labelled, size: Size) -> list[Ratio]:
    print(f"\n{one.name}: {len(one.lost):,} rows, {int(one.lost.sum()):,} lost")
    print(f"  {'':<14}{'':<24}{'AUC':>8}{'AP':>8}{'Brier':>8}{'lift':>8}")
    found: dict[str, list[tuple[str, float]]] = {}
    refusals = 0
    chosen = one.splits[: size.splits]
    for split in chosen:
        risks, refused = _risks(one, split)
        refusals += refused is not None
        for method, risk in risks.items():
            figures = _figures(risk, one.lost[split.test])
            found.setdefault(method, []).append((split.name, figures[0]))
            print(f"  {split.name:<14}{method:<24}{figures[0]:8.4f}{figures[1]:8.4f}{figures[2]:8.4f}{figures[3]:8.2f}")
        if refused is not None:
            print(f"  {split.name:<14}{OPTIMIZED}: {refused}")
    if one.name not in WITHIN:
        return [
            Ratio(f"{one.name}: splits without a proposal", refusals, at_least=len(chosen), unit=f"of {len(chosen)}")
        ]
    return _bars(one.name, found)


def _risks(one: Labelled, split: Split) -> tuple[dict[str, np.ndarray], str | None]:
    folder = Path(mkdtemp(prefix="learning-", dir=DATA))
    try:
        made = cards(one, split, folder)
    finally:
        shutil.rmtree(folder)
    risks = {} if made.optimized is None else {OPTIMIZED: made.optimized}
    risks[NAIVE] = made.naive
    return risks | {name: method(one, split) for name, method in METHODS.items()}, made.refused


def _figures(risk: np.ndarray, lost: np.ndarray) -> tuple[float, float, float, float]:
    return auc(-risk, lost), average_precision(-risk, lost), brier(risk, lost), top_decile_lift(-risk, lost)


def _bars(name: str, found: Mapping[str, list[tuple[str, float]]]) -> list[Ratio]:
    """Of the mean over the splits, and of the split out of time by itself."""
    ratios = []
    for part, is_part in (
        ("mean AUC", lambda split: split != OUT_OF_TIME),
        (OUT_OF_TIME, lambda split: split == OUT_OF_TIME),
    ):
        means = {
            method: float(np.mean(values))
            for method, pairs in found.items()
            if (values := [value for split, value in pairs if is_part(split)])
        }
        if OPTIMIZED not in means:
            continue
        best = max(value for method, value in means.items() if method != OPTIMIZED)
        is_asked = part != OUT_OF_TIME or name == "cdnow"
        above, below = means[OPTIMIZED] - means[NAIVE], best - means[OPTIMIZED]
        print(f"  {part}: " + ", ".join(f"{method} {value:.4f}" for method, value in means.items()))
        ratios.append(
            Ratio(f"{name}, {part}: above the naive card", above, at_least=0 if is_asked else None, unit="", digits=4)
        )
        ratios.append(
            Ratio(
                f"{name}, {part}: below the best", below, at_most=WITHIN[name] if is_asked else None, unit="", digits=4
            )
        )
    return ratios


def _companies(size: Size, first_seed: int) -> list[Ratio]:
    print(f"\n{size.companies} simulated companies of {size.accounts:,} accounts: tau of proposed and true importance")
    found = []
    for seed in range(first_seed, first_seed + size.companies):
        folder = Path(mkdtemp(prefix="company-", dir=DATA))
        try:
            found.append(taus(folder, size.accounts, seed))
        finally:
            shutil.rmtree(folder)
        print(f"  seed {seed:<4} {found[-1].importance:.3f}   (of bare shares {found[-1].shares:.3f})", flush=True)
    share, bare = (
        float(np.mean([one >= TAU for one in each]))
        for each in ([one.importance for one in found], [one.shares for one in found])
    )
    bar = ENOUGH if size.accounts == FULL.accounts else None
    return [
        Ratio(f"companies with tau of {TAU} or more", share, at_least=bar, unit=""),
        Ratio("  by shares that are not weighed by the spread of scores", bare, unit=""),
    ]


if __name__ == "__main__":
    main()
