"""Effects as a kind of experiment."""

from __future__ import annotations

from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments.asides import seen_by, to_mind
from keepwell.apps.experiments.effects import drawing, telling
from keepwell.apps.experiments.effects.asking import KIND
from keepwell.apps.experiments.effects.counts import said
from keepwell.apps.experiments.effects.making import made
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.models import Experiment


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    named = ", ".join(said(one) for one in asked["by"]) or "Everything that was done"
    return f"{named}, from {asked['first']} to {asked['last']}."


def _answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    return {"treatments": [_treatment(found, at, each) for at, each in enumerate(found["treatments"])],
            "notes": to_mind(found)}  # fmt: skip


def _treatment(found: Found, at: int, one: Found) -> dict[str, Any]:
    alike = drawing.alike(one)
    overlap, balance = (alike["overlap"], alike["balance"]) if alike else (None, [])
    return {
        "at": at, "one": one, "name": said(one["by"]), "verdicts": telling.verdicts(one), "rows": telling.rows(one),
        "overlap": overlap, "overlap_option": drawing.overlap_option(overlap) if overlap else None,
        "overlap_rows": drawing.overlap_rows(overlap) if overlap else [],
        "balance_option": drawing.balance_option(balance), "balance_rows": drawing.balance_rows(balance),
        "assumptions": telling.assumptions(found, one), "notes": telling.notes(one),
    }  # fmt: skip


EFFECTS = Kind(
    name=KIND,
    title="Effects by scores",
    start="effects",
    make=made,
    headline=telling.headline,
    asked=_asked,
    answer=_answer,
    template="experiments/effects/_answer.html",
    seen_by=seen_by,
)
