"""The demo's company, made ready once: simulated, loaded, published, scored over two years, with people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction

from keepwell.apps.access.actors import System
from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.projects import files_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.health.ledgers import DATASETS
from keepwell.apps.health.models import AccountOverride, Entry, Pin
from keepwell.apps.health.place import data_dir, lake
from keepwell.apps.health.running import back_fill
from keepwell.definitions.loading import load_project
from keepwell.definitions.project import Project
from keepwell.engine.run import dates_between
from keepwell.lake.data import open_data
from keepwell.lake.loading import load_dataset
from keepwell.server.demo_advocacy import counted, log_activities, speak, tell_who_answered
from keepwell.server.demo_life import enliven
from keepwell.server.demo_surveys import answer_surveys
from keepwell.server.demo_usage import send_events
from keepwell.server.demo_work import work
from keepwell.simulation import simulate, write_definitions

WEEKS = 104
PASSWORD = "keepwell-demo"  # of a company that does not exist
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Someone:
    """A person one can sign in as."""

    email: str
    name: str
    role: Role


def make_ready(*, accounts: int, seed: int, end: date, progress: Progress) -> list[Someone]:
    """The demo in the data folder and the database; made once, found again after that."""
    source = data_dir() / "company"
    if current_version() is None:
        progress("Simulating a software company", 0, accounts)
        simulate(source, end=end, accounts=accounts, seed=seed, replace=(source / "data").exists(),
                 progress=lambda done, _: progress("Simulating a software company", done, accounts))  # fmt: skip
        if not (source / "definitions").exists():
            write_definitions(source / "definitions")
        project = load_project(source / "definitions")
        _load(project, source / "data", progress)
        _publish(source / "definitions")
        send_events(source / "data", end)
    people = _people(source / "data")
    log_activities(source / "data", end)
    version = current_version()
    assert version is not None
    from keepwell.apps.health.models import Run, RunStatus

    done = set(Run.objects.filter(status=RunStatus.DONE).values_list("as_of", flat=True))
    days = [day for day in dates_between(end - timedelta(weeks=WEEKS), end, timedelta(days=7)) if day not in done]
    for number, _ in enumerate(back_fill(version, days, "demo") if days else (), start=1):
        progress("Scoring two years", number, len(days))
    enliven(source / "data", end, seed)
    speak(end)
    work(source / "data", end)
    answer_surveys(source / "data")
    tell_who_answered(source / "data", seed)
    return people


def _load(project: Project, folder: Path, progress: Progress) -> None:
    """Facts into the lake, ledgers into the database."""
    names = sorted(project.datasets)
    with open_data(project, folder) as data:
        for number, name in enumerate(names, start=1):
            progress("Loading facts into the lake", number, len(names))
            role = project.datasets[name].role
            if role in ("entries", "overrides", "pins"):
                _into_ledger(role, data.run(data.table(name)))
            else:
                load_dataset(data, lake(), name)


def _publish(folder: Path) -> None:
    files = files_of(folder)
    files["datasets.yaml"] = _without_ledgers(files["datasets.yaml"])
    files["ledgers.yaml"] = DATASETS
    publish(actor=System("demo"), files=counted(files), note="The company's first health model")


def _without_ledgers(text: str) -> str:
    """What people enter is kept in the database: the files of it are datasets no longer."""
    return text[: text.index("  manual_scores:\n")]


@transaction.atomic
def _into_ledger(role: str, rows: pa.Table) -> None:
    ledgers: dict[str, Any] = {"entries": Entry, "overrides": AccountOverride, "pins": Pin}
    ledgers[role].objects.all().delete()  # of a start that was cut off
    records = [{name: _aware(value) for name, value in row.items()} for row in rows.to_pylist()]
    if role == "entries":
        Entry.objects.bulk_create(
            Entry(
                account_id=row["account_id"], measure=row["measure"], source=row.get("source") or "manual",
                score=row["score"], comment=row.get("comment") or "", author=row.get("author") or "",
                occurred_at=row["entered_at"], recorded_at=row.get("loaded_at") or row["entered_at"],
                expires_at=row.get("expires_at"),
            )
            for row in records
        )  # fmt: skip
    elif role == "overrides":
        AccountOverride.objects.bulk_create(
            AccountOverride(
                account_id=row["account_id"], effect=row["effect"], value=row["value"], reason=row.get("reason") or "",
                author=row.get("author") or "", recorded_at=row["recorded_at"], until=row.get("until"),
                withdrawn_at=row.get("withdrawn_at"),
            )
            for row in records
        )  # fmt: skip
    else:
        Pin.objects.bulk_create(
            Pin(
                account_id=row["account_id"], scorecard=row["scorecard"], reason=row.get("reason") or "",
                author=row.get("author") or "", recorded_at=row["recorded_at"], until=row.get("until"),
            )
            for row in records
        )  # fmt: skip


def _aware(value: Any) -> Any:
    """Times in UTC; a date is its beginning."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


@transaction.atomic
def _people(folder: Path) -> list[Someone]:
    """A CSM, her manager and an admin, and the other CSMs of the company, so that accounts have owners."""
    import csv

    with (folder / "accounts.csv").open(encoding="utf-8") as file:
        names = sorted({row["csm"] for row in csv.DictReader(file) if row.get("csm")})
    team, _ = Team.objects.get_or_create(name="Customer success")
    for name in names:
        address = f"{name.lower().replace(' ', '.')}@demo.example"
        if not User.objects.filter(email=address).exists():
            User.objects.create_user(address, PASSWORD, name=name, role=Role.CSM, team=team, reach=Reach.TEAM)
    someone = [
        Someone("manager@demo.example", "Maya Lindqvist", Role.MANAGER),
        Someone("admin@demo.example", "Adil Brandt", Role.ADMIN),
    ]
    for one in someone:
        if not User.objects.filter(email=one.email).exists():
            User.objects.create_user(one.email, PASSWORD, name=one.name, role=one.role, team=team)
    csm = User.objects.filter(role=Role.CSM).order_by("pk").first()
    return [*([Someone(csm.email, csm.name, Role.CSM)] if csm else []), *someone]
