"""A small company, written by the tests: accounts whose sign-ins thin out before they leave, and their renewals."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from keepwell.definitions import Project, parse_project
from keepwell.lake.data import ProjectData, open_data
from keepwell.learning.backtest import Contender, Settings, backtest
from keepwell.learning.findings import BacktestReport
from keepwell.learning.observing import Question

FIRST, LAST = date(2026, 1, 1), date(2026, 9, 30)
Rows = list[dict[str, Any]]

DEFINITIONS: dict[str, Any] = yaml.safe_load("""
schemes:
  traffic_light:
    bands: [{label: red, up_to: 40}, {label: yellow, up_to: 70}, {label: green, up_to: 100}]
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, changed_at: changed_at, started_at: signed_on,
             ended_at: ended_on}
  logins: {file: logins.csv, account: account_id, occurred_at: day}
  tickets: {file: tickets.csv, key: ticket_id, account: account_id, occurred_at: opened_on, recorded_at: loaded_on,
            known_later: {reason: closed_on, closed_on: closed_on}}
  renewals: {role: outcomes, file: renewals.csv, account: account_id, occurred_at: decided_on, outcome: result,
             amount: arr, values: {won: renewed, lost: churned}}
metrics:
  logins_28d: {dataset: logins, aggregate: count(), window: 28 days}
  tickets_90d: {dataset: tickets, aggregate: count(), window: 90 days}
scorecards:
  health:
    scheme: traffic_light
    groups:
      use:
        weight: 1
        measures:
          logins: {metric: logins_28d, weight: 3, score: {linear: [[0, 0], [20, 100]]}}
          tickets: {metric: tickets_90d, weight: 1, score: {linear: [[0, 100], [6, 0]]}}
""")


@dataclass
class Company:
    """Definitions and rows, changed by a test before it asks."""

    folder: Path
    definitions: dict[str, Any]
    tables: dict[str, Rows] = field(default_factory=dict)

    def card(self) -> dict[str, Any]:
        found: dict[str, Any] = self.definitions["scorecards"]["health"]
        return found

    def measures(self) -> dict[str, Any]:
        found: dict[str, Any] = self.card()["groups"]["use"]["measures"]
        return found

    def project(self) -> Project:
        return parse_project(self.definitions)

    def data(self) -> ProjectData:
        for name, rows in self.tables.items():
            write_rows(self.folder / f"{name}.csv", rows)
        return open_data(self.project(), self.folder)

    def backtest(self, question: Question | None = None, **settings: Any) -> BacktestReport:
        scorecard = settings.pop("scorecard", None)
        with self.data() as data:
            own = Contender("health", data.project, data, scorecard)
            return backtest(own, question or ASKED, Settings(**{"draws": 40, **settings}))


ASKED = Question(FIRST, LAST, lead_days=30, every_days=21)


def company(folder: Path, accounts: int = 80, seed: int = 4) -> Company:
    """Each account decides once, at a day of its own; a third of them leave, after a quiet quarter."""
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    made = Company(folder, _copy(DEFINITIONS), {"accounts": [], "logins": [], "tickets": [], "renewals": []})
    for number in range(accounts):
        _add_account(made, f"a{number:03}", random)
    return made


def _add_account(made: Company, name: str, random: np.random.Generator) -> None:
    lost, decided = bool(random.random() < 0.35), FIRST + timedelta(days=int(random.integers(10, 260)))
    made.tables["accounts"].append(
        {
            "account_id": name,
            "changed_at": "2025-01-01",
            "signed_on": "2025-01-01",
            "ended_on": decided + timedelta(days=20) if lost else "",
            "seats": int(random.integers(1, 50)),
        }
    )
    pace = random.uniform(0.2, 0.7)
    for day in _days(date(2025, 7, 1), decided):
        quiet = lost and day > decided - timedelta(days=110)
        if random.random() < (pace * 0.4 if quiet else pace):
            made.tables["logins"].append({"account_id": name, "day": day})
    for _ in range(int(random.poisson(3 if lost else 1.5))):
        made.tables["tickets"].append(ticket(made, name, decided - timedelta(days=int(random.integers(1, 150)))))
    result = "lost" if lost else "won"
    made.tables["renewals"].append({"account_id": name, "decided_on": decided, "result": result, "arr": 1000})


def ticket(made: Company, account: str, opened: date, **more: Any) -> dict[str, Any]:
    """One that was known on its day and closed three days later."""
    number = len(made.tables["tickets"])
    own = {"opened_on": opened, "loaded_on": opened, "closed_on": opened + timedelta(days=3), "reason": "question"}
    return {"ticket_id": f"t{number:05}", "account_id": account, **own, **more}


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=back) for back in range((last - first).days))


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["account_id"])
        writer.writeheader()
        writer.writerows(rows)


def _copy(value: Any) -> Any:
    return {key: _copy(one) for key, one in value.items()} if isinstance(value, dict) else value
