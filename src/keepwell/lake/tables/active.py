"""The data files that make up one version of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable


@dataclass(frozen=True)
class LakeFile:
    """One active data file: absolute path, rows, bytes, and the values of its partition columns."""

    path: str
    rows: int
    size: int
    partition: Mapping[str, Any]


def active_files(root: Path, delta: DeltaTable) -> Iterator[LakeFile]:
    """The active files of the version that `delta` stands at; paths are unquoted, as they are on disk."""
    names = delta.metadata().partition_columns
    for action in pa.table(delta.get_add_actions(flatten=True)).to_pylist():
        partition = {name: action[f"partition.{name}"] for name in names}
        path = str(root / unquote(action["path"]))
        yield LakeFile(path, action["num_records"], action["size_bytes"], partition)


def crowded_partitions(files: Iterable[LakeFile]) -> list[dict[str, Any]]:
    """The partitions of more than one file."""
    counts = Counter(tuple(file.partition.items()) for file in files)
    return [dict(partition) for partition, count in counts.items() if count > 1]
