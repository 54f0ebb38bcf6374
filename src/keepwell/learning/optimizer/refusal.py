"""When there is no proposal, and the words that say so."""

from __future__ import annotations

from collections.abc import Iterator

from keepwell.errors import RequestRefused
from keepwell.learning.figures.figure import Figure, Numbers, numbers
from keepwell.learning.optimizer.study import Study

LEAST = 30
"""So many accounts must have left, and so many stayed: enough for three weights, at ten a weight (Peduzzi and others
1996), and for a held-out part that says anything."""
CHANCE = 0.5


def refuse_too_few(study: Study) -> None:
    """Raises RequestRefused where outcomes are too few to learn from, with how many there are and are needed."""
    observations = study.observations
    found = numbers(observations.codes, observations.lost)
    stayed = found.accounts - found.accounts_lost
    if found.accounts_lost >= LEAST and stayed >= LEAST:
        return
    raise RequestRefused(
        f"no proposal for scorecard '{study.request.scorecard}': too few outcomes. {_counted(found, stayed)}, and at "
        f"least {LEAST} of each are needed: fewer show nothing but chance",
        notes=list(_about(study)),
    )


def refuse_no_line(study: Study) -> None:
    """Raises RequestRefused where no measure is left to learn a weight for, with the reason of each."""
    aside = study.material.aside
    raise RequestRefused(
        f"no proposal for scorecard '{study.request.scorecard}': nothing can be learned from any measure or metric",
        notes=[*(f"{name}: {reason}" for name, reason in sorted(aside.items())), *_about(study)],
    )


def refuse_chance(study: Study, auc: Figure | None, dropped: dict[str, str]) -> None:
    """Raises RequestRefused where a card learned from one part does not beat chance on the other."""
    lines = (f"{name}: {reason}" for name, reason in sorted(dropped.items()))
    start = f"no proposal for scorecard '{study.request.scorecard}': the data do not support one."
    if auc is None:
        raise RequestRefused(
            f"{start} Of {len(study.material.lines)} measures and metrics none tells accounts that left from those "
            "that stayed better than chance",
            notes=[*lines, *_about(study)],
        )
    if not auc.is_known:
        said = f"{start} Whether it would beat chance cannot be known: {auc.reason}"
        raise RequestRefused(said, notes=list(_about(study)))
    if auc.low is None or auc.low <= CHANCE:
        held = "" if auc.low is None else f", and its interval from {auc.low:.3f} to {auc.high:.3f} holds 0.5"
        raise RequestRefused(
            f"{start} On accounts it was not learned from, a card of the best measures and weights has an AUC of "
            f"{auc.value:.3f}{held}: no better than chance",
            notes=list(_about(study)),
        )


def _counted(found: Numbers, stayed: int) -> str:
    left = "Nobody left" if not found.accounts_lost else f"{_accounts(found.accounts_lost)} left"
    return f"{left} and {'nobody' if not stayed else _accounts(stayed)} stayed"


def _about(study: Study) -> Iterator[object]:
    yield from study.observations.asides
    if study.without_history:
        yield (
            f"{study.without_history:,} observations of accounts of which nothing was known by then were left out; "
            f"{len(study.observations):,} remain"
        )
    yield from study.notes


def _accounts(count: int) -> str:
    return f"{count:,} account{'s' if count != 1 else ''}"
