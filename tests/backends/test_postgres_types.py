"""Types that only PostgreSQL has, as a project meets them: enumerations, UUIDs, char(n), domains, money, views."""

from __future__ import annotations

from typing import Any

import pytest

from keepwell.engine.explain import rows_behind
from keepwell.engine.moments import moment
from keepwell.engine.values import Values
from keepwell.lake.data import ProjectData, open_data
from keepwell.lake.warehouse import PostgresWarehouse, Warehouse
from tests.backends.metrics import MetricCase, project_of, values_on
from tests.backends.warehouses import only_on
from tests.engine.building.places import metric

pytestmark = only_on("postgres")
_TABLES = """
create schema odd;
create type odd.mood as enum ('sad', 'merry', 'calm');
create domain odd.word as text check (value <> '');
create table odd.accounts (id uuid primary key, tier char(6), "Plan" odd.mood, code odd.word);
create table odd.events (account uuid, at timestamptz(0), mood odd.mood, price money, size smallint, part numeric);
insert into odd.accounts values ('00000000-0000-0000-0000-00000000000a', 'gold', 'calm', 'x'),
  ('00000000-0000-0000-0000-00000000000b', null, null, null);
insert into odd.events values
  ('00000000-0000-0000-0000-00000000000a', '2024-01-01 23:30+00', 'sad', '1.50', 1, 0.25),
  ('00000000-0000-0000-0000-00000000000a', '2024-01-02 10:00+00', 'calm', '2.25', null, 0.5);
create materialized view odd.seen as select * from odd.events;
create view odd.people as select * from odd.accounts;
"""
_CASE = MetricCase(
    "odd",
    """
datasets:
  accounts: {role: accounts, table: odd.people, key: id}
  events: {table: odd.seen, account: account, occurred_at: at}
metrics:
  tier: {attribute: tier}
  plan: {attribute: Plan}
  code: {attribute: code}
  calm: {dataset: events, aggregate: count(), where: mood = 'calm'}
  none: {dataset: events, aggregate: count(), where: "mood = 'angry' or upper(mood) = 'X'"}
  least: {dataset: events, aggregate: min(mood)}
  latest: {dataset: events, aggregate: latest(mood)}
  moods: {dataset: events, aggregate: count_distinct(mood)}
  price: {dataset: events, aggregate: sum(price)}
  size: {dataset: events, aggregate: avg(size)}
  part: {dataset: events, aggregate: max(part)}
  gold: {formula: "case when tier = 'gold' then 1 else 0 end"}
""",
    {},
    ("2024-01-02",),
)


@pytest.fixture(scope="module")
def data(warehouse: Warehouse) -> ProjectData:
    assert isinstance(warehouse, PostgresWarehouse)
    with warehouse._backend.con.transaction():
        warehouse._backend.con.execute(_TABLES)
    return open_data(project_of(_CASE), "", warehouse=warehouse)


@pytest.fixture(scope="module")
def values(data: ProjectData) -> Values:
    (found,) = values_on(_CASE, data)
    return found


@pytest.mark.parametrize(
    ("name", "of_a", "of_b"),
    [
        ("tier", "gold", None),
        ("plan", "calm", None),
        ("code", "x", None),
        ("calm", 1, 0),
        ("none", 0, 0),
        ("least", "calm", None),  # as text, not in the order of the enumeration
        ("latest", "calm", None),
        ("moods", 2, 0),
        ("price", 3.75, 0),
        ("size", 1, None),
        ("part", 0.5, None),
        ("gold", 1, 0),
    ],
)
def test_types_of_postgresql(values: Values, name: str, of_a: Any, of_b: Any) -> None:
    ids = [f"00000000-0000-0000-0000-00000000000{letter}" for letter in "ab"]
    assert metric(values, name) == dict(zip(ids, (of_a, of_b), strict=True))


def test_their_rows_can_be_shown(data: ProjectData) -> None:
    at = moment(values_on(_CASE, data)[0].as_of, "UTC")
    found = rows_behind(data.project, data, "calm", "00000000-0000-0000-0000-00000000000a", at)
    assert found.table is not None
    assert found.table["mood"].to_pylist() == ["calm"]
    assert found.total == 1
