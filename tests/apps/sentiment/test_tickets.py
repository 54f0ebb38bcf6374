"""Texts in the data are judged when data bring them, each once, however many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.health.place import lake
from keepwell.apps.sentiment import sweeping
from keepwell.apps.sentiment.models import Judgement, Sweep
from keepwell.lake.data import open_data
from keepwell.lake.loading import load_dataset
from tests.apps.scored import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CASES = {
    **FILES,
    "keepwell.yaml": "time_zone: UTC\nsentiment: {texts: {cases: {text: [subject, body], person: requester}}}\n",
    "cases.yaml": "datasets:\n  cases: {file: cases*.csv, key: case, account: account, occurred_at: opened_at}\n",
}
HEAD = "case,account,opened_at,subject,body,requester"


@pytest.fixture
def cases(company: Account, data_dir: Path) -> Path:
    """The folder of the files; the definitions name their texts."""
    folder = data_dir / "facts"
    (folder / "cases1.csv").write_text(
        f"{HEAD}\nc1,acme,2026-02-01,Invoice wrong,It was wrong again and nobody helps,u1\n"
        "c2,brix,2026-02-02,,Great and quick help,u2\nc3,acme,2026-02-03,,,u1\n"
    )
    publish(actor=System("tests"), files=CASES, note="Cases")
    _load(folder)
    return folder


def _load(folder: Path) -> None:
    project = current_project()
    assert project is not None
    with open_data(project, folder) as data:
        load_dataset(data, lake(), "cases")


def _all() -> None:
    while sweeping.sweep():
        pass


def test_texts_of_a_dataset_are_judged(cases: Path) -> None:
    _all()
    found = {one.text_id: (one.account_id, one.word) for one in Judgement.objects.filter(source="ticket")}
    assert found == {"cases:c1": ("acme", "negative"), "cases:c2": ("brix", "positive")}
    assert Judgement.objects.get(text_id="cases:c1").occurred_at.isoformat() == "2026-02-01T00:00:00+00:00"


def test_what_a_load_brings_is_judged_alone(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _all()
    before = dict(Judgement.objects.values_list("text_id", "judged_at"))
    (cases / "cases1.csv").unlink()
    (cases / "cases2.csv").write_text(f"{HEAD}\nc4,zeta,2026-03-01,Down,It crashes and is unusable,u9\n")
    _load(cases)
    monkeypatch.setattr(sweeping, "PAGE", 1)
    _all()
    after = dict(Judgement.objects.values_list("text_id", "judged_at"))
    assert after["cases:c4"]
    assert {one: after[one] for one in before} == before
    assert Sweep.objects.get(source="ticket:cases").texts == 1


def test_a_dataset_that_is_no_text_any_more_is_forgotten(cases: Path) -> None:
    _all()
    publish(actor=System("tests"), files={**CASES, "keepwell.yaml": "time_zone: UTC\n"}, note="None")
    _all()
    assert not Judgement.objects.exists()
    assert not Sweep.objects.filter(source="ticket:cases").exists()


def test_a_column_that_is_gone_is_told_and_holds_nothing_else_up(cases: Path) -> None:
    files = {**CASES, "keepwell.yaml": CASES["keepwell.yaml"].replace("body", "bodies")}
    publish(actor=System("tests"), files=files, note="Wrong")
    Sweep.objects.create(source="ticket:cases", stamp="", began_at="2026-01-01T00:00Z")
    assert not sweeping.sweep()
    assert "unknown column 'bodies'" in Sweep.objects.get(source="ticket:cases").error
