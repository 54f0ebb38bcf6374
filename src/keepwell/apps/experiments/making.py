"""Carries out an experiment, with progress that pages show; values of dates are kept, so that a killed one goes on."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.experiments.models import Experiment, Status
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.place import data_dir, opened
from keepwell.definitions.project import Project
from keepwell.errors import KeepwellError

if TYPE_CHECKING:
    from keepwell.learning.backtest import Contender
    from keepwell.learning.findings import BacktestReport
    from keepwell.learning.observing import Question


def make(experiment: Experiment) -> None:
    """What fails is told in it. Raises what nobody foresaw, so that it is tried again and logged."""
    if not _begun(experiment):
        return
    try:
        result = _backtested(experiment)
    except KeepwellError as error:
        _end(experiment, Status.FAILED, error=_on_a_page(str(error)))
    except Exception as error:
        _end(experiment, Status.FAILED, error=f"{type(error).__name__}: {error}. The worker's log has the details.")
        raise
    else:
        _end(experiment, Status.DONE, result=result)


def _begun(experiment: Experiment) -> bool:
    """False where it failed before, and somebody asked the same since: that one is carried out."""
    now = timezone.now()
    begun = {
        "status": Status.RUNNING, "step": "reading definitions and outcomes", "started_at": now, "beat_at": now,
        "done": 0, "total": 0, "error": "", "attempts": experiment.attempts + 1,
    }  # fmt: skip
    try:
        with transaction.atomic():
            Experiment.objects.filter(pk=experiment.pk).update(**begun)
    except IntegrityError:
        return False
    return True


def _end(experiment: Experiment, status: Status, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    Experiment.objects.filter(pk=experiment.pk).update(
        status=status, result=result or {}, error=error, ended_at=timezone.now(), step=""
    )
    experiment.refresh_from_db()


def _backtested(experiment: Experiment) -> dict[str, Any]:
    from keepwell.learning.backtest import Settings, backtest

    def advance(done: int, total: int) -> None:
        step = "scoring dates of the past" if done < total else "working out figures and intervals"
        Experiment.objects.filter(pk=experiment.pk).update(done=done, total=total, step=step, beat_at=timezone.now())

    with ExitStack() as held:
        own = _contender(held, experiment.of, experiment.files, experiment.parameters["card"])
        other = None
        if experiment.versus:
            other = _contender(held, experiment.versus, experiment.versus_files, experiment.parameters["card"])
        settings = Settings(
            trusted=tuple(experiment.parameters["trusted"]), values=data_dir() / "values" / "backtests", advance=advance
        )
        report = backtest(own, _question(experiment.parameters), settings, versus=other)
    return {**report.to_json(), "labels": _labels(own.project, report)}


def _contender(held: ExitStack, described: dict[str, Any], files: Files, card: str) -> Contender:
    """What is compared with is judged by the card of that name, or each account by its own where it has none such."""
    from keepwell.learning.backtest import Contender

    project = project_of(files)
    source = Dated(held.enter_context(opened(project)))
    return Contender(described["name"], project, source, card if card in project.scorecards else None)


def _question(asked: dict[str, Any]) -> Question:
    from keepwell.learning.observing import Question

    first, last = date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    way, horizon = ("on_grid" if asked["horizon_days"] else None), asked["horizon_days"]
    return Question(first, last, asked["lead_days"], way, asked["every_days"], horizon)  # type: ignore[arg-type]


def _labels(project: Project, report: BacktestReport) -> dict[str, str]:
    """The worst and the best label of the scheme of most observations."""
    counts: dict[str, int] = {}
    for row in report.bands:
        counts[row.scheme] = counts.get(row.scheme, 0) + row.observations
    scheme = project.schemes.get(max(counts, key=lambda name: counts[name], default=""))
    return {"worst": scheme.bands[0].label, "best": scheme.bands[-1].label} if scheme and scheme.bands else {}


def _on_a_page(said: str) -> str:
    """The words of the command line, with what there is on the page in place of its options."""
    return said.replace("name it with --trust", "tick “Count what has no history as it is now”").replace(
        "name with --trust what was then as it is now", "tick “Count what has no history as it is now”"
    )
