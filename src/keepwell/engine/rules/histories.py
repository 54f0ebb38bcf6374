"""Tables of several dates from one history: what replays and the first look at a rule are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import pyarrow as pa

from keepwell.engine.columns import one_array
from keepwell.engine.rules.bands import advance
from keepwell.engine.rules.columns import completed
from keepwell.engine.rules.needs import Needs

Then = Callable[[date], pa.Table]
"""What records said at the end of a day."""


def tables_over(
    snapshots: Iterable[pa.Table], needs: Needs, *, earlier: pa.Table | None = None, records: Then | None = None
) -> Iterator[tuple[date, pa.Table]]:
    """Dates with tables of `columns`, from snapshots at ascending dates: each looks back at those before it alone.

    `earlier` are rows of dates before the first, to be looked back at. `records` gives those of a date (see `columns`).
    """
    history, bands = [earlier] if earlier is not None else [], None
    wanted = ["account_id", "as_of", *sorted({past.name.dotted for past in needs.past})]
    for snapshot in snapshots:
        if snapshot.num_rows == 0:
            continue
        as_of = snapshot["as_of"][0].as_py()
        past = pa.concat_tables(history, promote_options="permissive") if history else None
        then = records(as_of) if records is not None else None
        yield as_of, completed(snapshot, needs, as_of, history=past, bands=bands, records=then)
        history.append(snapshot.select([name for name in wanted if name in snapshot.column_names]))
        if needs.asks_bands and "label" in snapshot.column_names:
            bands = advance(bands, one_array(snapshot["account_id"]), one_array(snapshot["label"]), as_of)
