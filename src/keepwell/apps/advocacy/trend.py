"""Advocacy against what became of accounts: who had any at a day, and what happened in the time after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Reach
from keepwell.apps.advocacy.models import Activity
from keepwell.apps.advocacy.queries import done_of
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version, version
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.models import Run
from keepwell.apps.health.outcomes import dated_outcomes
from keepwell.apps.health.place import lake, opened
from keepwell.apps.health.scored import latest_run
from keepwell.engine.advocacy.standing import standings
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.population import ID, population
from keepwell.engine.moments import moment
from keepwell.lake.history import read_scores

if TYPE_CHECKING:
    from keepwell.learning.advocacy.comparing import Comparison, Subjects

HORIZONS = {90: "a quarter", 180: "half a year", 365: "a year"}
WINDOW = 365
"""Activities of so many days before the day count; health is compared as it was before them."""
_NEAR = 10


@dataclass(frozen=True)
class Trend:
    """`day`: what was done by then, and what happened in `horizon` days after it. `before`: the day whose bands are
    those before. `refused`: why there is nothing to show."""

    horizon: int
    day: date | None = None
    before: date | None = None
    comparison: Comparison | None = None
    sentences: tuple[str, ...] = ()
    refused: str = ""


def trend(actor: Actor, horizon: int) -> Trend:
    """Of the accounts that the actor sees and that were scored at the day."""
    from keepwell.learning.advocacy.comparing import compare, words

    run = latest_run()
    if run is None or current_version() is None:
        return Trend(horizon, refused="nothing was scored yet: start a run first")
    day = run.as_of - timedelta(days=horizon)
    then = scores_around(day, run.pk)
    if then is None:
        return Trend(
            horizon, day, refused=f"there is no history of scores around {day}; choose a shorter time after it"
        )
    decisions = _decisions(run.pk, day, horizon)
    if decisions is None:
        return Trend(horizon, day, refused="no dataset says who renewed and who left (role: outcomes), with a date")
    before_day, before = _before(day - timedelta(days=WINDOW), day, run.pk)
    subjects = _subjects(actor, run.pk, day, then, before, decisions)
    found = compare(subjects)
    return Trend(horizon, day, before_day, found, tuple(words(found.compared)), found.refused)


Decisions = tuple[frozenset[str], frozenset[str]]


@lru_cache(maxsize=8)
def _decisions(run_id: int, day: date, horizon: int) -> Decisions | None:
    """The accounts that left, and those that expanded, in the time after the day; None where nothing tells."""
    from keepwell.learning.outcomes import KINDS

    run = Run.objects.get(pk=run_id)
    outcomes = dated_outcomes(project_of(version(run.version_number or 0).files))
    if outcomes is None:
        return None
    first, last = np.datetime64(day, "D"), np.datetime64(day + timedelta(days=horizon), "D")
    decided = outcomes.decided_on.astype("datetime64[D]")
    within = (decided > first) & (decided <= last)
    expanded = within & (outcomes.kind == KINDS.index("expanded"))
    return _accounts(outcomes.account, within & outcomes.lost), _accounts(outcomes.account, expanded)


def _accounts(accounts: pa.Array, chosen: np.ndarray) -> frozenset[str]:
    return frozenset(accounts.filter(pa.array(chosen)).to_pylist())


@lru_cache(maxsize=8)
def scores_around(day: date, run_id: int) -> pa.Table | None:
    """Score and label of each account at the last date at or before a day; None where history knows none near it.

    `run_id`: history is read anew when there is a newer run.
    """
    columns = ["entity_kind", "account_id", "as_of", "final_score", "label"]
    rows = read_scores(lake(), since=day - timedelta(days=_NEAR), until=day, columns=columns)
    if not rows.num_rows:
        return None
    rows = rows.filter(pc.equal(rows["entity_kind"], "account"))
    latest = pc.max(rows["as_of"])
    return rows.filter(pc.equal(rows["as_of"], latest)) if rows.num_rows else None


def _before(first: date, last: date, run_id: int) -> tuple[date | None, pa.Table | None]:
    """Scores before the activities, or at the earliest date that history has after that."""
    day = first
    while day < last:
        found = scores_around(day, run_id)
        if found is not None:
            return found["as_of"][0].as_py(), found
        day += timedelta(days=_NEAR + 1)
    return None, None


def _seen(actor: Actor, accounts: Collection[str]) -> list[str]:
    """Accounts that the actor sees; whoever sees all sees those too that left before their records came here."""
    if actor.user is None or actor.user.reach == Reach.ALL:
        return sorted(accounts)
    return [*visible(actor).filter(pk__in=accounts).order_by("pk").values_list("pk", flat=True)]


@lru_cache(maxsize=8)
def _sizes(run_id: int, day: date) -> dict[str, float | None]:
    """Revenue of each account as it was on the day; empty where the accounts tell none."""
    run = Run.objects.get(pk=run_id)
    project = project_of(version(run.version_number or 0).files)
    name, dataset = project.with_role("accounts") or ("", None)
    if dataset is None or dataset.arr is None:
        return {}
    with opened(project) as data:
        grid = Grid((moment(day, project.settings.time_zone, None),))
        reader = FactReader(project, data.table, data.dialect)
        rows = data.run(population(reader, name, grid, attributes=frozenset({dataset.arr})))
    return dict(zip(rows[ID].to_pylist(), rows[dataset.arr].to_pylist(), strict=True))


def _subjects(actor: Actor, run_id: int, day: date, then: pa.Table, before: pa.Table | None,
              decisions: Decisions) -> Subjects:  # fmt: skip
    from keepwell.learning.advocacy.comparing import Subjects

    known = dict(zip(then["account_id"].to_pylist(), then["final_score"].to_pylist(), strict=True))
    ids, arr = _seen(actor, known), _sizes(run_id, day)
    labels = dict(zip(before["account_id"].to_pylist(), before["label"].to_pylist(), strict=True)) if before else {}
    points = _points(ids, day)
    left, expanded = decisions
    return Subjects(
        points=np.array([points.get(one, 0.0) for one in ids]),
        health=np.array([_number(known[one]) for one in ids]),
        before=pa.array([labels.get(one) for one in ids], pa.string()),
        size=np.array([_number(arr.get(one)) for one in ids]),
        left=np.array([one in left for one in ids], dtype=np.bool_),
        expanded=np.array([one in expanded for one in ids], dtype=np.bool_),
    )


def _points(ids: list[str], day: date) -> dict[str, float]:
    """Points at the day, of what was done in the time before it."""
    since = day - timedelta(days=WINDOW - 1)
    found = Activity.objects.filter(account_id__in=ids, is_withdrawn=False, happened_on__range=(since, day))
    by_account = standings(done_of(found), day, lambda one: one.account)
    return {account: one.points for account, one in by_account.items()}


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
