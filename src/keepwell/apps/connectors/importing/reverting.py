"""A table without an import: rows that are still as it left them go, and those that were there come back."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from keepwell.lake.statements import literal, open_duckdb, quoted, rows
from keepwell.lake.tables import LakeTable
from keepwell.lake.tables.table import LOAD_ID


def without(
    table: LakeTable, written: Path, before: Path, key: tuple[str, ...], folder: Path
) -> tuple[pa.Table | None, dict[str, int]]:
    """The rows of the table afterwards, None where nothing of the import is there any more; and counts."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    with open_duckdb(memory_limit="400MB", temp_directory=str(scratch), threads=2) as db:
        for name, path in (("written", written), ("before", before)):
            db.execute(f"create view {name} as select * from read_parquet({literal(str(path))})")
        columns = [row[0] for row in rows(db, "describe written")]
        mine = ", ".join(quoted(one) for one in columns)
        month = {table.layout.month_column} if table.layout.month_column else set()
        names = [one for one in table.schema().names if one not in {LOAD_ID, *month}]
        listed = ", ".join(quoted(one) for one in names)
        db.execute(
            f"create view there as select {listed}, row_number() over (partition by {mine}) as kw_n "
            f"from ({table.relation_sql()})"
        )
        db.execute(
            f"create view left_there as select {mine}, row_number() over (partition by {mine}) as kw_n from written"
        )
        on = " and ".join(f"t.{quoted(one)} is not distinct from w.{quoted(one)}" for one in [*columns, "kw_n"])
        db.execute(f"create temp table gone as select w.* from left_there w semi join there t on {on}")
        (count,) = rows(db, "select count(*) from gone")[0]
        (all_written,) = rows(db, "select count(*) from written")[0]
        if not count:
            return None, {"removed": 0, "put_back": 0, "left": all_written}
        back = _back(db_columns=[row[0] for row in rows(db, "describe before")], key=key)
        put_back = rows(db, f"select count(*) from ({back})")[0][0] if back else 0
        on_gone = on.replace("w.", "g.")
        kept = f"select {listed} from there t anti join gone g on {on_gone}"
        found: pa.Table = db.sql(f"{kept} union all by name ({back})" if back else kept).to_arrow_table()
        return found, {"removed": count - put_back, "put_back": put_back, "left": all_written - count}


def _back(db_columns: list[str], key: tuple[str, ...]) -> str:
    """Rows that were changed, of keys whose row goes."""
    if not key or not set(key) <= set(db_columns):
        return ""
    keys = ", ".join(quoted(one) for one in key)
    return f"select * from before semi join gone using ({keys})"
