"""Sentiment of real answers to "would you recommend us?", whose score the same person gave: majority, VADER alone, the
lexicon that ships, and classifiers trained on part of the texts, all judged on the same texts that none of them saw.

Scores of 0 to 6 are negative, 7 and 8 neutral, 9 and 10 positive. AUC is negative against positive. The texts are in
shared/data/nps_verbatims beside the checkout; without them there is nothing to measure, and it says so.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from measuring.contender import timed
from measuring.report import Ratio, print_ratios, print_setting
from telling.contenders import CONTENDERS, Contender
from telling.verbatims import PLACE, Verbatims, verbatims

from keepwell.text.own.figures import figures

TRAINED_ON = 0.7


@dataclass(frozen=True)
class Size:
    splits: int
    runs: int


FULL, QUICK = Size(10, 5), Size(2, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.splits} splits instead of {FULL.splits}")
    size = QUICK if parser.parse_args().quick else FULL
    print_setting("keepwell", "vaderSentiment", "scikit-learn", "numpy")
    found = verbatims()
    if found is None:
        print(f"\nskipped: there is no {PLACE} beside the checkout; it holds the texts to measure on")
        return
    _report(found, size)


def _report(found: Verbatims, size: Size) -> None:
    print(f"\n{len(found.texts)} texts, mean of {size.splits} splits, {TRAINED_ON:.0%} to learn from\n")
    print(f"{'':<44}{'accuracy':>10}{'macro F1':>10}{'AUC':>8}{'texts/s':>12}")
    means = {one.name: _mean(one, found, size) for one in CONTENDERS}
    vader, ships, own = (means[name] for name in ("VADER alone", "lexicon (ships)", "own texts"))
    print_ratios(
        [
            Ratio("AUC, lexicon that ships", ships[2], at_least=0.883, unit="", digits=3),
            Ratio("  macro F1", ships[1], at_least=0.532, unit="", digits=3),
            Ratio("  texts a second against VADER alone", ships[3] / vader[3], unit="x"),
            Ratio("AUC, own texts", own[2], at_least=0.964, unit="", digits=3),
            Ratio("  macro F1", own[1], at_least=0.648, unit="", digits=3),
            Ratio("  texts a second", own[3], unit="", digits=0),
        ]
    )


def _mean(contender: Contender, found: Verbatims, size: Size) -> np.ndarray:
    """[accuracy, macro F1, AUC, texts a second], printed."""
    every = [_once(contender, found, split, size.runs) for split in range(size.splits)]
    mean = np.mean(every, axis=0)
    print(f"{contender.name:<44}{mean[0]:>10.3f}{mean[1]:>10.3f}{mean[2]:>8.3f}{mean[3]:>12,.0f}")
    return mean


def _once(contender: Contender, found: Verbatims, seed: int, runs: int) -> list[float]:
    learned, held_out = found.split(TRAINED_ON, seed)
    tell = contender.learn(learned)
    told, measured = timed(lambda: tell(held_out.texts), runs)
    one = figures(held_out.labels, told)
    return [one.accuracy, one.macro_f1, one.auc or np.nan, len(held_out.texts) / measured.processor_seconds]


if __name__ == "__main__":
    main()
