"""The demo's CSMs have worked: stages, calls and treatments are read off the simulated company, made once."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from keepwell.apps.cockpit.models import CallToAction, Measurement
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.health.place import lake
from keepwell.apps.rules.models import Treatment
from keepwell.lake.history import write_scores
from keepwell.server.demo_work import work
from keepwell.simulation import simulate
from tests.apps.conftest import data_dir  # noqa: F401 - a fixture

END = date(2026, 10, 31)


@pytest.mark.slow
def test_stages_calls_and_treatments_are_read_off_the_facts_once(
    db: None,
    data_dir: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    simulate(tmp_path / "company", end=END, accounts=60, seed=7)
    folder = tmp_path / "company" / "data"
    rows = _rows(folder / "accounts.csv")
    Account.objects.bulk_create([Account(pk=pk, name=pk) for pk in sorted({row["account_id"] for row in rows})])
    done = next(row for row in _rows(folder / "interventions.csv") if row["completed_on"] < "2026-08-01"
                and row["completed_on"])  # fmt: skip
    _scored(done["account_id"], date.fromisoformat(done["started_on"]), 40.0)
    _scored(done["account_id"], date.fromisoformat(done["completed_on"]) + timedelta(days=30), 55.0)
    for _ in range(2):
        work(folder, END)
        found = (StageChange.objects.count(), CallToAction.objects.count(), Treatment.objects.count())
        assert min(found) > 10
    last = {row["account_id"]: row["stage"] for row in sorted(rows, key=lambda row: row["changed_at"])
            if row["changed_at"] <= str(END)}  # fmt: skip
    assert dict(Account.objects.filter(pk__in=last).values_list("pk", "stage")) == last
    call = CallToAction.objects.get(account_id=done["account_id"], reason=done["playbook"])
    assert (call.status, call.outcome) == ("closed", "succeeded")
    assert [one.score for one in call.measurements.filter(moment__in=("opened", "30")).order_by("due_on")] == [40, 55]
    assert Treatment.objects.filter(is_held_out=True).exists()
    assert not Measurement.objects.filter(due_on__gt=END).exclude(recorded_at=None).exists()
    assert not CallToAction.objects.filter(opened_at__date__gt=END).exists()


def _scored(account: str, day: date, score: float) -> None:
    rows = pa.Table.from_pylist(
        [{"entity_kind": "account", "entity_id": account, "account_id": account, "as_of": day,
          "known_at": datetime(2026, 10, 31, tzinfo=UTC), "run": f"{day}", "final_score": score, "label": "red"}]
    )  # fmt: skip
    write_scores(lake(), rows, str(day))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
