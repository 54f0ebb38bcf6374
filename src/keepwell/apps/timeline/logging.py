"""What the program itself writes on the timeline: keyed, so that doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.timeline.types import BUILT_IN, SCORE_CHANGE

AUTHOR = "Keepwell"
_FIELDS = ["title", "text", "fields", "sentiment", "changed_at"]


@dataclass(frozen=True)
class BandChange:
    """An account came from one band into another on a date; `sentiment` says whether for better or worse."""

    account_id: str
    as_of: date
    before: str
    after: str
    why: str = ""
    sentiment: str = ""

    @property
    def key(self) -> str:
        return f"score_change:{self.account_id}:{self.as_of}"


def built_in(name: str) -> EntryType:
    """A type that every installation has."""
    title, fields = next((title, fields) for one, title, fields in BUILT_IN if one == name)
    found, _ = EntryType.objects.get_or_create(name=name, defaults={"title": title, "fields": fields, "own": False})
    return found


def log_band_changes(changes: Iterable[BandChange]) -> None:
    """One entry an account and date. A second change of the same date goes on from where the first began; back where
    it began there is no entry. Runs inside the transaction that changes health.
    """
    asked = {change.key: change for change in changes}
    known = {entry.key: entry for entry in TimelineEntry.objects.filter(key__in=asked)}
    kind = built_in(SCORE_CHANGE) if asked else None
    rows, gone = [], []
    for key, change in asked.items():
        began = str(known[key].fields.get("from", change.before)) if key in known else change.before
        if began == change.after:
            gone.append(key)
        else:
            rows.append(_entry(change, began, kind))
    TimelineEntry.objects.filter(key__in=gone).delete()
    TimelineEntry.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["key"], update_fields=_FIELDS
    )


def _entry(change: BandChange, began: str, kind: EntryType | None) -> TimelineEntry:
    assert kind is not None
    return TimelineEntry(
        account_id=change.account_id,
        type=kind,
        title=f"Score moved from {began} to {change.after}",
        text=change.why,
        fields={"from": began, "to": change.after},
        sentiment=change.sentiment,
        occurred_at=datetime.combine(change.as_of, time(12), UTC),
        author=AUTHOR,
        origin="job",
        key=change.key,
    )
