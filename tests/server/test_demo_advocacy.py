"""The demo's customers speak for it, made once, and its activities are read from where the application keeps them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from keepwell.apps.advocacy.models import Activity, ActivityChange, Advocate, Request
from keepwell.apps.configuration.projects import files_of, project_of
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.models import Response
from keepwell.apps.timeline.models import EntryType
from keepwell.apps.timeline.types import BUILT_IN
from keepwell.server.demo_advocacy import counted, log_activities, speak, tell_who_answered
from keepwell.server.demo_life import enliven
from keepwell.simulation import simulate, write_definitions

END = date(2026, 10, 31)


@pytest.mark.slow
def test_activities_advocates_and_requests_are_made_once(db: None, tmp_path: Path) -> None:
    simulate(tmp_path, end=END, accounts=30, seed=7)
    for name, title, fields in BUILT_IN:
        EntryType.objects.get_or_create(name=name, defaults={"title": title, "fields": fields, "own": False})
    answers = pq.read_table(tmp_path / "data" / "responses.parquet").to_pylist()
    Response.objects.bulk_create(
        Response(key=row["response_id"], survey="nps", version="v", account_id=row["account_id"],
                 started_at=f"{END}T00:00Z", touched_at=f"{END}T00:00Z")
        for row in answers
    )  # fmt: skip
    for _ in range(2):
        log_activities(tmp_path / "data", END)
        enliven(tmp_path / "data", END, seed=7)
        Account.objects.bulk_create(
            [Account(pk=pk, name=pk) for pk in set(Activity.objects.values_list("account_id", flat=True))],
            ignore_conflicts=True,
        )
        speak(END)
        tell_who_answered(tmp_path / "data", seed=7)
        found = [one.objects.count() for one in (Activity, ActivityChange, Advocate, Request)]
    assert found[0] > 10
    assert found[1] > found[0]  # deals were decided
    assert found[2] > 0
    assert not Activity.objects.filter(happened_on__gt=END).exists()
    known = Response.objects.exclude(person=None)
    assert known.exists()
    assert all(one.person.account_id == one.account_id for one in known.select_related("person"))  # type: ignore[union-attr]


def test_the_definitions_read_what_the_application_keeps(tmp_path: Path) -> None:
    write_definitions(tmp_path / "definitions")
    project = project_of(counted(files_of(tmp_path / "definitions")))
    assert project.datasets["advocacy"].table == "keepwell.advocacy"
    assert str(project.metrics["advocacy_points_365d"].aggregate) == "sum(points)"  # type: ignore[attr-defined]
