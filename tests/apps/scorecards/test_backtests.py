"""Backtest figures beside a draft: against what is in force, from values that are kept between drafts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import Person, System
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, publish, start_draft
from keepwell.apps.health.models import Entry
from keepwell.apps.health.place import lake
from keepwell.apps.health.running import back_fill
from keepwell.apps.scorecards.building import carry_out
from keepwell.apps.scorecards.models import Built
from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.lake.loading import load_dataset
from tests.apps.conftest import People
from tests.apps.experiments.conftest import DATED, LIGHTER, facts
from tests.apps.scored import TODAY


@pytest.fixture
def draft(people: People, data_dir: Path) -> Draft:
    facts(data_dir / "facts")
    definitions = data_dir / "definitions"
    definitions.mkdir(parents=True)
    for name, text in DATED.items():
        (definitions / name).write_text(text, encoding="utf-8")
    project = load_project(definitions)
    with open_data(project, data_dir / "facts") as data:
        for name in ("accounts", "units", "logins", "tickets", "renewals"):
            load_dataset(data, lake(), name)
    list(back_fill(publish(actor=System("tests"), files=DATED, note="First"), [TODAY], "tests"))
    draft = start_draft(actor=Person(people.manager), name="Lighter")
    return change_draft(actor=Person(people.manager), draft=draft, change=lambda _: LIGHTER)


def asked(client: Client, draft: Draft) -> str:
    return client.post(f"/configure/scorecards/{draft.pk}/backtest/ask/").content.decode()


@pytest.mark.slow
def test_the_draft_is_judged_beside_what_is_in_force(draft: Draft, as_manager: Client, data_dir: Path) -> None:
    address = f"/configure/scorecards/{draft.pk}/backtest/"
    assert "Backtest this draft" in as_manager.get(address).content.decode()
    assert "No worker runs; once one does, it begins" in asked(as_manager, draft)
    built = Built.objects.get(kind="backtest")
    carry_out(built)
    assert built.error == ""
    html = as_manager.get(address).content.decode()
    assert "of 60 observed decisions" in html
    early = next(row for row in built.result["rows"] if row["title"].startswith("Early warning"))
    assert 0 < early["before"] <= 1, built.result
    assert early["after"] is not None
    assert "Early warning: of those who left, below the best band 90 days before" in html
    assert built.done == built.total
    auc = built.result["rows"][0]
    assert auc["before"] > 0.5, built.result
    assert auc["after"] is not None
    kept = sorted(path for path in (data_dir / "values" / "backtests").rglob("*.arrow"))
    assert kept
    written = [path.stat().st_mtime_ns for path in kept]
    other = change_draft(actor=System("tests"), draft=draft, change=lambda now: {
        **now, "card.yaml": now["card.yaml"].replace("weight: 30", "weight: 31", 1)})  # fmt: skip
    asked(as_manager, other)
    second = Built.objects.filter(kind="backtest").latest("pk")
    carry_out(second)
    assert second.result["warned"] == built.result["warned"]
    assert second.total == built.total / 2, "what is in force was judged once"
    assert [path.stat().st_mtime_ns for path in kept] == written, "values are kept for the next draft"


@pytest.mark.slow
def test_a_score_that_was_entered_since_is_no_value_of_before(draft: Draft, as_manager: Client, data_dir: Path) -> None:
    asked(as_manager, draft)
    carry_out(Built.objects.get(kind="backtest"))
    folders = {path.parent for path in (data_dir / "values" / "backtests").rglob("*.arrow")}
    moment = "2025-10-01T12:00Z"
    Entry.objects.create(account_id="a01", measure="executive_relationship", score=0, author="Ada",
                         occurred_at=moment, recorded_at=moment)  # fmt: skip
    Built.objects.all().delete()
    asked(as_manager, draft)
    carry_out(Built.objects.get(kind="backtest"))
    assert {path.parent for path in (data_dir / "values" / "backtests").rglob("*.arrow")} > folders


@pytest.mark.slow
def test_figures_that_nobody_waits_for_any_more_are_not_made(draft: Draft, as_manager: Client) -> None:
    asked(as_manager, draft)
    (first,) = Built.objects.all()
    change_draft(actor=System("tests"), draft=draft, change=lambda now: {
        **now, "card.yaml": now["card.yaml"].replace("weight: 30", "weight: 31", 1)})  # fmt: skip
    asked(as_manager, draft)
    (second,) = Built.objects.all()
    assert second.key != first.key
