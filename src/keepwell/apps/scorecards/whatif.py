"""Would the draft have told who left? Figures at once, from values of the past that are kept, beside those in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.projects import Files, checked, project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.health.dated import Dated
from keepwell.apps.health.models import Run
from keepwell.apps.health.place import data_dir, opened
from keepwell.apps.health.scored import latest_run
from keepwell.apps.scorecards.backtests import BACK_DAYS, EVERY_DAYS, LEAD_DAYS, trusted_by, why_not
from keepwell.apps.scorecards.models import Built
from keepwell.apps.scorecards.preview import lacking, values_key
from keepwell.definitions.project import Project
from keepwell.errors import InputError, RequestRefused

if TYPE_CHECKING:
    from keepwell.learning.whatif.judging import Judged, Value
    from keepwell.learning.whatif.past import Past

_TITLES = {
    "auc": "Ranks who leaves before who stays (AUC)",
    "average_precision": "Average precision",
    "top_decile_lift": "Losses in the worst tenth, against chance",
    "early": f"Of those who left, below the best band {LEAD_DAYS} days before",
    "false": "Of those who stayed, below the best band too",
}
_SHARES = ("early", "false")
_FORMAT = 2
"""Grows with what a past holds: one of before is left to its age, and made anew."""


@dataclass(frozen=True)
class Row:
    """One figure, in force and of the draft; `is_share`: a part of 1."""

    name: str
    title: str
    before: Value | None
    after: Value
    is_share: bool


@dataclass(frozen=True)
class WhatIf:
    """One of: `why` there are no figures, a `key` under which a worker has to keep the past first (`built`: how far it
    is), or `rows`. `drawn`: how many accounts of how many were looked at, where not all. `notes`: what the figures left
    out, and what they trust."""

    why: str = ""
    key: str = ""
    built: Built | None = None
    rows: tuple[Row, ...] = ()
    observations: int = 0
    lost: int = 0
    drawn: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


def what_if(draft: Draft) -> WhatIf:
    """The figures of a draft as it stands."""
    project, _ = checked(draft.files)
    run, version = latest_run(), current_version()
    if project is None:
        return WhatIf(why="Figures come once the draft is valid.")
    why = why_not(project)
    if run is None or version is None or why:
        return WhatIf(why=why or "Nothing was scored yet: start a run first.")
    started = perf_counter()
    current = project_of(version.files)
    key = next((one for one in _keys(run, project, current) if past_path(one).is_dir()), "")
    if not key:
        key = values_key(run, project)
        return WhatIf(key=key, built=Built.objects.filter(kind="past", key=key).first())
    try:
        return _judged(key, project, current, version.digest, started)
    except InputError as refused:
        said = str(refused.problems[0]) if refused.problems else str(refused)
        return WhatIf(why=f"{said[:1].upper()}{said[1:]}.")


def _keys(run: Run, project: Project, current: Project) -> Iterator[str]:
    """Of the past that would do: made for these very metrics, or for those in force where the draft needs no others."""
    yield values_key(run, project)
    if not lacking(current, project):
        yield values_key(run, current)


def _judged(key: str, project: Project, current: Project, digest: str, started: float) -> WhatIf:
    from keepwell.learning.whatif.judging import judge

    past = _past(past_path(key))
    after, before = judge(past, project), None if lacking(project, current) else _in_force(key, digest)
    rows = tuple(
        Row(name, title, getattr(before, name) if before else None, getattr(after, name), name in _SHARES)
        for name, title in _TITLES.items()
    )
    drawn = (past.accounts, past.of_accounts) if past.accounts < past.of_accounts else None
    return WhatIf(
        rows=rows,
        observations=after.observations,
        lost=after.lost,
        drawn=drawn,
        notes=_notes(before, after),
        seconds=perf_counter() - started,
    )


def _notes(before: Judged | None, after: Judged) -> tuple[str, ...]:
    """Of the draft, and of what is in force where that left out something else."""
    others = [f"In force: {one}" for one in (before.notes if before else ()) if one not in after.notes]
    return (*(f"{one[:1].upper()}{one[1:]}" for one in after.notes), *others)


@lru_cache(maxsize=1)
def _past(path: Path) -> Past:
    from keepwell.learning.whatif.past import read_past

    return read_past(path)


@lru_cache(maxsize=4)
def _in_force(key: str, digest: str) -> Judged | None:
    """Of the version in force, whose content `digest` names; None where these values do not serve it."""
    from keepwell.learning.whatif.judging import judge

    version = current_version()
    if version is None or version.digest != digest:
        return None
    try:
        return judge(_past(past_path(key)), project_of(version.files))
    except InputError:
        return None


def past_path(key: str) -> Path:
    """The folder of a past that is kept, as this version of the program writes it."""
    return data_dir() / "values" / f"past-{_FORMAT}-{key}"


def keep_past(key: str, files: Files, advance: Callable[[int, int], None]) -> None:
    """Gathers the past of a draft's metrics, once for every draft that changes only how they are scored.

    Raises as a backtest does where there is nothing to look at.
    """
    from keepwell.learning.observing import Question
    from keepwell.learning.whatif.past import gather, write_past

    run, project = latest_run(), project_of(files)
    if run is None:
        raise RequestRefused("nothing was scored yet: start a run first")
    question = Question(run.as_of - timedelta(days=BACK_DAYS), run.as_of, LEAD_DAYS, every_days=EVERY_DAYS)
    with opened(project) as data:
        source = Dated(data)
        values = data_dir() / "values" / "backtests"
        past = gather(project, source, question, trusted_by([(project, source)]), values, advance)
    write_past(past, past_path(key))
