"""A file of rows in a folder or in object storage: whole or not there at all."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from keepwell.connect.failing import in_our_words
from keepwell.connect.outgoing import Door
from keepwell.connect.places import place_of
from keepwell.connect.spec import Setting, Settings, SourceRefused
from keepwell.connect.writing.target import Delivery, Refusals, Row, TargetSpec

SPEC = TargetSpec(
    "files", "File", "A CSV or Parquet file in a folder or in object storage.", ("files",),
    (
        Setting("file", "Name of the file", "Without ending; {date} is the day of writing.", default="scores-{date}"),
        Setting("format", "Format", default="csv", choices=("csv", "parquet")),
    ),
)  # fmt: skip
_NAME = re.compile(r"[\w.-]+(/[\w.-]+)*")


def write(connection: Settings, options: Settings, door: Door, rows: Sequence[Row], delivery: Delivery) -> Refusals:
    place, form = place_of(connection, door), options["format"] or "csv"
    name = (options["file"] or "scores-{date}").replace("{date}", delivery.at[:10])
    if not _NAME.fullmatch(name) or ".." in name:
        raise SourceRefused(f"'{name}' is no name of a file: use letters, digits, '-', '_', '.' and '/'")
    path, content = f"{place.path}/{name}.{form}", _content(rows, form)
    beside = path  # an object appears once it is there whole
    if place.folder:
        place.system.makedirs(path.rpartition("/")[0], exist_ok=True)
        beside = f"{path}.{delivery.number}.part"
    with in_our_words(connection), place.system.open(beside, "wb") as file:
        file.write(content)
    if beside != path:
        place.system.mv(beside, path)  # in one step: nobody reads half a file
    yield from ()


def _content(rows: Sequence[Row], form: str) -> bytes:
    table, out = pa.Table.from_pylist([dict(row) for row in rows]), io.BytesIO()
    if form == "parquet":
        pq.write_table(table, out)
    else:
        pa.csv.write_csv(table, out)
    return out.getvalue()
