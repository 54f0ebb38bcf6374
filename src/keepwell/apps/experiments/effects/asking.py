"""What is asked of treatments, and what of that is refused before a worker begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.experiments.asking import LONGEST
from keepwell.apps.experiments.effects.counts import names
from keepwell.apps.experiments.effects.ledger import imported
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.operations import ask
from keepwell.apps.experiments.subjects import Subject, subject_of
from keepwell.definitions.names import unknown
from keepwell.errors import FieldRefused

KIND = "effects"
WITHIN_DAYS, AFTER_DAYS = 180, (30, 60, 90)


@dataclass(frozen=True)
class WantedEffects:
    """`of`: the definitions by which accounts are scored; `by` empty: every treatment; `after_days`: when the score is
    looked at; `trusted`: see `learning.honesty.honest`."""

    of: str
    first: date
    last: date
    by: tuple[str, ...] = ()
    within_days: int = WITHIN_DAYS
    after_days: tuple[int, ...] = AFTER_DAYS
    every_days: int = 7
    trusted: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "by": sorted(self.by), "first": self.first.isoformat(), "last": self.last.isoformat(),
            "within_days": self.within_days, "after_days": sorted(set(self.after_days)),
            "every_days": self.every_days, "trusted": sorted(self.trusted),
        }  # fmt: skip


def ask_for_effects(*, actor: Actor, wanted: WantedEffects) -> Experiment:
    """A study of effects, or the one that somebody asked the same of and that has not ended.

    Raises Forbidden, and FieldRefused for what cannot be asked.
    """
    require(actor, Permission.CONFIGURE)
    if wanted.first > wanted.last:
        raise FieldRefused("first", f"{wanted.first} lies after {wanted.last}; give the earlier date first")
    after = [("after_days", days) for days in wanted.after_days]
    for field, days in (("within_days", wanted.within_days), ("every_days", wanted.every_days), *after):
        if not 1 <= days <= LONGEST:
            raise FieldRefused(field, f"{days} days is out of range; give 1 to {LONGEST:,}")
    own = subject_of(wanted.of, "of")
    _refuse_strange(wanted, own)
    return ask(actor=actor, kind=KIND, own=own, parameters=wanted.parameters)


def _refuse_strange(wanted: WantedEffects, own: Subject) -> None:
    if imported(own.project):
        return  # the worker reads what they name
    known = names(own.project)
    if not known:
        raise FieldRefused("by", "nothing was done yet: no rule fired, no playbook, call, survey or activity is there")
    for one in wanted.by:
        if one not in known:
            raise FieldRefused("by", unknown("treatment", one, known))
