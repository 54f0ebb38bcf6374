"""A small company with everything the application shows: facts in the lake, ledgers, definitions, scores."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.health.ledgers import DATASETS
from keepwell.apps.health.place import lake
from keepwell.apps.health.running import back_fill
from keepwell.definitions import load_project
from keepwell.lake.data import open_data
from keepwell.lake.loading import load_dataset

TODAY = date(2026, 3, 2)

_OWNERS = {"acme": "Ada", "brix": "Ada", "cato": "Bea", "dune": "Bea", "eyre": "Mo", "zeta": "Cyd"}

FILES = {
    "keepwell.yaml": "time_zone: UTC\n",
    "datasets.yaml": """\
datasets:
  accounts:
    {role: accounts, file: accounts.csv, key: id, name: name, arr: arr, renews_on: renews_on, stage: stage, owner: csm,
     parent: parent, started_at: started_on}
  units: {role: relationships, file: units.csv, key: unit, account: account, name: unit_name}
  logins: {file: logins.csv, account: account, relationship: unit, occurred_at: day}
  tickets: {file: tickets.csv, key: ticket, account: account, occurred_at: opened_at}
""",
    "metrics.yaml": """\
metrics:
  active_days: {dataset: logins, aggregate: days_active(), window: 14 days}
  logins_28d: {dataset: logins, aggregate: sum(count), window: 28 days}
  open_urgent: {dataset: tickets, aggregate: count(), where: priority = 'urgent', window: 28 days}
""",
    "segments.yaml": """\
schemes:
  traffic_light:
    bands: [{label: red, up_to: 50}, {label: yellow, up_to: 75}, {label: green, up_to: 100}]
segments:
  large: arr >= 100000
""",
    "card.yaml": """\
scorecards:
  main:
    title: Main card
    scheme: traffic_light
    groups:
      adoption:
        weight: 70
        measures:
          active_days: {weight: 2, help: Days with a login in two weeks, score: {linear: [[0, 0], [10, 100]]}}
          logins_28d: {weight: 1, score: {linear: [[0, 0], [100, 100]]}}
      relationship:
        weight: 30
        measures:
          executive_relationship:
            manual: true
            weight: 1
            valid_for: 90 days
            when_missing: {score: 50}
            levels:
              - {score: 0, label: None, help: No executive has spoken with us in two quarters}
              - {score: 60, label: Working, help: A sponsor answers and joins reviews}
              - {score: 100, label: Champion, help: The sponsor speaks for us unasked}
    overrides:
      - {name: urgent_tickets, when: open_urgent >= 2, effect: {at_most: red}, reason: Two urgent tickets open}
""",
    "ledgers.yaml": DATASETS,
}


def write_facts(folder: Path) -> None:
    """Acme is used daily, brix half as often, and so on down to zeta, which hardly signs in and has urgent tickets."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts = ["id,name,arr,renews_on,stage,csm,parent,started_on"]
    logins, tickets = ["account,unit,day,count"], ["ticket,account,opened_at,priority"]
    for number, (account, owner) in enumerate(_OWNERS.items(), start=1):
        renews = TODAY + timedelta(days=30 * number)
        parent = "acme" if account == "brix" else ""
        name = f"{account.title()} Inc"
        accounts.append(f"{account},{name},{200_000 // number},{renews},live,{owner},{parent},2025-01-01")
        for back in range(0, 40, number):
            day = TODAY - timedelta(days=back)
            logins.append(f"{account},{account}-east,{day},{1 + (back * number) % 7}")
    tickets += [f"t{number},zeta,{TODAY - timedelta(days=number)},urgent" for number in range(1, 4)]
    units = ["unit,account,unit_name", *(f"{account}-east,{account},East" for account in _OWNERS)]
    for file, lines in (("accounts", accounts), ("logins", logins), ("tickets", tickets), ("units", units)):
        (folder / f"{file}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


UNIT_CARD = """\
metrics:
  weakest_unit: {children: overall_score, of: relationships, aggregate: min}
scorecards:
  unit:
    title: Unit card
    for: relationship
    scheme: traffic_light
    groups:
      all:
        weight: 1
        measures:
          active_days: {weight: 1, score: {linear: [[0, 0], [10, 100]]}}
          sponsor:
            manual: true
            weight: 3
            sources: [manual, rule, api]
            valid_for: 90 days
            levels: [{score: 0, label: None}, {score: 60, label: Working}, {score: 100, label: Champion}]
"""
"""A card for units, and a metric that carries its scores up."""


def scored_company(data_dir: Path, weeks: int = 2, files: Mapping[str, str] = FILES) -> None:
    """Facts into the lake, definitions published, the last weeks scored."""
    definitions, facts = data_dir / "definitions", data_dir / "facts"
    write_facts(facts)
    definitions.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (definitions / name).write_text(text, encoding="utf-8")
    project = load_project(definitions)
    with open_data(project, facts) as data:
        for name in ("accounts", "units", "logins", "tickets"):
            load_dataset(data, lake(), name)
    version = publish(actor=System("tests"), files=files, note="First")
    dates = [TODAY - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    list(back_fill(version, dates, "tests"))
