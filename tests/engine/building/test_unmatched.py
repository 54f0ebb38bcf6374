"""Rows that lead to nobody are counted and listed, whatever they are rows of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.building.places import values_at

DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  units: {role: relationships, file: units.csv, key: unit, account: account_id}
  plans: {file: plans.csv, key: plan, account: account_id}
  logins: {file: logins.csv, account: account_id, relationship: unit, occurred_at: day}
  uses: {file: uses.csv, account: {via: plans, on: plan}, occurred_at: day}
  unread: {file: logins.csv, account: account_id, occurred_at: day}
  entries: {role: entries, file: entries.csv, account: account_id, relationship: unit, occurred_at: at}
  overrides: {role: overrides, file: overrides.csv, account: account_id, recorded_at: at}
  pins: {role: pins, file: pins.csv, account: account_id, recorded_at: at}
metrics:
  logins: {dataset: logins, aggregate: count()}
  uses: {dataset: uses, aggregate: count()}
"""
FILES = {
    "accounts": "account_id\nA\nB\n",
    "units": "unit,account_id\nu1,A\n",
    "plans": "plan,account_id\n1,A\n",
    "logins": "account_id,unit,day\nA,,2024-03-01\n",
    "uses": "plan,day\n1,2024-03-01\n",
    "entries": "account_id,unit,at,measure,score\nA,,2024-03-01,m,1\nA,u1,2024-03-01,m,1\n",
    "overrides": "account_id,at,effect,value\nA,2024-03-01,set,1\n",
    "pins": "account_id,at,scorecard\nA,2024-03-01,c\n",
}


def lost(folder: Path, **files: str) -> list[str]:
    (values,) = values_at(folder, DEFINITIONS, {**FILES, **files}, "2024-03-10")
    return [one for one in values.warnings if "nobody" in one or "does not have" in one]


@pytest.mark.slow
def test_where_all_lead_somewhere_nothing_is_said(tmp_path: Path) -> None:
    assert lost(tmp_path) == []


@pytest.mark.slow
def test_facts_without_an_account_are_counted(tmp_path: Path) -> None:
    found = lost(
        tmp_path,
        logins=FILES["logins"] + ",,2024-03-02\n,,2030-01-01\n",
        plans=FILES["plans"] + "2,\n",
        uses=FILES["uses"] + "2,2024-03-01\n3,2024-03-01\n3,2024-03-02\n,2024-03-02\n",
    )
    assert found == [
        "dataset 'logins': 2 rows without account_id count for nobody",
        "dataset 'uses': 3 rows have in plan what 'plans' does not have: (empty), 3",
        "dataset 'plans': 1 row without account_id counts for nobody",
    ]


@pytest.mark.slow
def test_accounts_and_relationships_that_are_nobody_are_counted(tmp_path: Path) -> None:
    accounts, units = "account_id,x\nA,1\n,2\nB,1\n", FILES["units"] + "u2,gone\nu3,\n,A\n"
    assert lost(tmp_path, accounts=accounts, units=units) == [
        "dataset 'accounts': 1 row without account_id counts for nobody",
        "dataset 'units': 1 row without unit counts for nobody",
        "dataset 'units': 2 rows have in account_id what 'accounts' does not have: (empty), gone",
    ]


@pytest.mark.slow
def test_what_people_said_of_accounts_that_do_not_exist_is_listed(tmp_path: Path) -> None:
    more = "".join(f"X{number},2024-03-01,set,1\n" for number in range(7))
    found = lost(
        tmp_path,
        entries=FILES["entries"] + "Z,,2024-03-01,m,1\nA,u9,2024-03-01,m,1\n,,2024-03-01,m,1\n",
        overrides=FILES["overrides"] + more,
        pins=FILES["pins"] + "Z,2024-03-01,c\n",
    )
    assert found == [
        "dataset 'entries': 2 rows have in account_id what 'accounts' does not have: (empty), Z",
        "dataset 'entries': 1 row has in unit what 'units' does not have: u9",
        "dataset 'overrides': 7 rows have in account_id what 'accounts' does not have: X0, X1, X2, X3, X4 and 2 more",
        "dataset 'pins': 1 row has in account_id what 'accounts' does not have: Z",
    ]
