"""What a proposal is asked, and what of that is refused before a worker begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keepwell.apps.experiments.asking import LONGEST, refuse_without_outcomes
from keepwell.apps.experiments.subjects import Subject, subject_of
from keepwell.definitions.issues import Issue
from keepwell.definitions.names import unknown
from keepwell.errors import DefinitionsRefused, FieldRefused

LEAD_DAYS = 30


@dataclass(frozen=True)
class WantedProposal:
    """`of`: version:7 or draft:3. `limits`: as limits.yaml holds them. Nothing known after `as_of` is used."""

    of: str
    card: str
    as_of: date
    lead_days: int = LEAD_DAYS
    horizon_days: int | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "card": self.card, "as_of": self.as_of.isoformat(), "lead_days": self.lead_days,
            "horizon_days": self.horizon_days, "limits": dict(self.limits), "seed": self.seed,
        }  # fmt: skip


def subject_for(wanted: WantedProposal) -> Subject:
    """The definitions that it is about. Raises FieldRefused for whatever cannot be asked."""
    from keepwell.learning.optimizer.limits_reading import limits_of

    subject = subject_of(wanted.of, "of")
    refuse_without_outcomes(subject, "of")
    cards = subject.project.cards_for("account")
    if wanted.card not in cards:
        raise FieldRefused("card", unknown("scorecard of accounts", wanted.card, cards))
    for name, days, least in (("lead_days", wanted.lead_days, 0), ("horizon_days", wanted.horizon_days, 1)):
        if days is not None and not least <= days <= LONGEST:
            raise FieldRefused(name, f"{days} days is out of range; give {least} to {LONGEST:,}")
    try:
        limits_of(wanted.limits, subject.project, wanted.card)
    except DefinitionsRefused as refused:
        raise FieldRefused("limits", "; ".join(_said(one) for one in refused.problems)) from refused
    return subject


def _said(problem: object) -> str:
    if not isinstance(problem, Issue):
        return str(problem)
    return f"{problem.path}: {problem.message}" if problem.path else problem.message
