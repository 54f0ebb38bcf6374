"""Backtests: did the score tell who would leave?"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments import drawing, tables, telling
from keepwell.apps.experiments.asides import seen_by, to_mind
from keepwell.apps.experiments.behind import keep_behind
from keepwell.apps.experiments.kinds.contending import contender, question_of
from keepwell.apps.experiments.kinds.kind import Found, Kind
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment
from keepwell.definitions.project import Project

if TYPE_CHECKING:
    from keepwell.learning.findings import BacktestReport


def _made(experiment: Experiment, work: Work) -> Found:
    from keepwell.learning.backtest import Settings, backtest

    asked = experiment.parameters
    with ExitStack() as held:
        own = contender(held, experiment.of, experiment.files, asked["card"])
        other = None
        if experiment.versus:
            other = contender(held, experiment.versus, experiment.versus_files, asked["card"])
        settings = Settings(trusted=tuple(asked["trusted"]), values=work.values, advance=work.dates,
                            keep=lambda table: keep_behind(work, table), segment=asked.get("segment"))  # fmt: skip
        report = backtest(own, question_of(asked), settings, versus=other)
    return {**report.to_json(), "labels": _labels(own.project, report)}


def _labels(project: Project, report: BacktestReport) -> dict[str, str]:
    """The worst and the best label of the scheme of most observations."""
    counts: dict[str, int] = {}
    for row in report.bands:
        counts[row.scheme] = counts.get(row.scheme, 0) + row.observations
    scheme = project.schemes.get(max(counts, key=lambda name: counts[name], default=""))
    return {"worst": scheme.bands[0].label, "best": scheme.bands[-1].label} if scheme and scheme.bands else {}


def _asked(experiment: Experiment) -> str:
    asked = experiment.parameters
    card = f"Scorecard {asked['card']}. " if asked["card"] else ""
    segment = f"Segment {asked['segment']}. " if asked.get("segment") else ""
    trusted = " What has no history counts as it is now." if asked["trusted"] else ""
    return f"{card}{segment}Decisions of {asked['first']} to {asked['last']}, {asked['lead_days']} days ahead.{trusted}"


def _answer(actor: Actor, one: Experiment, found: Found) -> dict[str, Any]:
    return {
        "sentences": telling.sentences(found),
        "figures": tables.figures(found),
        "bands": tables.bands(found),
        "warnings": tables.warnings(found),
        "parts": list(tables.parts(found)),
        "compared": tables.compared(found),
        "reliability": tables.reliability(found),
        "option": drawing.reliability_option(found),
        "over_time": drawing.over_time_option(found),
        "notes": to_mind(found),
    }


BACKTEST = Kind(
    name="backtest",
    title="Backtest",
    start="start_backtest",
    make=_made,
    headline=telling.headline,
    asked=_asked,
    answer=_answer,
    template="experiments/_answer.html",
    seen_by=seen_by,
    figure=lambda found: tables.figures(found)[0][1],
    figure_title="AUC",
)
