"""Movers of the week, in both directions, with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.place import values_path
from keepwell.apps.health.scored import latest_run, state_of
from keepwell.apps.health.states import run_at
from keepwell.apps.health.wording import told
from keepwell.apps.ui.templatetags.ui import signed
from keepwell.engine.explain.attribution import attribute
from keepwell.engine.explain.states import State
from keepwell.errors import RequestRefused

_SHOWN, _SMALL, _WORDS = 15, 0.5, 2


@dataclass(frozen=True)
class Mover:
    """`why`: what moved it, largest part first; where the week before is not at hand, what costs it most now."""

    account: Account
    why: str


@dataclass(frozen=True)
class Movers:
    as_of: date | None
    fallen: Sequence[Mover]
    risen: Sequence[Mover]


def movers_of(actor: Actor) -> Movers:
    """Those the actor sees, the farthest first."""
    run = latest_run()
    scored = visible(actor).filter(in_population=True, health__change__isnull=False).select_related("health", "owner")
    fallen = list(scored.filter(health__change__lte=-_SMALL).order_by("health__change", "id")[:_SHOWN])
    risen = list(scored.filter(health__change__gte=_SMALL).order_by("-health__change", "-id")[:_SHOWN])
    week = _week(run.as_of) if run else None
    return Movers(run.as_of if run else None, [_told(one, week) for one in fallen], [_told(one, week) for one in risen])


def _week(as_of: date) -> tuple[State, State] | None:
    """The states a week ago and now, where the values of both runs are kept."""
    old, new = run_at(as_of - timedelta(days=7)), run_at(as_of)
    if old is None or new is None:
        return None
    if not (values_path(old.pk).exists() and values_path(new.pk).exists()):
        return None
    return state_of(old), state_of(new)


def _told(account: Account, week: tuple[State, State] | None) -> Mover:
    if week is not None:
        try:
            found = attribute(*week, account.pk)
        except RequestRefused:
            found = None
        parts = sorted(found.parts, key=lambda part: -abs(part.change)) if found else []
        project = week[1].project
        words = [
            f"{told(part.words, project)} ({signed(round(part.change))})"
            for part in parts[:_WORDS]
            if abs(part.change) >= _SMALL
        ]
        if words:
            return Mover(account, "; ".join(words))
    return Mover(account, f"Now: {account.health.why}")
