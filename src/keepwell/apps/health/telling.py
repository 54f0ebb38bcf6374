"""What alerts say of an account's score; and owners hear of accounts that came into another band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.notices.operations import Alert, Importance, ScoreNow, tell
from keepwell.apps.timeline.logging import BandChange
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.types import SCORE_CHANGE


def score_now(account_id: str) -> ScoreNow | None:
    """As it is shown now, with the label before the newest move; None for an account that was never scored."""
    health = CurrentHealth.objects.filter(pk=account_id).first()
    return _score(health, _label_before(health)) if health is not None else None


def tell_owners(changes: Iterable[BandChange], rows: Mapping[str, CurrentHealth]) -> None:
    """Once an account, date and band: in the transaction that changes health."""
    moved = list(changes)
    accounts = Account.objects.select_related("owner").in_bulk([one.account_id for one in moved])
    pairs = [
        (_alert(one, accounts[one.account_id], rows[one.account_id]), owner)
        for one in moved
        if one.account_id in accounts and (owner := accounts[one.account_id].owner) is not None and owner.is_active
    ]
    if pairs:
        tell(pairs)


def _alert(change: BandChange, account: Account, health: CurrentHealth) -> Alert:
    worse = change.sentiment == "negative"
    return Alert(
        key=f"band:{change.account_id}:{change.as_of}:{change.after}"[:200],
        kind="band_change",
        title=f"{account.name} went from {change.before} to {change.after}",
        link=f"/customers/{quote(account.pk)}/",
        account_id=account.pk,
        account=account.name,
        score=_score(health, change.before),
        importance=Importance.HIGH if worse else Importance.NORMAL,
    )


def _score(health: CurrentHealth, before: str) -> ScoreNow:
    return ScoreNow(health.score, health.label, health.tone, health.change, before, health.why)


def _label_before(health: CurrentHealth) -> str:
    """From the timeline, where every move stands; empty where it never moved."""
    moves = TimelineEntry.objects.filter(account_id=health.pk, type__name=SCORE_CHANGE)
    newest = moves.order_by("-occurred_at", "-pk").first()
    return str(newest.fields.get("from", "")) if newest and newest.fields.get("to") == health.label else ""
