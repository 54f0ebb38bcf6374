"""The history of scores as a relation: as it was shown, without reading it whole."""

from __future__ import annotations

from keepwell.engine.reporting.history import HISTORY, STORED
from keepwell.lake.history import SCORES
from keepwell.lake.place import Lake
from keepwell.lake.statements import quoted, rows
from keepwell.lake.warehouse import DuckDBWarehouse

_RAW = "kw_report_scores_raw"
_KIND = "entity_kind = 'account'"


def add_score_history(warehouse: DuckDBWarehouse, lake: Lake, name: str) -> bool:
    """Registers `engine.reporting.history.HISTORY` under a name; False where no score was ever kept.

    Of several rows of an account and date the one with the earliest known_at, as `read_scores` has it. Only dates that
    were written by several runs are looked at that closely: ranking two years of scores takes thirty times as long
    as reading them.
    """
    table = lake.table(SCORES)
    if not table.exists:
        return False
    warehouse.add_lake_table(_RAW, table)
    warehouse.add_query(name, _statement(_repeated(warehouse)))
    return True


def _repeated(warehouse: DuckDBWarehouse) -> list[str]:
    """The dates that several runs have written."""
    with warehouse.turn:
        found = rows(
            warehouse.connection,
            f"select as_of from {_RAW} where {_KIND} group by as_of having min(run) <> max(run) order by as_of",
        )
    return [str(day) for (day,) in found]


def _statement(repeated: list[str]) -> str:
    columns = ", ".join(f"{quoted(STORED.get(one, one))} as {quoted(one)}" for one in HISTORY.names)
    if not repeated:
        return f"select {columns} from {_RAW} where {_KIND}"
    listed = ", ".join(f"date '{day}'" for day in repeated)
    first = "qualify row_number() over (partition by account_id, as_of order by known_at, load_id) = 1"
    once = f"select {columns} from {_RAW} where {_KIND} and as_of not in ({listed})"
    return f"{once} union all select {columns} from {_RAW} where {_KIND} and as_of in ({listed}) {first}"
