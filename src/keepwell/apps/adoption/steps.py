"""What the pages of funnels and paths ask for: events and features by name, and those that nobody used."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from keepwell.apps.adoption import reading
from keepwell.apps.adoption.asking import Choice, Scope
from keepwell.engine.adoption.funnels import Step
from keepwell.engine.adoption.paths import Link

_KINDS = ("event", "feature")
_MOST = 8


def steps_of(scope: Scope, texts: list[str]) -> tuple[list[Step], list[str]]:
    """`event:NAME` or `feature:NAME`, at most eight; and what is wrong with those that are left out, in words."""
    steps, wrong = [], []
    for text in [one for one in texts if one.strip()]:
        kind, _, name = text.partition(":")
        if kind not in _KINDS or not name:
            wrong.append(f"'{text[:80]}' is no step: write event:NAME or feature:NAME")
        else:
            steps.append(Step(name[:500], kind == "feature"))
    if len(steps) > _MOST:
        wrong.append(f"a funnel has at most {_MOST} steps; the others are left out")
    return steps[:_MOST], [*wrong, *_unknown(scope, steps[:_MOST])]


def _unknown(scope: Scope, steps: list[Step]) -> list[str]:
    """Steps that nobody of these accounts took in the days that names are read from."""
    events, features = reading.names_of(scope)
    known = {False: set(events), True: set(features)}
    lacking = [step for step in steps if step.name not in known[step.is_feature]]
    return [_nobody(step, scope) for step in lacking] if len(events) < reading.MOST_NAMES else []


def _nobody(step: Step, scope: Scope) -> str:
    if step.is_feature and step.name not in scope.project.features:
        return f"no feature is called '{step.name}', and nobody of these accounts used one"
    kind = "used the feature" if step.is_feature else "did"
    return f"nobody of these accounts {kind} '{step.name}' in the last {reading.NAME_DAYS} days"


@dataclass(frozen=True)
class Path:
    """`offered`: events one can choose. `wrong`: why there are no links, where that is known."""

    event: str
    offered: list[str]
    links: list[Link]
    wrong: str = ""


def path_of(scope: Scope, choice: Choice, given: QueryDict) -> Path:
    """From or towards the event that is given, else the most frequent one."""
    events, _ = reading.names_of(scope)
    event = given.get("event", "").strip()[:500] or (events[0] if events else "")
    if not event:
        return Path("", events, [])
    links = reading.paths_of(
        scope, event, days=choice.number("days"), towards=choice["direction"] == "towards",
        depth=choice.number("depth"),
    )  # fmt: skip
    wrong = f"nobody of these accounts did '{event}' in the last {choice['days']} days" if not links else ""
    return Path(event, events, links, wrong)
