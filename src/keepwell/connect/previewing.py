"""The first rows of a stream through a mapping, before anything is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from keepwell.connect.converting import Converter, Refusal
from keepwell.connect.document import SyncDocument
from keepwell.connect.rows import as_objects, types_of, value_at
from keepwell.connect.spec import REFUSED, Page

ROWS = 50


@dataclass(frozen=True)
class Preview:
    """`types`: columns of the stream. `samples`: a value of each. `rows`: as the dataset would have them.

    `columns`: their names. `refused`: what does not fit. `personal`: columns of the dataset that hold addresses of
    people, which belong to people and not into facts.
    """

    types: Mapping[str, str]
    samples: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    personal: tuple[str, ...] = ()


def first_rows(pages: Iterable[Page]) -> list[Mapping[str, Any]]:
    """As many as a preview shows; the rest is not asked for."""
    found: list[Mapping[str, Any]] = []
    for page in pages:
        left = ROWS - len(found)
        found += as_objects(page.slice(0, left)) if isinstance(page, pa.Table) else page[:left]
        if len(found) >= ROWS:
            break
    return found


def preview(rows: list[Mapping[str, Any]], document: SyncDocument | None, zone: Any = UTC) -> Preview:
    """What the first rows are, and with a document what they become."""
    readable = [row for row in rows if REFUSED not in row]
    types = types_of(readable)
    samples = {name: _sample(readable, name) for name in types}
    if document is None:
        return Preview(types, samples)
    converted, refused = Converter(document, datetime.now(UTC), zone).convert(rows)
    listed = converted.to_pylist()
    personal = tuple(name for name in document.columns if any(_is_address(row[name]) for row in listed))
    return Preview(types, samples, tuple(converted.column_names), listed, refused, personal)


def _sample(rows: list[Mapping[str, Any]], name: str) -> Any:
    found = (value_at(row, name) for row in rows)
    return next((one for one in found if one not in (None, "")), None)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and "@" in value and " " not in value.strip() and "." in value.rpartition("@")[2]
