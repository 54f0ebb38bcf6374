"""The score of each segment, stage, owner, language and so on, against everybody else who answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.results.accounts import among, groups_of
from keepwell.apps.surveys.results.answered import Answered, Truths
from keepwell.apps.surveys.results.counting import Chosen
from keepwell.engine.surveys.comparing import FEW, against
from keepwell.engine.surveys.intervals import Estimate
from keepwell.engine.surveys.scoring import headline

_OF_ANSWERS = ("language", "channel", "version")


@dataclass(frozen=True)
class Compared:
    """`against_rest`: the score less that of all others, None where either side has too few answers to judge."""

    name: str
    score: Estimate
    against_rest: Estimate | None

    @property
    def too_few(self) -> bool:
        return self.against_rest is None

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the difference leaves nothing out but one side."""
        one = self.against_rest
        return one is not None and one.low is not None and one.high is not None and (one.low > 0 or one.high < 0)


def compared(found: Chosen) -> tuple[Compared, ...]:
    """Groups with answers, those with most first. An account in several segments counts in each of them."""
    scale, answered = found.scale, found.answered
    if scale is None or not len(answered):
        return ()
    numbers = answered.columns[scale.name]
    given = ~np.isnan(numbers)
    rows = []
    for name, inside in _groups(found, answered):
        score = headline(scale, numbers[inside & given])
        if score is not None:
            rest = numbers[~inside & given]
            rows.append(Compared(name, score, against(scale, numbers[inside & given], rest, FEW)))
    return tuple(sorted(rows, key=lambda one: (-one.score.count, one.name)))


def _groups(found: Chosen, answered: Answered) -> Iterator[tuple[str, Truths]]:
    by = found.asked.by
    if by in _OF_ANSWERS:
        column = answered.labels[by]
        for name in pc.unique(column.drop_null()).to_pylist():
            yield name, among(column, [name])
        return
    accounts = Account.objects.all() if found.whose.accounts is None else found.whose.accounts
    for name, ids in groups_of(accounts, by):
        yield name, among(answered.labels["account"], ids)
