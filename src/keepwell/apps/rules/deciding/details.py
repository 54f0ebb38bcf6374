"""Each account that a decision considered, with what was looked at: a file beside the runs it led to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.health.arrow_files import read_whole, write_whole
from keepwell.apps.health.place import data_dir
from keepwell.engine.rules.matching import Matches

KEPT = timedelta(days=60)
_SCOPE, _WHEN = "scope:", "when:"


def write_details(name: str, table: pa.Table, found: Matches) -> str:
    """The table with a truth for scope and condition of each rule. Returns the file's name; it appears whole."""
    for prefix, truths in ((_SCOPE, found.scope), (_WHEN, found.when)):
        for rule, mask in truths.items():
            table = table.append_column(prefix + rule, pa.array(mask))
    path = _folder() / f"{name}.arrow"
    write_whole(path, table)
    return path.name


def read_details(file: str, rule: str) -> pa.Table | None:
    """`account_id`, `in_scope`, `matches` and the values that were looked at; None where the file is kept no more."""
    path = _folder() / Path(file).name
    if not file or not path.exists():
        return None
    table = read_whole(path)
    if _WHEN + rule not in table.column_names:
        return None
    looked_at = [name for name in table.column_names if not name.startswith((_SCOPE, _WHEN))]
    scope, when = table[_SCOPE + rule], table[_WHEN + rule]
    return table.select(looked_at).append_column("in_scope", scope).append_column("matches", when)


def considered(file: str, rule: str) -> pa.Table | None:
    """Those in the rule's scope alone."""
    table = read_details(file, rule)
    return None if table is None else table.filter(pc.field("in_scope"))


def delete_old(now: datetime) -> int:
    """Files older than they are kept; how many."""
    old = [path for path in _folder().glob("*.arrow") if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - KEPT]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return data_dir() / "decisions"
