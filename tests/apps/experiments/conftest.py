"""A company of sixty that renewed or left, and a draft with other weights."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from keepwell.apps.access.actors import Person, System
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import change_draft, publish, start_draft
from keepwell.apps.experiments.asking import Wanted
from keepwell.apps.health.place import lake
from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.lake.loading import load_dataset
from tests.apps.conftest import People
from tests.apps.scored import FILES, TODAY

ACCOUNTS = 60
RENEWALS = """\
datasets:
  renewals: {role: outcomes, file: renewals.csv, account: account, occurred_at: decided_on, outcome: result,
             values: {renewed: renewed, churned: churned}}
"""
DATED = {**FILES, "renewals.yaml": RENEWALS}
DATED["card.yaml"] = FILES["card.yaml"][: FILES["card.yaml"].index("    overrides:")]
LIGHTER = {**DATED, "card.yaml": DATED["card.yaml"].replace("weight: 70", "weight: 30")}


def facts(folder: Path, count: int = ACCOUNTS) -> None:
    """Accounts that sign in less and less often from the first to the last; of the last third most leave."""
    folder.mkdir(parents=True)
    started = TODAY - timedelta(days=400)
    accounts, logins, renewals = ["id,name,arr,renews_on,stage,csm,parent,started_on"], ["account,unit,day,count"], [
        "account,decided_on,result"
    ]  # fmt: skip
    for number in range(count):
        accounts.append(f"a{number:02},A{number},1000,{TODAY},live,Ada,,{started}")
        for back in range(0, 400, 1 + 15 * number // count):
            logins.append(f"a{number:02},a{number:02}-east,{TODAY - timedelta(days=back)},1")
        decided: date = TODAY - timedelta(days=5 + number * 60 // count)
        left = (number > 2 * count // 3 and number % 4 != 0) or number in (3, 17)
        renewals.append(f"a{number:02},{decided},{'churned' if left else 'renewed'}")
    units = ["unit,account,unit_name", *(f"a{number:02}-east,a{number:02},East" for number in range(count))]
    tickets = ["ticket,account,opened_at,priority", f"t1,a01,{TODAY},low"]
    tables = {"accounts": accounts, "logins": logins, "renewals": renewals, "units": units, "tickets": tickets}
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def past(people: People, data_dir: Path) -> Wanted:
    """Facts and definitions with outcomes, and the question of the card in force."""
    return settled(data_dir)


@pytest.fixture
def long_past(people: People, data_dir: Path) -> Wanted:
    """The same of so many that something can be learned."""
    return settled(data_dir, 130)


def settled(data_dir: Path, count: int = ACCOUNTS) -> Wanted:
    facts(data_dir / "facts", count)
    definitions = data_dir / "definitions"
    definitions.mkdir(parents=True)
    for name, text in DATED.items():
        (definitions / name).write_text(text, encoding="utf-8")
    project = load_project(definitions)
    with open_data(project, data_dir / "facts") as data:
        for name in ("accounts", "units", "logins", "tickets", "renewals"):
            load_dataset(data, lake(), name)
    publish(actor=System("tests"), files=DATED, note="First")
    return Wanted("version:1", TODAY - timedelta(days=120), TODAY, 90, every_days=28)


@pytest.fixture
def draft(past: Wanted, people: People) -> Draft:
    draft = start_draft(actor=Person(people.manager), name="Lighter")
    return change_draft(actor=Person(people.manager), draft=draft, change=lambda _: LIGHTER)
