"""A small project and its data, written by the tests, and the command as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from keepwell.cli.app import run

AS_OF = "2026-10-31"

DEFINITIONS = """
datasets:
  accounts:
    role: accounts
    file: accounts.csv
    key: account_id
    name: company
    started_at: signed_on
    ended_at: churned_on
    arr: arr
    renews_on: renewal_date
  units: {role: relationships, file: units.csv, key: unit_id, account: account_id, name: unit}
  logins: {file: logins.csv, account: account_id, relationship: unit_id, occurred_at: day}
metrics:
  active_users: {title: Active users, dataset: logins, aggregate: count_distinct(user_id), window: 28 days}
  utilisation: {formula: active_users / seats}
  change: {change_of: active_users, over: 28 days, as: percent, unit: "%"}
schemes:
  traffic_light:
    bands: [{label: red, up_to: 50}, {label: yellow, up_to: 75}, {label: green, up_to: 100}]
scorecards:
  health:
    scheme: traffic_light
    order: 1
    applies_to: seats > 0
    groups:
      adoption:
        weight: 3
        measures:
          utilisation: {weight: 2, score: {linear: [[0, 0], [1, 100]]}}
          change: {weight: 1, score: {steps: [{up_to: 0, score: 20}, {score: 100}]}, when_missing: {score: 60}}
    overrides:
      - {name: silent, when: active_users = 0, effect: {at_most: 5}, reason: Nobody signed in}
  unit:
    for: relationship
    order: 2
    scheme: traffic_light
    groups:
      use: {weight: 1, measures: {active_users: {weight: 1, score: {linear: [[0, 0], [4, 100]]}}}}
"""
ACCOUNTS = """account_id,company,signed_on,churned_on,arr,renewal_date,seats
a1,Aster,2025-01-01,,1000,2026-12-01,2
a2,Birch,2025-01-01,,64000,2026-11-05,4
a3,Cedar,2025-01-01,2026-10-01,2000,2026-12-01,10
a4,Dahlia,2025-01-01,,500,2027-01-31,0
a5,Elm,2025-02-01,,7000,2027-02-01,2
"""
UNITS = "unit_id,account_id,unit\nu1,a1,Sales\nu2,a2,Support\n"
LOGINS = """account_id,unit_id,user_id,day
a1,u1,x,2026-10-20
a1,u1,y,2026-10-21
a2,u2,z,2026-09-20
a3,,q,2026-09-20
a5,,v,2026-10-30
"""


@dataclass(frozen=True)
class Project:
    """A folder of definitions and a folder of data; a test changes either before it asks."""

    definitions: Path
    data: Path

    def arguments(self, verb: str, *more: str) -> list[str]:
        return [verb, str(self.definitions), "--data", str(self.data), *more]

    def define(self, text: str) -> None:
        (self.definitions / "health.yaml").write_text(text, encoding="utf-8")

    def redefine(self, old: str, new: str) -> None:
        assert old in DEFINITIONS
        self.define(DEFINITIONS.replace(old, new))

    def fill(self, name: str, text: str | bytes) -> None:
        (self.data / name).write_bytes(text.encode() if isinstance(text, str) else text)


def write_project(folder: Path) -> Project:
    project = Project(folder / "definitions", folder / "data")
    project.definitions.mkdir()
    project.data.mkdir()
    (project.definitions / "keepwell.yaml").write_text("time_zone: UTC\n")
    project.define(DEFINITIONS)
    for name, text in (("accounts.csv", ACCOUNTS), ("units.csv", UNITS), ("logins.csv", LOGINS)):
        project.fill(name, text)
    return project


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


class Command:
    """Runs `keepwell` in this process."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *arguments: str | Path) -> Answer:
        self._capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = self._capfd.readouterr()
        return Answer(code, out, err)


def start(*arguments: str | Path, stdout: IO[str] | int = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
    """`keepwell` in a process of its own, with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "keepwell.cli", *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "120", **environment},
    )
