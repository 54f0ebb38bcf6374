"""What a backtest is asked, and what of that is refused before a worker begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from keepwell.apps.experiments.subjects import Subject, subject_of
from keepwell.apps.health.scored import latest_run
from keepwell.definitions.names import unknown
from keepwell.errors import FieldRefused

LEAD_DAYS, BACK_DAYS, LONGEST = 90, 730, 3_660


@dataclass(frozen=True)
class Wanted:
    """`of`, `versus`: version:7 or draft:3; `card` empty: every account by its own card; `horizon_days`: everybody on
    a grid of dates instead of before each decision; `trusted`: see `learning.honesty.honest`."""

    of: str
    first: date
    last: date
    lead_days: int = LEAD_DAYS
    card: str = ""
    versus: str = ""
    every_days: int | None = None
    horizon_days: int | None = None
    trusted: tuple[str, ...] = ()
    segment: str = ""

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "card": self.card, "first": self.first.isoformat(), "last": self.last.isoformat(),
            "lead_days": self.lead_days, "every_days": self.every_days, "horizon_days": self.horizon_days,
            "trusted": sorted(self.trusted), **({"segment": self.segment} if self.segment else {}),
        }  # fmt: skip


def span_to_begin_with() -> tuple[date, date]:
    """Two years up to the newest scores."""
    run = latest_run()
    last = run.as_of if run else timezone.localdate()
    return last - timedelta(days=BACK_DAYS), last


def subjects_of(wanted: Wanted) -> tuple[Subject, Subject | None]:
    """The definitions that it is about. Raises FieldRefused for whatever cannot be asked."""
    _refuse_spans(wanted)
    own = subject_of(wanted.of, "of")
    other = subject_of(wanted.versus, "versus") if wanted.versus else None
    for subject, field in ((own, "of"), (other, "versus")):
        if subject is not None:
            refuse_without_outcomes(subject, field)
    cards = own.project.cards_for("account")
    if wanted.card and wanted.card not in cards:
        raise FieldRefused("card", unknown("scorecard of accounts", wanted.card, cards))
    if wanted.segment and wanted.segment not in own.project.segments:
        raise FieldRefused("segment", unknown("segment", wanted.segment, own.project.segments))
    if other is not None and other.digest == own.digest:
        raise FieldRefused("versus", "both are the same definitions; choose others to compare with, or none")
    return own, other


def _refuse_spans(wanted: Wanted) -> None:
    if wanted.first > wanted.last:
        raise FieldRefused("first", f"{wanted.first} lies after {wanted.last}; give the earlier date first")
    spans = (
        ("lead_days", wanted.lead_days, 0),
        ("every_days", wanted.every_days, 1),
        ("horizon_days", wanted.horizon_days, 1),
    )
    for field, days, least in spans:
        if days is not None and not least <= days <= LONGEST:
            raise FieldRefused(field, f"{days} days is out of range; give {least} to {LONGEST:,}")


def refuse_without_outcomes(subject: Subject, field: str) -> None:
    if not subject.project.all_with_role("outcomes"):
        raise FieldRefused(
            field,
            f"no dataset of {subject.name} says who renewed and who left (role: outcomes), so scores cannot be "
            "compared with what became of accounts; add one under Definitions",
        )


def as_trusted(as_now: bool) -> tuple[str, ...]:
    """What a tick at “Count what has no history as it is now” asks for; see `learning.honesty.honest`."""
    return ("all",) if as_now else ()
