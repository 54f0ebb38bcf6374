"""What is told of a draft's effect and backtest: the figures, or what has to be made or mended before there are any."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import checked
from keepwell.apps.health.models import Run
from keepwell.apps.health.scored import latest_run
from keepwell.apps.scorecards.backtests import key_of, why_not
from keepwell.apps.scorecards.effects import Effect, effect_of
from keepwell.apps.scorecards.models import Built
from keepwell.apps.scorecards.preview import Missing
from keepwell.definitions.issues import Issue
from keepwell.errors import InputError


@dataclass(frozen=True)
class Previewed:
    """One of: `issues` of the draft, a `refusal` in words, values that are `missing` (with how far a worker is,
    `built`), or the `effect`. Nothing of it where there is no run."""

    run: Run | None
    issues: tuple[Issue, ...] = ()
    refusal: str = ""
    effect: Effect | None = None
    missing: Missing | None = None
    built: Built | None = None


@dataclass(frozen=True)
class Judged:
    """One of: `issues` of the draft, `why` there are no figures, or what a worker made or is making of them."""

    issues: tuple[Issue, ...] = ()
    why: str = ""
    built: Built | None = None


def previewed(actor: Actor, draft: Draft) -> Previewed:
    """The effect over the portfolio of the last run."""
    run = latest_run()
    project, issues = checked(draft.files)
    if run is None or project is None:
        return Previewed(run, issues=tuple(issues))
    try:
        found = effect_of(actor, run, draft)
    except InputError as refused:
        return Previewed(run, refusal=str(refused))
    if isinstance(found, Effect):
        return Previewed(run, effect=found)
    return Previewed(run, missing=found, built=Built.objects.filter(kind="values", key=found.key).first())


def backtested(draft: Draft) -> Judged:
    """The draft's figures, where they were asked for."""
    project, issues = checked(draft.files)
    if project is None:
        return Judged(issues=tuple(issues))
    why = why_not(project)
    return Judged(
        why=why, built=None if why else Built.objects.filter(kind="backtest", key=key_of(draft.files)).first()
    )
