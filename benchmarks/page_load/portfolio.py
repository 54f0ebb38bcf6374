"""A large portfolio in the database: accounts, health and current values as a run leaves them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
from django.db import connection, transaction

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.cockpit.valuing import renew_values
from keepwell.apps.customers.current_values.rebuilding import rebuild
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.health.models import CurrentHealth, Run, RunStatus
from keepwell.definitions import parse_project
from keepwell.engine.values import EntityValues, Values
from page_load.work import define, fill_work

TODAY = date(2026, 10, 31)
METRICS = 40
_CSMS, _STAGES = 200, ("onboarding", "live", "live", "live", "renewing", "at_risk")
_PLACES = ("North", "South", "East", "West")
_PROJECT = {
    "schemes": {"light": {"bands": [
        {"label": "red", "up_to": 50}, {"label": "yellow", "up_to": 75}, {"label": "green", "up_to": 100}]}},
    "datasets": {"accounts": {"role": "accounts", "file": "accounts.csv", "key": "account_id"}},
    "metrics": {f"metric_{number}": {"attribute": f"metric_{number}"} for number in range(METRICS)},
    "segments": {"large": "seats >= 900"},
    "scorecards": {"main": {"scheme": "light", "groups": {"all": {"weight": 1, "measures": {
        f"metric_{number}": {"weight": 1, "score": {"linear": [[0, 0], [1000, 100]]}} for number in range(8)}}}}},
}  # fmt: skip


def fill(accounts: int) -> dict[str, str]:
    """Writes everything; gives the numbers of a CSM, of a list of 200 accounts, and of a large run of a rule."""
    random = np.random.default_rng(7)
    with transaction.atomic():
        csms = _people()
        seats = random.integers(1, 1000, accounts)
        rows = [_account(number, int(seats[number]), csms[number % _CSMS], random) for number in range(accounts)]
        Account.objects.bulk_create(rows, batch_size=5000)
        CurrentHealth.objects.bulk_create(_health(rows, random), batch_size=5000)
        _rebuild(rows, seats, random)
        chosen = AccountList.objects.create(name="Advisory board")
        chosen.accounts.set([row.pk for row in rows[:: max(accounts // 200, 1)]])
        define(_PROJECT)
        run = fill_work(rows, csms, TODAY, random)
    renew_values()
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return {"csm": str(csms[17].pk), "list": str(chosen.pk), "run": run}


def _people() -> list[User]:
    teams = [Team.objects.create(name=f"Team {number}") for number in range(10)]
    User.objects.create_user("manager@pages.example", None, name="Manager", role=Role.MANAGER, reach=Reach.ALL)
    people = [
        User(
            email=f"csm{number}@pages.example",
            name=f"Person {number:03}",
            role=Role.CSM,
            team=teams[number % 10],
            password="!",
        )
        for number in range(_CSMS)
    ]
    return User.objects.bulk_create(people)


def _account(number: int, seats: int, owner: User, random: np.random.Generator) -> Account:
    return Account(
        id=f"A{number:06}", name=f"{_PLACES[number % 4]} Customer {number} Ltd", owner=owner, owner_name=owner.name,
        team_id=owner.team_id, stage=_STAGES[number % len(_STAGES)], arr=round(float(random.lognormal(10, 1)), 2),
        renews_on=TODAY + timedelta(days=int(random.integers(1, 720))), segments=["large"] if seats >= 900 else [],
        attributes={"seats": seats, "plan": ("free", "silver", "gold")[number % 3]},
    )  # fmt: skip


def _health(rows: list[Account], random: np.random.Generator) -> list[CurrentHealth]:
    run = Run.objects.create(
        as_of=TODAY, known_at=datetime(2026, 11, 1, tzinfo=UTC), status=RunStatus.DONE, asked_by="benchmark"
    )
    steps = random.normal(0, 3, (len(rows), 27)).cumsum(axis=1) + random.uniform(20, 95, (len(rows), 1))
    trends = steps.clip(0, 100).round(1)
    return [_scored(run, row, trend.tolist()) for row, trend in zip(rows, trends, strict=True)]


def _scored(run: Run, row: Account, trend: list[float]) -> CurrentHealth:
    score = trend[-1]
    label, tone = ("red", "bad") if score <= 50 else ("yellow", "middle") if score <= 75 else ("green", "good")
    return CurrentHealth(
        account=row, run=run, as_of=run.as_of, known_at=run.known_at, scorecard="main", computed=score, score=score,
        label=label, tone=tone, coverage=0.9, previous=trend[-2], change=score - trend[-2],
        why="Active users costs 12 and seats costs 4", trend=trend,
    )  # fmt: skip


def _rebuild(rows: list[Account], seats: np.ndarray, random: np.random.Generator) -> None:
    ids = pa.array([row.pk for row in rows])
    attributes = pa.table({
        "name": [row.name for row in rows], "arr": [row.arr for row in rows], "seats": seats,
        "plan": [row.attributes["plan"] for row in rows], "renews_on": [row.renews_on for row in rows],
    })  # fmt: skip
    metrics = pa.table({f"metric_{number}": random.uniform(0, 1000, len(rows)) for number in range(METRICS)})
    values = EntityValues("account", ids, ids, pa.nulls(len(rows), pa.string()), attributes, metrics)
    members = {row.pk: row.segments for row in rows}
    rebuild(parse_project(_PROJECT), Values(TODAY, datetime(2026, 11, 1), values), metrics, members, TODAY)
