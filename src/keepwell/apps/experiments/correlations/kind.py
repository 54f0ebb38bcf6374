"""Correlations as a kind of experiment."""

from __future__ import annotations

from datetime import date
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.experiments.asides import outcomes_seen_by, to_mind
from keepwell.apps.experiments.correlations import drawing, telling
from keepwell.apps.experiments.correlations.asking import KIND
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.place import opened


def _made(experiment: Experiment, work: Work) -> Found:
    from keepwell.learning.correlation.correlating import correlation
    from keepwell.learning.extra import require
    from keepwell.learning.optimizer.limits_reading import limits_of
    from keepwell.learning.optimizer.study import Request, study
    from keepwell.learning.plain import plain
    from keepwell.learning.report.telling import correlation_of, outcomes_of

    require("scipy", "a correlation")
    asked, project = experiment.parameters, project_of(experiment.files)
    limits = limits_of(asked["limits"], project, asked["card"])
    request = Request(asked["card"], date.fromisoformat(asked["as_of"]), asked["seed"], limits, asked["lead_days"],
                      asked["horizon_days"], values=work.values, advance=work.dates)  # fmt: skip
    with opened(project) as data:
        found = study(project, Dated(data), request)
        work.say("comparing each metric and feature with who left")
        told: Found = plain({
            "outcomes": outcomes_of(found), "correlation": correlation_of(correlation(found)), "notes": found.notes,
        })  # fmt: skip
    return told


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    trusted = " What has no history counts as it is now." if asked["limits"].get("trust") else ""
    return (
        f"Accounts of scorecard {asked['card']}, by what was known on {asked['as_of']}, {asked['lead_days']} days "
        f"ahead of each decision.{trusted}"
    )


def _answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    numbers = found["outcomes"]["numbers"]
    base = numbers["lost"] / numbers["observations"] if numbers["observations"] else None
    drawn = [
        {"at": at, "one": each, "id": f"curve-{at}", "option": drawing.curve_option(each, base)}
        for at, each in drawing.foremost(found)
    ]
    return {
        "numbers": numbers,
        "base": telling.percent(base),
        "drawn": drawn,
        "curves": telling.curves(found),
        "days": telling.DAYS,
        "clusters": found["correlation"]["clusters"],
        "alike": telling.alike(found),
        "likeness": drawing.likeness_option(found),
        "sticky": telling.sticky(found),
        "features": found["correlation"]["features"],
        "no_features": found["correlation"]["no_features"],
        "patterns": list(telling.patterns(found)),
        "slopes": list(telling.slopes(found)),
        "notes": [*found["notes"], *to_mind(found["outcomes"])],
    }


CORRELATION = Kind(
    name=KIND,
    title="Correlation",
    start="start_correlation",
    make=_made,
    headline=telling.headline,
    asked=_asked,
    answer=_answer,
    template="experiments/correlations/_answer.html",
    seen_by=outcomes_seen_by,
)
