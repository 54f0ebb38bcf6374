"""Why the score changed between any two dates that were scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.rebuilding import ask_again, ask_for_values
from keepwell.apps.health.states import run_at, scored_dates, state_at
from keepwell.apps.health.wording import told
from keepwell.apps.health.workers import live_workers
from keepwell.definitions.project import Project
from keepwell.engine.explain.attribution import attribute
from keepwell.engine.explain.changes import Attribution, Part
from keepwell.engine.explain.subject import row_of

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Bar:
    """A part of the change within 100 wide, from the middle outwards."""

    part: Part
    words: str
    x: float
    width: float


def view(request: HttpRequest, account: Account) -> HttpResponse:
    """The parts of the change; a post tries again to build values that could not be built."""
    days = scored_dates()
    if len(days) < 2:
        return render(request, "customer360/panels/change.html", {"account": account, "days": days})
    new = _chosen(request.GET.get("to"), days) or days[0]
    old = _chosen(request.GET.get("from"), days) or _before(new, days)
    context = {"account": account, "days": days, "old": old, "new": new, "odd": _odd(request, days)}
    context |= _told(account, old, new, again=request.method == "POST")
    part = "_change" if request.GET.get("part") else "change"
    return render(request, f"customer360/panels/{part}.html", context)


def _told(account: Account, old: date, new: date, *, again: bool) -> dict[str, object]:
    """The change, or what a worker builds for it first: this request never waits for that."""
    runs = [run for run in (run_at(old), run_at(new)) if run is not None]
    awaited = [one for run in runs if (one := (ask_again if again else ask_for_values)(run)) is not None]
    if awaited:
        failed = next((one for one in awaited if one.status == RunStatus.FAILED), None)
        return {"awaited": awaited, "failed": failed, "worker": live_workers() > 0}
    found = _attributed(account, *runs)
    return {"found": found, "bars": bars(found.parts, state_at(runs[-1]).project) if found else ()}


def bars(parts: Sequence[Part], project: Project) -> tuple[Bar, ...]:
    """Losses go left of the middle, gains right; the largest fills its half."""
    most = max((abs(part.change) for part in parts), default=0.0) or 1.0
    sizes = [(part, abs(part.change) / most * 49) for part in parts]
    return tuple(
        Bar(part, told(part.words, project), round(50 - size if part.change < 0 else 50, 3), round(size, 3))
        for part, size in sizes
    )


def _chosen(text: str | None, days: Sequence[date]) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day in days else None


def _odd(request: HttpRequest, days: Sequence[date]) -> str:
    """What was asked for and is no date that was scored."""
    asked = [text for name in ("from", "to") if (text := request.GET.get(name))]
    return ", ".join(text for text in asked if _chosen(text, days) is None)


def _before(new: date, days: Sequence[date]) -> date:
    """A week before where that was scored, else the nearest date before, else the nearest after."""
    earlier = [day for day in days if day < new]
    wanted = [day for day in earlier if day <= new - _WEEK]
    return (wanted or earlier or [days[-1]])[0]


def _attributed(account: Account, old: Run, new: Run) -> Attribution | None:
    """None where the account was in neither population."""
    before, after = state_at(old), state_at(new)
    there = [row_of(state, "account", account.pk) is not None for state in (before, after)]
    return attribute(before, after, account.pk) if any(there) else None


PANEL = Panel("change", "What changed", view)
