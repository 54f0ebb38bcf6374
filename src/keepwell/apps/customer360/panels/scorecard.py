"""The scorecard: what adds up to the score, what each measure saw, and which overrides fired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.customer360.explained import explained
from keepwell.apps.customer360.panels.panel import Panel
from keepwell.apps.customers.models import Account
from keepwell.apps.health.tones import tone_of
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain.explanation import Explanation, GroupExplanation, MeasureExplanation, Step


@dataclass(frozen=True)
class Bar:
    """One step of the waterfall within 100 wide: where it starts, how long it is, and what it shows."""

    step: Step
    x: float
    width: float
    before: float
    adds: bool
    shown: Decimal


@dataclass(frozen=True)
class Line:
    """A measure with the tone of its band."""

    measure: MeasureExplanation
    tone: str


@dataclass(frozen=True)
class Part:
    group: GroupExplanation
    tone: str
    lines: tuple[Line, ...]


def view(request: HttpRequest, account: Account) -> HttpResponse:
    found = explained(account)
    if found is None:
        return render(request, "customer360/panels/unscored.html", {"account": account})
    state, why = found
    context = {
        "account": account,
        "why": why,
        "bars": bars(why),
        "edges": edges(why.scheme),
        "tone": tone_of(why.label, why.scheme) if why.scheme else "none",
        "parts": _parts(why, state.project.schemes),
        "fired": [one for one in why.overrides if one.held],
        "silent": [one for one in why.overrides if not one.held],
    }
    return render(request, "customer360/panels/scorecard.html", context)


def bars(why: Explanation) -> tuple[Bar, ...]:
    """The waterfall as bars on a scale of 0 to 100."""
    return tuple(_bar(step) for step in why.waterfall)


def edges(scheme: Scheme | None) -> tuple[float, ...]:
    """Where one band ends and the next begins."""
    return tuple(band.up_to for band in scheme.bands[:-1]) if scheme else ()


def _bar(step: Step) -> Bar:
    low, high = sorted((step.before, step.after))
    return Bar(step, round(low, 3), round(max(high - low, 0.3), 3), round(step.before, 3), step.change >= 0, step.shown)


def _parts(why: Explanation, schemes: Mapping[str, Scheme]) -> Sequence[Part]:
    assert why.scheme is not None or not why.groups
    return [
        Part(
            group,
            tone_of(group.label or "", why.scheme) if why.scheme else "none",
            tuple(Line(one, _tone(one, why.scheme, schemes)) for one in group.measures),
        )
        for group in why.groups
    ]


def _tone(measure: MeasureExplanation, card: Scheme | None, schemes: Mapping[str, Scheme]) -> str:
    scheme = schemes[measure.scheme] if measure.scheme else card
    return tone_of(measure.label or "", scheme) if scheme else "none"


PANEL = Panel("scorecard", "Scorecard", view, size="large")
