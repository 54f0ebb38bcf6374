"""Did the draft's scores tell who left? The figures of a backtest, draft against what is in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from keepwell.apps.configuration.projects import Files, project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.place import data_dir, opened
from keepwell.apps.health.scored import latest_run
from keepwell.apps.scorecards.models import Built, Status
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.errors import RequestRefused

if TYPE_CHECKING:
    from keepwell.engine.facts import FactSource
    from keepwell.learning.findings import BacktestReport, Versus

Warned = dict[str, float | str]
"""The figures of early warning by name."""
LEAD_DAYS, BACK_DAYS, EVERY_DAYS, DRAWS = 90, 730, 42, 200
_NAMES = ("auc", "average_precision", "top_decile_lift")
_WARNINGS = {
    "early": f"Early warning: of those who left, below the best band {LEAD_DAYS} days before",
    "false": "Of those who stayed, below the best band too",
}
_TITLES = {
    "auc": "Ranks who leaves before who stays (AUC)",
    "average_precision": "Average precision",
    "top_decile_lift": "Losses in the worst tenth, against chance",
}


def why_not(project: Project) -> str:
    """Why there are no figures; empty where there can be."""
    if not project.all_with_role("outcomes"):
        return (
            "No dataset says who renewed and who left (role: outcomes), so scores cannot be compared with what became "
            "of accounts."
        )
    return "" if latest_run() else "Nothing was scored yet: start a run first."


def key_of(files: Files) -> str:
    """A name made of the draft, what it is compared with and the date."""
    version, run = current_version(), latest_run()
    assert version is not None
    return f"{Versions(project_of(files)).project}-{version.digest}-{run.as_of if run else ''}"[:80]


def judged(files: Files, advance: Callable[[int, int], None]) -> dict[str, Any]:
    """The figures of the draft and of what is in force on the same observations, ready for a page.

    Values of past dates are kept, so that another set of weights only scores anew. Raises RequestRefused where there is
    nothing to compare with.
    """
    from keepwell.learning.backtest import Contender, Settings, backtest
    from keepwell.learning.observing import Question

    run, version = latest_run(), current_version()
    if run is None or version is None:
        raise RequestRefused("nothing was scored yet: start a run first")
    draft, current = project_of(files), project_of(version.files)
    question = Question(run.as_of - timedelta(days=BACK_DAYS), run.as_of, LEAD_DAYS, every_days=EVERY_DAYS)
    against = f"{version.digest}-{run.as_of}"
    warned = _warned_before(against)

    def first(done: int, total: int) -> None:
        advance(done, total if warned else 2 * total)

    def second(done: int, total: int) -> None:
        advance(total + done, 2 * total)

    with opened(draft) as own, opened(current) as other:
        contenders = [Contender("this draft", draft, Dated(own)), Contender("in force", current, Dated(other))]
        trusted = trusted_by([(one.project, one.source) for one in contenders])
        settings = Settings(trusted=trusted, draws=DRAWS, values=data_dir() / "values" / "backtests", advance=first)
        report = backtest(contenders[0], question, settings, versus=contenders[1])
        if warned is None:
            alone = backtest(contenders[1], question, replace(settings, advance=second))
            warned = _warned(alone)
    notes = [*map(str, report.asides), *report.notes][:6]
    if trusted:
        notes.insert(0, "attributes without history count as they are now, at every date")
    return {
        "observations": report.observations,
        "lost": report.lost,
        "lead_days": LEAD_DAYS,
        "rows": [
            *([_row(report.versus, name) for name in _NAMES] if report.versus else []),
            *_warnings(warned, _warned(report)),
        ],
        "against": against,
        "warned": warned,
        "notes": notes,
    }


def _warned_before(against: str) -> Warned | None:
    """The early warning of what is in force, where another draft was compared with it already."""
    found = Built.objects.filter(kind="backtest", status=Status.DONE, result__against=against).first()
    return found.result["warned"] if found else None


def _warned(report: BacktestReport) -> Warned:
    """Each figure's value, or in words why there is none."""
    if report.warned is None:
        return dict.fromkeys(_WARNINGS, "no outcome has a day")
    early = next(row.below_best for row in report.warned.rows if row.days == LEAD_DAYS)
    figures = {"early": early, "false": report.warned.stayed_below_best}
    return {name: one.reason or "unknown" if one.value is None else one.value for name, one in figures.items()}


def _warnings(before: Warned, after: Warned) -> list[dict[str, Any]]:
    """Rows as those of the ranks; these two are shares of different people, so there is no interval of a difference."""

    def number(one: float | str) -> float | None:
        return None if isinstance(one, str) else one

    return [
        {"title": title, "before": number(before[name]), "after": number(after[name]), "low": None, "high": None,
         "reason": next((one for one in (after[name], before[name]) if isinstance(one, str)), "")}
        for name, title in _WARNINGS.items()
    ]  # fmt: skip


def trusted_by(asked: Sequence[tuple[Project, FactSource]]) -> tuple[str, ...]:
    """Nothing where that will do; everything where a card is chosen by something without history."""
    from keepwell.learning.honesty import ALL, honest

    try:
        for project, source in asked:
            honest(project, source, ())
    except RequestRefused:
        return (ALL,)
    return ()


def _row(versus: Versus, name: str) -> dict[str, Any]:
    draft, current = getattr(versus.own, name), getattr(versus.other, name)
    difference = getattr(versus.differences, name)
    return {
        "title": _TITLES[name],
        "before": current.value,
        "after": draft.value,
        "low": None if difference.low is None else -difference.high,
        "high": None if difference.low is None else -difference.low,
        "reason": draft.reason or current.reason,
    }
