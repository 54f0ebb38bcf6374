"""The score of a question with a scale: NPS, or the share of good answers, with intervals, counts and the mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from keepwell.definitions.survey_questions import Scale
from keepwell.engine.surveys.intervals import Estimate, difference_of_shares, mean, share

Numbers = npt.NDArray[np.float64]
"""[n] answers; NaN where there is none."""

PROMOTER, DETRACTOR = 9, 6
"""An answer of 9 or 10 is that of a promoter, one up to 6 that of a detractor."""


@dataclass(frozen=True)
class Nps:
    """The net promoter score in points from -100 to 100, and the answers behind it."""

    promoters: int
    passives: int
    detractors: int
    score: Estimate | None


@dataclass(frozen=True)
class Scored:
    """What the answers to a question with a scale come to.

    `score`: the headline in points, which is the NPS for a question of kind nps and the percentage of good answers for
    others. `top`: the percentage of good answers. `mean`: on the question's own scale. `counts`: by answer, zeros
    included. Estimates are None without answers.
    """

    score: Estimate | None
    top: Estimate | None
    mean: Estimate | None
    counts: dict[int, int]
    nps: Nps | None = None


def net_promoter(numbers: Numbers) -> Nps:
    """100 (promoters - detractors)/n with the interval of `intervals.difference_of_shares`."""
    given = numbers[~np.isnan(numbers)]
    promoters, detractors = int((given >= PROMOTER).sum()), int((given <= DETRACTOR).sum())
    found = difference_of_shares(promoters, detractors, len(given))
    return Nps(promoters, len(given) - promoters - detractors, detractors, in_points(found))


def top_share(question: Scale, numbers: Numbers) -> Estimate | None:
    """The percentage of good answers with the interval of Wilson."""
    given = numbers[~np.isnan(numbers)]
    return in_points(share(int((given >= question.top_from).sum()), len(given)))


def headline(question: Scale, numbers: Numbers) -> Estimate | None:
    """The score of a question in points: NPS for kind nps, else the percentage of good answers."""
    return net_promoter(numbers).score if question.kind == "nps" else top_share(question, numbers)


def scored(question: Scale, numbers: Numbers) -> Scored:
    """All that the answers to a question come to. `numbers` outside of the scale raise ValueError."""
    given = numbers[~np.isnan(numbers)]
    if len(given) and not (question.lowest <= given.min() and given.max() <= question.highest):
        raise ValueError(f"answers to '{question.name}' lie outside {question.lowest} to {question.highest}")
    counts = {one: int((given == one).sum()) for one in range(question.lowest, question.highest + 1)}
    average = mean_of(question, given)
    nps = net_promoter(given) if question.kind == "nps" else None
    return Scored(headline(question, given), top_share(question, given), average, counts, nps)


def mean_of(question: Scale, numbers: Numbers) -> Estimate | None:
    """The mean on the question's own scale, with its interval."""
    given = numbers[~np.isnan(numbers)]
    # sums of whole numbers are exact, so that the order of answers makes no difference
    return mean(len(given), float(given.sum()), float((given * given).sum()), question.lowest, question.highest)


def response_rate(asked: int, answered: int) -> Estimate | None:
    """The percentage of those whom an invitation reached who answered, with the interval of Wilson.

    `asked` leaves out invitations that bounced. None where nobody was asked; raises ValueError where more answered.
    """
    if answered > asked:
        raise ValueError(f"{answered} answered, and only {asked} were asked; leave answers over anonymous links out")
    return in_points(share(answered, asked))


def in_points(estimate: Estimate | None) -> Estimate | None:
    """Shares as percentages."""
    if estimate is None:
        return None
    low, high = (None if edge is None else 100 * edge for edge in (estimate.low, estimate.high))
    return replace(estimate, value=100 * estimate.value, low=low, high=high)
