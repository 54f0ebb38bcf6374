"""CSV files as people bring them, with one row in a thousand that does not fit."""

from __future__ import annotations

from pathlib import Path

import duckdb

from importing.project import THERE

_SELECT = {
    "usage": (
        f"select 'there-' || (i % {THERE}) as account, timestamp '2026-01-01' + interval (i % 5000000) second as at, "
        "'feature ' || (i % 40) as feature, 'user-' || (i % 200000) as who, "
        "case when i % 1000 = 999 then 'many' else ((i * 7919) % 500)::varchar end as events, "
        "((i * 31) % 10000) / 100.0 as minutes from range({rows}) t(i)"
    ),
    "accounts": (
        "select 'a' || i as id, 'Company ' || i as name, case when i % 1000 = 999 then 'much' else "
        "((i * 7919) % 500000)::varchar end as arr, date '2026-01-01' + (i % 700)::int as renews_on, "
        "(['onboarding', 'live', 'renewing'])[1 + i % 3] as stage, "
        "'plan ' || (i % 5) as plan, (i % 900) as seats from range({rows}) t(i)"
    ),
    "people": (
        f"select 'there-' || (i % {THERE}) as account_id, 'Person ' || i as name, "
        "case when i % 1000 = 999 then 'nobody' else 'person' || i || '@company' || (i % 5000) || '.example' end "
        "as email, "
        "'+44 20 ' || i as phone, 'Engineer' as role from range({rows}) t(i)"
    ),
}
KINDS = tuple(_SELECT)


def write_file(kind: str, path: Path, rows: int) -> Path:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({_SELECT[kind].format(rows=rows)}) to '{path}' (format csv, header true)")
    return path
