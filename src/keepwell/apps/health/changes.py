"""Accounts that changed their band, told to the timeline and to their owners in the transaction that changes health."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.health.telling import tell_owners
from keepwell.apps.timeline.logging import BandChange, log_band_changes
from keepwell.definitions.project import Project


def log_changes(project: Project, rows: Iterable[CurrentHealth], before: Mapping[str, str]) -> list[dict[str, object]]:
    """An entry for each account whose label differs from `before`. Returns how many moved, by the two bands."""
    labels = {name: card.scheme for name, card in project.scorecards.items()}
    rows = list(rows)
    changes = [
        change_of(row.account_id, row.as_of, before[row.account_id], row.label, row.why, _order(project, labels, row))
        for row in rows
        if before.get(row.account_id, row.label) != row.label
    ]
    log_band_changes(changes)
    tell_owners(changes, {row.account_id: row for row in rows})
    return moves_of(changes)


def change_of(
    account_id: str, as_of: date, before: str, after: str, why: str = "", order: Sequence[str] = ()
) -> BandChange:
    """`order`: the bands from worst to best; for better or worse is told where both are among them."""
    known = before in order and after in order
    better = known and order.index(after) > order.index(before)
    return BandChange(account_id, as_of, before, after, why, ("positive" if better else "negative") if known else "")


def moves_of(changes: Iterable[BandChange]) -> list[dict[str, object]]:
    """[{from, to, accounts}], the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for one in changes:
        counts[one.before, one.after] = counts.get((one.before, one.after), 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"from": before, "to": after, "accounts": count} for (before, after), count in ordered]


def _order(project: Project, schemes: Mapping[str, str], row: CurrentHealth) -> Sequence[str]:
    scheme = project.schemes.get(schemes.get(row.scorecard, ""))
    return scheme.labels if scheme else ()
