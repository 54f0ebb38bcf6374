"""Cases of the metric plan: the clauses of time, aggregates and ledgers, as tables of a warehouse hold them."""

from __future__ import annotations

import pyarrow as pa

from tests.backends.metrics import MetricCase
from tests.backends.zone_cases import ZONE_CASES
from tests.engine.building import test_aggregates, test_ledgers, test_time

_AGGREGATES = (
    "count()", "count(amount)", "count_distinct(kind)", "count_distinct(amount)", "sum(amount)", "sum(whole)",
    "avg(amount)", "avg(whole)", "min(amount)", "max(amount)", "median(amount)", "median(whole * 2)", "min(kind)",
    "max(kind)", "min(day)", "max(at)", "latest(kind)", "latest(amount)", "latest(ok)",
    "latest(at)", "earliest(kind)", "earliest(amount)", "earliest(day)", "days_active()",
    "distinct_days(kind)", "distinct_days(amount)",
    "days_since_latest()",
    "sum(amount / whole)", "count_distinct(lower(kind))", "max(lower(kind))",
    """\"sum(amount * power(0.5, date_diff('day', at, as_of) / 30))\"""",
)  # fmt: skip
_CONDITIONS = (
    ", where: kind = 'x'", ", where: kind <> 'x'", ", where: amount > 100", ", where: not ok, window: 40 days",
    """, where: "date_diff('day', at, as_of) >= 4\"""",
)  # fmt: skip
_DATASETS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  events: {file: events.csv, key: id, account: account_id, occurred_at: at, recorded_at: seen, types: {ok: boolean}}
metrics:
"""


def _metrics(*aggregates: str) -> str:
    return _DATASETS + "".join(
        f"  m{number}: {{dataset: events, aggregate: {aggregate}}}\n" for number, aggregate in enumerate(aggregates)
    )


_EVERY = [
    aggregate + condition
    for number, aggregate in enumerate(_AGGREGATES)
    for condition in ("", ", window: 3 days", _CONDITIONS[number % len(_CONDITIONS)])
]
_AGGREGATE_DEFINITIONS = _metrics(*_EVERY)
_FEW = _metrics(*_AGGREGATES)
_EVENTS = """\
id,account_id,at,seen,kind,amount,ok,whole,day
1,1,2024-03-01 10:00:00,2024-03-01 10:00:00,x,4,true,3,2024-03-01
2,1,2024-03-01 12:00:00,2024-03-01 12:00:00,y,,false,0,1969-07-20
3,1,2024-03-03 09:00:00,2024-03-03 09:00:00,x,1.5,,-2,
4,1,2024-03-03 09:00:00,2024-03-03 09:30:00,Z,2,true,,1900-01-01
5,1,2024-03-03 09:00:00,2024-03-03 09:30:00,,,true,9,
6,2,2024-02-01 09:00:00,2024-02-01 09:00:00,é,,true,7,2024-02-29
7,2,2024-02-01 09:00:00,2024-02-01 09:00:00,Ž,0.1,false,7,2024-02-29
8,2,2024-02-01 09:00:00,2024-02-01 09:00:00,z,0.2,false,1,2024-02-29
9,2,1969-12-31 23:59:59,1970-01-01 00:00:00,🙂,1e10,true,123456789012,1969-12-31
10,2,1969-12-31 23:59:59,1970-01-01 00:00:00,\uffee,1e10,true,123456789012,1969-12-31
11,3,2024-03-04 00:00:00,2024-03-09 00:00:00,a b,5,,1,2024-03-04
""".replace("\\uffee", "\uffee")
_NUMBERED = {
    "accounts": "account_id\n1\n2\n3\n4\n",
    "events": _EVENTS,
}
_AS_IDS_ARE = {
    "accounts.account_id": pa.int64(),
    "events.account_id": pa.int64(),
    "events.id": pa.int64(),
    "events.amount": pa.decimal128(18, 4),
    "events.at": pa.timestamp("us", "UTC"),
}
_TIES = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, changed_at: changed}
  events: {file: events.csv, key: id, account: account_id, occurred_at: day}
metrics:
  word: {attribute: word}
  latest: {dataset: events, aggregate: latest(word)}
  earliest: {dataset: events, aggregate: earliest(word)}
  smallest: {dataset: events, aggregate: min(word)}
  largest: {dataset: events, aggregate: max(word)}
  large_word: {dataset: events, aggregate: max(word), where: word > 'Z'}
"""
_WORDS = ("a", "B", "b", "_", "é", "z", "Z", "\uffee", "🙂", "10", "9", "A b", "Ab", "a-b", "ab", "\u017e")
_TIED = {
    "accounts": "account_id,changed,word\n" + "".join(f"A,2024-01-01,{word}\nB,2024-01-01,{word}\n" for word in _WORDS),
    "events": "id,account_id,day,word\n" + "".join(f"{word},A,2024-01-02,{word}\n" for word in _WORDS)
    + "".join(f"same,B,2024-01-02,{word}\n" for word in _WORDS),
}  # fmt: skip
_OPTIONS = "recorded_at: loaded\n    known_later: {closed: closed, stars: closed}"
_DAYS = tuple(f"2024-03-{day:02}" for day in range(1, 15))
_NAMES = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  events: {file: events.csv, account: account_id, occurred_at: day}
metrics:
""" + "".join(
    f"  {'a_name_as_long_as_a_name_can_be_' * 2}{'x' * 30}_{number}: "
    f"{{dataset: events, aggregate: {aggregate}, where: kind = 'k{number % 3}'}}\n"
    for number in range(4)
    for aggregate in [("latest(kind)", "count()", "days_active()", "earliest(kind)")[number]]
)
_GONE = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  deals: {file: deals.csv, key: deal, account: account_id, occurred_at: created, changed_at: changed, deleted: gone}
metrics:
  deals: {dataset: deals, aggregate: count()}
"""
_GONE_ROWS = """\
deal,account_id,created,changed,gone
d1,A,2024-01-01,2024-01-01,
d2,A,2024-01-01,2024-01-01,{end}
d3,B,2024-01-01,2024-01-01,{none}
d3,B,2024-01-01,2024-01-05,{end}
"""
_VIA = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  plans: {file: plans.csv, key: plan, account: account_id}
  uses: {file: uses.csv, account: {via: plans, on: plan}, occurred_at: day,
         arrives_after: 2 days, expected_every: 1 day}
metrics:
  uses: {dataset: uses, aggregate: sum(n), window: 30 days}
"""
_VIA_FILES = {
    "plans": "plan,account_id\n1,A\n2,B\n2,A\n3,\n",
    "uses": "plan,day,n\n1,2024-03-01,2\n2,2024-03-02,3\n3,2024-03-02,5\n"
    "4,2024-03-02,7\n4,2024-03-03,7\n,2024-03-03,1\n",
}

_LOGINS = "account_id,day\nA,2024-03-01\nB,2024-03-03\n"
_GRID = ("1969-12-31", "2024-03-05", "2024-03-10")
_HISTORY_DAYS = ("2024-01-31", "2024-02-15", "2024-03-01")
_USAGE = {"usage": test_aggregates.usage_rows()}
_TICKETS = {"tickets": test_time.TICKETS}
_FAMILY = {"accounts": test_aggregates.TREE, "units": test_aggregates.UNITS, "events": test_aggregates.USES}
_LONG = "account_id,day,kind\nA,2024-01-01,k0\nA,2024-01-02,k1\nB,2024-01-02,k2\nB,2024-01-03,k0\n"
_LIVES = ("2023-12-31", "2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01")
_BEFORE = test_time.DATASETS % "arrives_after: 2 days"
_REVEALED = test_time.DATASETS % _OPTIONS
_DATED = {"deals": _GONE_ROWS.format(none="", end="2024-01-10")}
_YES_NO = {"deals": _GONE_ROWS.format(none="No", end="yes")}
_ZERO_ONE = {"deals": _GONE_ROWS.format(none="0", end="1")}
_AS_KEYS_ARE = {"uses.plan": pa.int64(), "plans.plan": pa.decimal128(12, 0)}

_ODD = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id}
  events: {file: events.csv, account: account_id, occurred_at: day}
metrics:
  largest: {dataset: events, aggregate: max(x)}
  distinct: {dataset: events, aggregate: count_distinct(x)}
  latest: {dataset: events, aggregate: latest(x)}
  total: {dataset: events, aggregate: sum(small)}
  least: {dataset: events, aggregate: min(small)}
  whole: {dataset: events, aggregate: sum(whole)}
  exact: {dataset: events, aggregate: sum(exact)}
  farthest: {dataset: events, aggregate: max(far)}
  words: {dataset: events, aggregate: count_distinct(word)}
"""
_ODD_ROWS = """\
account_id,day,x,small,whole,exact,far,word
A,2024-01-01,nan,0.1,9007199254740993,0.1,9999-12-31 23:59:59,é
A,2024-01-01,-0.0,0.2,2,0.2,,é
A,2024-01-01,0.0,0.3,,,0001-01-01 00:00:00,E
B,2024-01-01,inf,3.3,-1,3.3,0001-01-01 00:00:00,a
B,2024-01-01,-inf,,,0.0000000001,,"a "
"""
_ODD_TYPES = {"events.x": pa.float64(), "events.small": pa.float32(), "events.exact": pa.decimal128(38, 10)}
_PLAIN = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, parent: parent}
  events: {file: events.csv, account: account_id, occurred_at: day}
metrics:
  events: {dataset: events, aggregate: count()}
  below: {children: events, of: accounts, aggregate: sum}
"""
_IDS = {
    "accounts": "account_id,parent\n1,\n2,1\n30,2\n",
    "events": "account_id,day\n1,2024-01-01\n2,2024-01-01\n2,2024-01-01\n30,2024-01-02\n,2024-01-02\n",
}
_BIG_IDS = {
    "accounts": "account_id,parent\n9007199254740993,\n9007199254740992,9007199254740993\n",
    "events": "account_id,day\n9007199254740993,2024-01-01\n",
}


def _ids(accounts: pa.DataType, events: pa.DataType | None = None) -> dict[str, pa.DataType]:
    return {"accounts.account_id": accounts, "accounts.parent": accounts, "events.account_id": events or accounts}


METRIC_CASES = (
    MetricCase("aggregates", _AGGREGATE_DEFINITIONS, _NUMBERED, ("2024-03-05",)),
    MetricCase("aggregates_typed", _FEW, _NUMBERED, _GRID, types=_AS_IDS_ARE, zone="Europe/Berlin"),
    MetricCase("aggregates_at_dates", _AGGREGATE_DEFINITIONS, _NUMBERED, ("2024-02-02", "2024-03-05", "2024-03-09")),
    MetricCase("ties_of_text", _TIES, _TIED, ("2024-01-03",)),
    MetricCase("recorded_and_revealed", _REVEALED, _TICKETS, _DAYS),
    MetricCase("known_before", _REVEALED, _TICKETS, _DAYS[5:9], "2024-03-07T12:00"),
    MetricCase("arrives_after", _BEFORE, _TICKETS, _DAYS[6:10]),
    MetricCase("keyed_history", test_time.HISTORY, {"deals": test_time.DEALS}, _HISTORY_DAYS),
    MetricCase("deleted_by_date", _GONE, _DATED, ("2024-01-04", "2024-01-09", "2024-01-10")),
    MetricCase("deleted_by_text", _GONE, _YES_NO, ("2024-01-04", "2024-01-09"), types={"deals.gone": pa.string()}),
    MetricCase("deleted_by_number", _GONE, _ZERO_ONE, ("2024-01-04", "2024-01-09")),
    MetricCase("population", test_time.POPULATION, {"accounts": test_time.LIVES}, _LIVES),
    MetricCase("silent", test_time.SILENT, {"logins": _LOGINS}, ("2024-03-05", "2024-03-06")),
    MetricCase("made_of_metrics", test_aggregates.DERIVED, _FAMILY, ("2024-03-10",)),
    MetricCase("via", _VIA, _VIA_FILES, ("2024-03-03", "2024-03-05"), types=_AS_KEYS_ARE),
    MetricCase("pivots", test_aggregates.MANY, _USAGE, ("2024-03-20",)),
    MetricCase("pivots_in_a_grid", test_aggregates.MANY, _USAGE, ("2024-02-10", "2024-03-01", "2024-03-20")),
    MetricCase("ledgers", test_ledgers.DEFINITIONS, test_ledgers.FILES, tuple(f"2024-03-0{n}" for n in range(1, 10))),
    MetricCase("long_names", _NAMES, {"events": _LONG}, ("2024-01-03",)),
    MetricCase("odd_numbers", _ODD, {"events": _ODD_ROWS}, ("2024-01-05",), types=_ODD_TYPES),
    MetricCase("ids_as_floats", _PLAIN, _IDS, ("2024-01-05",), types=_ids(pa.float64())),
    MetricCase("ids_as_decimals", _PLAIN, _IDS, ("2024-01-05",), types=_ids(pa.decimal128(38, 9))),
    MetricCase("ids_of_two_types", _PLAIN, _IDS, ("2024-01-05",), types=_ids(pa.int64(), pa.decimal128(20, 2))),
    MetricCase("ids_beyond_floats", _PLAIN, _BIG_IDS, ("2024-01-05",), types=_ids(pa.int64(), pa.string())),
    *ZONE_CASES,
)
