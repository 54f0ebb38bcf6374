"""Effects as deciding would write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("set_score", {"measure": "sentiment", "score": 20, "expires": "90 days", "comment": "turned red"}),
    ("set_stage", {"stage": "at risk"}),
    ("log", {"title": "Turned red", "text": "Fewer logins"}),
    ("add_to_list", {"list": "Watch"}),
]


def run_of(*actions: tuple[str, dict[str, Any]], accounts: tuple[str, ...] = ("acme",), **given: Any) -> RuleRun:
    """A run with these actions for each account. `given`: fields of every effect."""
    run = RuleRun.objects.create(
        rule="call_when_red", version="v1", cause=f"run:{RuleRun.objects.count()}", trigger="score change",
        as_of=date(2026, 3, 2), decided_at=NOW,
    )  # fmt: skip
    for account in accounts:
        for place, (kind, parameters) in enumerate(actions):
            Effect.objects.create(
                key=f"{run.pk}/{account}/1/{place}", run=run, rule=run.rule, account_id=account, occurrence=1,
                place=place, kind=kind, parameters=parameters, **given,
            )  # fmt: skip
    return run


def statuses(run: RuleRun) -> list[str]:
    found = Effect.objects.filter(run=run).order_by("account", "place")
    return [EffectStatus(one).value for one in found.values_list("status", flat=True)]
