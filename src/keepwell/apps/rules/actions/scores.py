"""set_score: the rule's own word on a measure, until it expires or is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from keepwell.apps.health.dating import dates
from keepwell.apps.health.entering import enter_score, latest_entry, withdraw_score
from keepwell.apps.health.models import Entry
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor
from keepwell.definitions.durations import parse_days

_SOURCE = "rule"


def register_performers() -> None:
    register("set_score", Performer(_set, _back, "sets", "score"))


def _set(effect: Effect) -> dict[str, Any]:
    asked = effect.parameters
    before = latest_entry(effect.account_id, asked["measure"], _SOURCE)
    if asked["score"] is None:
        return _withdraw(effect, before)
    days = parse_days(asked["expires"]) if asked.get("expires") else None
    entry = enter_score(
        actor=rule_actor(effect),
        account_id=effect.account_id,
        measure=asked["measure"],
        score=float(asked["score"]),
        comment=asked.get("comment") or "",
        expires=dates().today + timedelta(days=days) if days else None,
        source=_SOURCE,
    )
    return {"entry": entry.pk, "before": before.pk if before is not None else None}


def _withdraw(effect: Effect, before: Entry | None) -> dict[str, Any]:
    """What rules entered before; where there is nothing there is nothing to do."""
    if before is None or before.score is None:
        return {"entry": None, "before": None}
    measure, comment = effect.parameters["measure"], effect.parameters.get("comment") or ""
    entry = withdraw_score(
        actor=rule_actor(effect), account_id=effect.account_id, measure=measure, source=_SOURCE, comment=comment
    )
    return {"entry": entry.pk, "before": before.pk}


def _back(effect: Effect) -> str:
    if effect.made["entry"] is None:
        return ""
    measure = effect.parameters["measure"]
    latest = latest_entry(effect.account_id, measure, _SOURCE)
    if latest is None or latest.pk != effect.made["entry"]:
        return "a rule scored the measure again since; that newer score stays"
    before = type(latest).objects.filter(pk=effect.made["before"]).first() if effect.made["before"] else None
    if latest.score is None and (before is None or before.score is None):
        return ""
    if before is None or before.score is None or (before.expires_at and before.expires_at <= dates().now):
        withdraw_score(actor=rule_actor(effect), account_id=effect.account_id, measure=measure, source=_SOURCE)
    else:
        enter_score(
            actor=rule_actor(effect), account_id=effect.account_id, measure=measure, score=before.score,
            comment=before.comment, source=_SOURCE,
            expires=before.expires_at.date() - timedelta(days=1) if before.expires_at else None,
        )  # fmt: skip
    return ""
