"""Times around the hours that clocks skip and repeat, and before 1970: each account has one event."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa

from tests.backends.metrics import MetricCase

_DEFINITIONS = """
datasets:
  accounts: {role: accounts, file: accounts.csv, key: account_id, started_at: at}
  own: {file: own.csv, account: account_id, occurred_at: at, recorded_at: seen}
  utc: {file: utc.csv, account: account_id, occurred_at: at, time_zone: UTC, arrives_after: 1 day}
  tokyo: {file: tokyo.csv, account: account_id, occurred_at: at, time_zone: Asia/Tokyo}
  offset: {file: offset.csv, account: account_id, occurred_at: at, known_later: {at: seen}}
  days: {file: days.csv, account: account_id, occurred_at: at, time_zone: Asia/Tokyo}
metrics:
""" + "".join(
    f"  {name}_at: {{dataset: {name}, aggregate: latest(at)}}\n"
    f"  {name}_age: {{dataset: {name}, aggregate: days_since_latest()}}\n"
    f"  {name}_recent: {{dataset: {name}, aggregate: count(), window: 2 days}}\n"
    for name in ("own", "utc", "tokyo", "offset", "days")
)


def _rows(times: list[datetime], seen: str = "2024-12-01 00:00:00") -> str:
    return "account_id,at,seen\n" + "".join(f"a{number:03},{at},{seen}\n" for number, at in enumerate(times))


def _case(name: str, zone: str, changes: list[str]) -> MetricCase:
    """Half hours around `changes`, read in each zone; dates are the days around them, and one much later."""
    around = [datetime.fromisoformat(one) for one in changes]
    times = [at + timedelta(minutes=30 * step, seconds=step) for at in around for step in range(-10, 11)]
    days = sorted({(at + timedelta(days=step)).date() for at in around for step in (-1, 0, 1)} | {date(2024, 12, 31)})
    asked = [day for day in days if day.year >= 1000]  # before that nobody is scored
    files = {one: _rows(times) for one in ("own", "utc", "tokyo", "offset")}
    files["accounts"] = _rows(times)
    files["days"] = _rows([datetime.combine(at.date(), datetime.min.time()) for at in times])
    types = {"offset.at": pa.timestamp("us", "UTC"), "days.at": pa.date32()}
    return MetricCase(f"zone_{name}", _DEFINITIONS, files, tuple(map(str, asked)), zone=zone, types=types)


ZONE_CASES = (
    _case("berlin", "Europe/Berlin", ["2024-03-31 02:00", "2024-10-27 02:00", "1969-12-31 23:30", "1945-05-24 02:30"]),
    _case("new_york", "America/New_York", ["2024-03-10 02:00", "2024-11-03 02:00", "1883-11-18 12:00"]),
    _case("havana", "America/Havana", ["2024-03-10 00:00", "2024-11-03 00:30"]),
    _case("lord_howe", "Australia/Lord_Howe", ["2024-04-07 01:45", "2024-10-06 02:00"]),
    _case("apia", "Pacific/Apia", ["2011-12-30 12:00"]),
    _case("utc", "UTC", ["2024-03-31 02:00", "1900-03-01 00:00", "0987-06-05 00:00"]),
)
