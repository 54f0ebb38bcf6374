"""The accounts behind a cell of a backtest, as far as somebody sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather

from keepwell.apps.access.actors import Actor
from keepwell.apps.customers.queries import visible
from keepwell.apps.experiments.kinds.work import Work, folder_of
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.retaining import is_over
from keepwell.whole_files import whole

_FILE = "behind.arrow"
_WORDS = {
    "band": "Labelled {0}", "segment": "In segment {0}", "scorecard": "On scorecard {0}", "period": "Looked at in {0}",
    "history": "{0}", "tenth": "Tenth {0} by chance of loss",
}  # fmt: skip
_EARLY = {"seen": "Left, and known {0} days before", "below": "Left, and below the best label {0} days before",
          "worst": "Left, and at the worst label {0} days before"}  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """`rows`: the newest observation of each account that the actor sees, the lowest score first, with its `name`.
    `accounts`: how many there are, seen or not. `is_gone`: they were kept for a while, which is over."""

    title: str
    rows: list[dict[str, Any]]
    observations: int
    accounts: int
    is_gone: bool = False


def keep_behind(work: Work, table: pa.Table) -> None:
    """Beside the result: a list of accounts is too long for it."""
    with whole(work.folder / _FILE) as unfinished:
        feather.write_feather(table, str(unfinished), compression="zstd")


def behind(actor: Actor, one: Experiment, cell: str) -> Behind:
    """Nobody for a cell that counts nobody, and for one that is not done."""
    path = folder_of(one.pk) / _FILE
    if not path.exists():
        return Behind(words_of(cell), [], 0, 0, is_gone=is_over(one))
    table = feather.read_table(str(path), memory_map=True)
    here = pc.equal(pc.list_flatten(table["cells"]), cell)
    found = table.take(pc.list_parent_indices(table["cells"]).filter(here)).drop_columns(["cells"])
    newest = _newest(found)
    names = dict(visible(actor).filter(pk__in=list(newest)).values_list("pk", "name"))
    rows = [{**row, "name": names[account]} for account, row in newest.items() if account in names]
    rows.sort(key=lambda row: (row["score"] is None, row["score"], row["account"]))
    return Behind(words_of(cell), rows, found.num_rows, len(newest))


def _newest(found: pa.Table) -> dict[str, dict[str, Any]]:
    """By account."""
    rows: dict[str, dict[str, Any]] = {}
    for row in found.to_pylist():
        before: date | None = rows[row["account"]]["as_of"] if row["account"] in rows else None
        if before is None or row["as_of"] > before:
            rows[row["account"]] = row
    return rows


def words_of(cell: str) -> str:
    """What a cell counts, in words."""
    kind, _, rest = cell.partition(":")
    if kind == "early":
        days, _, which = rest.partition(":")
        return _EARLY.get(which, "Left").format(days)
    if kind == "tenth":
        return _WORDS[kind].format(int(rest) + 1) if rest.isdecimal() else "Tenth"
    name = rest.partition(":")[2] if kind == "band" else rest
    said = _WORDS.get(kind, "{0}").format(name) or "Accounts"
    return said[:1].upper() + said[1:]
