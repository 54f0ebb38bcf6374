"""States of refreshes in a folder: a manifest, an array file for each part, and a file for each day yet to leave.

Files are written once and never changed; the manifest names those that count and is replaced last, so that a process
killed anywhere leaves the state as it was. What no manifest names is removed by the next write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.engine.facts import Holdings
from keepwell.engine.moments import Moment
from keepwell.engine.refresh.group import DayRows, Group
from keepwell.engine.refresh.kept import smallest
from keepwell.engine.refresh.pairs import PairList, PairTable
from keepwell.engine.refresh.part import Part
from keepwell.engine.refresh.plan import identity, plan_advances
from keepwell.engine.refresh.reading import Seen
from keepwell.engine.refresh.state import PartKey, RefreshState
from keepwell.lake.tables import FileLock, WriterLock

_FORMAT = 2
_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class _Filed:
    """Rows of a day in a file."""

    path: Path

    def table(self) -> pa.Table:
        with pa.memory_map(str(self.path)) as file:
            return pa.ipc.open_file(file).read_all()


def write_state(folder: Path, state: RefreshState, *, lock: WriterLock | None = None) -> RefreshState:
    """Keeps a state in the place of the one that is there, and returns it as it now lies in files.

    Days that are in files of the folder already stay there. Raises RequestRefused where another process is writing.
    """
    with (lock or FileLock(folder / "_writer.lock")).hold():
        kept = _manifest(folder)
        numbers = iter(range(int(kept["next"]) if kept else 0, 2**63))
        parts, described = {}, []
        for key, part in sorted(state.parts.items()):
            parts[key] = _filed(folder, part, numbers)
            described.append(_write_part(folder, key, parts[key], numbers))
        _replace_manifest(folder, {"format": _FORMAT, "next": next(numbers), "parts": described})
        _remove_others(folder, described)
    return RefreshState(parts)


def read_state(folder: Path, project: Project) -> RefreshState | None:
    """The state kept in a folder; None where there is none. Parts of other definitions are left out."""
    manifest = _manifest(folder)
    if manifest is None:
        return None
    read = (_read_part(folder, project, described) for described in manifest["parts"])
    return RefreshState(dict(found for found in read if found is not None))


def _filed(folder: Path, part: Part, numbers: Iterator[int]) -> Part:
    """The part with all its days in files of the folder."""
    groups = []
    for group in part.groups:
        leaving = {
            day: tuple(_file_of(folder, rows, numbers) for rows in tables) for day, tables in group.leaving.items()
        }
        groups.append(replace(group, leaving=leaving))
    return replace(part, groups=tuple(groups))


def _file_of(folder: Path, rows: DayRows, numbers: Iterator[int]) -> _Filed:
    if isinstance(rows, _Filed) and rows.path.parent == folder:
        return rows
    path = folder / f"day-{next(numbers):08}.arrow"
    table = rows.table()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with path.open("wb") as file:
        with pa.ipc.new_file(file, table.schema, options=options) as writer:
            writer.write_table(table)
        _settle(file)
    return _Filed(path)


def _write_part(folder: Path, key: PartKey, part: Part, numbers: Iterator[int]) -> dict[str, Any]:
    path = folder / f"part-{next(numbers):08}.npz"
    arrays = {name: array for number, group in enumerate(part.groups) for name, array in _arrays(group, number)}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays, **_texts("entities", part.entities))
        _settle(file)
    moment = part.seen.moment
    return {
        "key": [key.dataset, key.entity_kind, key.days_before, key.windowed],
        "identity": part.identity,
        "metrics": [request.name for request in part.plan.requests],
        "as_of": moment.as_of.isoformat(),
        "known_at": moment.known_at.isoformat(),
        "load_id": part.seen.load_id,
        "holdings": _described(part.seen.holdings),
        "rows": {day.isoformat(): rows for day, rows in part.rows.items()},
        "arrays": path.name,
        "days": [
            {day.isoformat(): [rows.path.name for rows in tables] for day, tables in group.leaving.items()}  # type: ignore[attr-defined]
            for group in part.groups
        ],
    }


def _read_part(folder: Path, project: Project, described: Mapping[str, Any]) -> tuple[PartKey, Part] | None:
    key = PartKey(*described["key"])
    metrics = {name: project.metrics.get(name) for name in described["metrics"]}
    same = {
        name: metric
        for name, metric in metrics.items()
        if isinstance(metric, AggregateMetric) and metric.dataset == key.dataset
    }
    if key.dataset not in project.datasets or len(same) < len(metrics):
        return None
    plan = plan_advances(key.dataset, same, project.datasets[key.dataset].events)
    if identity(project, plan) != described["identity"]:
        return None
    with np.load(folder / described["arrays"], allow_pickle=False) as arrays:
        groups = tuple(
            _read_group(folder, Group.empty(group), number, arrays, described["days"][number])
            for number, group in enumerate(plan.groups)
        )
        entities = _text_array("entities", arrays)
    moment = Moment(date.fromisoformat(described["as_of"]), datetime.fromisoformat(described["known_at"]))
    rows = {date.fromisoformat(day): count for day, count in described["rows"].items()}
    seen = Seen(moment, described["load_id"], Holdings(**described["holdings"]) if described["holdings"] else None)
    return key, Part(plan, described["identity"], seen, rows, entities, groups)


def _described(holdings: Holdings | None) -> dict[str, Any] | None:
    return None if holdings is None else {"files": dict(holdings.files), "basis": holdings.basis}


def _arrays(group: Group, number: int) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays of a group by name, in the order in which an empty group of the same plan has them."""
    for index, total in enumerate(group.totals):
        yield f"{number}.total.{index}", smallest(total.sums)
    for index, days in enumerate(group.days):
        yield f"{number}.days.{index}", days.words
    for index, latest in enumerate(group.latest):
        yield f"{number}.latest.{index}", latest.day
    for index, pairs in enumerate(group.pairs):
        if isinstance(pairs, PairList):
            yield f"{number}.pair.{index}", pairs.key
        yield f"{number}.seen.{index}", pairs.day
    yield from _texts(f"{number}.values", group.values).items()


def _read_group(
    folder: Path, empty: Group, number: int, arrays: Mapping[str, np.ndarray], days: Mapping[str, list[str]]
) -> Group:
    def of(kind: str, index: int) -> np.ndarray:
        return arrays[f"{number}.{kind}.{index}"]

    return replace(
        empty,
        values=_text_array(f"{number}.values", arrays),
        totals=[replace(one, sums=of("total", index)) for index, one in enumerate(empty.totals)],
        days=[replace(one, words=of("days", index)) for index, one in enumerate(empty.days)],
        latest=[replace(one, day=of("latest", index)) for index, one in enumerate(empty.latest)],
        pairs=[
            PairList(one.partial, of("pair", index), of("seen", index))
            if f"{number}.pair.{index}" in arrays
            else PairTable(one.partial, of("seen", index))
            for index, one in enumerate(empty.pairs)
        ],
        leaving={date.fromisoformat(day): tuple(_Filed(folder / one) for one in names) for day, names in days.items()},
    )


def _texts(name: str, texts: pa.Array) -> dict[str, np.ndarray]:
    """Texts as their bytes and where each ends."""
    large = texts.cast(pa.large_string())
    flat = pa.concat_arrays([large]) if large.offset else large
    _, offsets, data = flat.buffers()
    ends = np.frombuffer(offsets, np.int64)[: len(flat) + 1] if offsets else np.zeros(1, np.int64)
    return {f"{name}.ends": ends, f"{name}.bytes": np.frombuffer(data or b"", np.uint8)[: int(ends[-1])]}


def _text_array(name: str, arrays: Mapping[str, np.ndarray]) -> pa.Array:
    ends, data = arrays[f"{name}.ends"], arrays[f"{name}.bytes"]
    buffers = [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(data.tobytes())]
    return pa.Array.from_buffers(pa.large_string(), len(ends) - 1, buffers).cast(pa.string())


def _manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / _MANIFEST
    if not path.exists():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest if manifest["format"] == _FORMAT else None


def _replace_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    unfinished = folder / f".{_MANIFEST}"
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(manifest, file)
        _settle(file)
    unfinished.replace(folder / _MANIFEST)


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _remove_others(folder: Path, described: list[dict[str, Any]]) -> None:
    named = {part["arrays"] for part in described}
    named |= {name for part in described for days in part["days"] for names in days.values() for name in names}
    for path in (*folder.glob("day-*.arrow"), *folder.glob("part-*.npz")):
        if path.name not in named:
            path.unlink()
