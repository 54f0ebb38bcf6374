"""Names and types of the table's columns, kept as the table's comment so that they change with it in one step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

from keepwell.apps.access.prepared import prepared_cursor

TABLE = "current_values"
KEY = "keepwell:account"
SEGMENT = "segment:"
COMMENT = f"select obj_description(to_regclass('{TABLE}'), 'pg_class')"
"""SQL of what `read_columns` reads; null before the first run."""

_LONGEST = 63  # bytes of a name in PostgreSQL


@dataclass(frozen=True)
class Columns:
    """What the table holds. `types`: Ibis type by the name of the attribute or metric.

    `labels`: of all bands, worst to best. `edges`: upper edges of the bands by scorecard, for rounding. `digest` tells
    versions apart.
    """

    as_of: date
    types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    segments: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    edges: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Columns) and self.digest == other.digest


def column_name(name: str) -> str:
    """The column of an attribute, a metric, or with SEGMENT before it a segment; long names are cut and told apart."""
    if len(name.encode()) <= _LONGEST:
        return name
    return f"{name.encode()[:40].decode(errors='ignore')}:{blake2b(name.encode(), digest_size=8).hexdigest()}"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def current_columns() -> Columns | None:
    """The columns as they are now; None before the first run."""
    with prepared_cursor() as cursor:
        cursor.execute(COMMENT)
        (comment,) = cursor.fetchone()
    return None if comment is None else read_columns(comment)


@lru_cache(maxsize=8)
def read_columns(comment: str) -> Columns:
    kept = json.loads(comment)
    return Columns(
        as_of=date.fromisoformat(kept["as_of"]),
        types=kept["types"],
        segments=tuple(kept["segments"]),
        labels=tuple(kept["labels"]),
        edges={card: tuple(edges) for card, edges in kept["edges"].items()},
        digest=blake2b(comment.encode(), digest_size=8).hexdigest(),
    )


def written_columns(columns: Columns) -> str:
    """The comment that `read_columns` reads."""
    kept = {"as_of": columns.as_of.isoformat(), "types": dict(columns.types), "segments": columns.segments}
    return json.dumps({**kept, "labels": columns.labels, "edges": dict(columns.edges)})
