"""Values as one file: a header and Arrow streams one behind another, read back memory-mapped and equal to the bit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.values import Days, EntityValues, Values
from keepwell.errors import DataRefused
from keepwell.whole_files import whole

FORMAT = "keepwell values 1"
_HEADER = b"keepwell"
_ATTRIBUTE, _METRIC, _OBSERVED, _PREVIOUS = "attribute:", "metric:", "observed:", "previous:"


def write_values(values: Values, path: Path) -> None:
    """Writes `values` to `path`; the file appears whole or not at all."""
    with whole(path) as unfinished, pa.OSFile(str(unfinished), "wb") as sink:
        for table in _tables(values):
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)


def read_values(path: Path) -> Values:
    """The values written to `path`, mapped into memory. Raises DataRefused for a file that is not such a file."""
    try:
        source = pa.memory_map(str(path))
        header = _read(source)
        facts = json.loads((header.schema.metadata or {})[_HEADER])
    except (pa.ArrowException, KeyError, ValueError):
        raise DataRefused(f"{path} does not hold values of a run; expected the format '{FORMAT}'") from None
    kinds: list[EntityKind] = facts["kinds"]
    entities = {kind: _entity_values(kind, source) for kind in kinds}
    return Values(
        as_of=date.fromisoformat(facts["as_of"]),
        known_at=datetime.fromisoformat(facts["known_at"]),
        accounts=entities["account"],
        relationships=entities.get("relationship"),
        load_ids=facts["load_ids"],
        warnings=tuple(facts["warnings"]),
    )


def _tables(values: Values) -> Iterator[pa.Table]:
    kinds = [kind for kind in ("account", "relationship") if values.of(kind) is not None]
    facts = {
        "format": FORMAT,
        "kinds": kinds,
        "as_of": values.as_of.isoformat(),
        "known_at": values.known_at.isoformat(),
        "load_ids": dict(values.load_ids),
        "warnings": list(values.warnings),
    }
    yield _with(pa.table({}), facts)
    for kind in kinds:
        entities = values.of(kind)  # type: ignore[arg-type]
        assert entities is not None
        yield from (_main(entities), entities.entries, entities.overrides, entities.pins)


def _main(entities: EntityValues) -> pa.Table:
    columns: dict[str, Any] = {"id": entities.ids, "account": entities.accounts, "parent": entities.parents}
    columns |= {_ATTRIBUTE + name: entities.attributes[name] for name in entities.attributes.column_names}
    columns |= {_METRIC + name: entities.metrics[name] for name in entities.metrics.column_names}
    columns |= {_OBSERVED + n: pa.array(days) for n, days in entities.observed.items() if not isinstance(days, date)}
    columns |= {_PREVIOUS + name: column for name, column in entities.previous.items()}
    facts = {
        "observed": {name: day.isoformat() for name, day in entities.observed.items() if isinstance(day, date)},
        "silent": {name: day.isoformat() if day else None for name, day in entities.silent.items()},
    }
    return _with(pa.table(columns), facts)


def _entity_values(kind: EntityKind, source: pa.NativeFile) -> EntityValues:
    main, entries, overrides, pins = (_read(source) for _ in range(4))
    facts = json.loads((main.schema.metadata or {})[_HEADER])
    observed: dict[str, date | Days] = {name: date.fromisoformat(day) for name, day in facts["observed"].items()}
    for name, column in _named(main, _OBSERVED).items():
        observed[name] = np.asarray(column.to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    return EntityValues(
        entity_kind=kind,
        ids=_one(main["id"]),
        accounts=_one(main["account"]),
        parents=_one(main["parent"]),
        attributes=_select(main, _ATTRIBUTE),
        metrics=_select(main, _METRIC),
        observed=observed,
        silent={name: date.fromisoformat(day) if day else None for name, day in facts["silent"].items()},
        previous=_named(main, _PREVIOUS),
        entries=entries,
        overrides=overrides,
        pins=pins,
    )


def _with(table: pa.Table, facts: dict[str, Any]) -> pa.Table:
    return table.replace_schema_metadata({_HEADER: json.dumps(facts).encode()})


def _read(source: pa.NativeFile) -> pa.Table:
    with pa.ipc.open_stream(source) as reader:
        return reader.read_all()


def _named(table: pa.Table, prefix: str) -> dict[str, pa.Array]:
    return {name.removeprefix(prefix): _one(table[name]) for name in table.column_names if name.startswith(prefix)}


def _select(table: pa.Table, prefix: str) -> pa.Table:
    names = [name for name in table.column_names if name.startswith(prefix)]
    chosen = table.select(names).replace_schema_metadata(None)
    return chosen.rename_columns([name.removeprefix(prefix) for name in names])


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
