"""One file as pages of rows: cells of CSV files as texts, so that the mapping alone decides about types."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from keepwell.connect.declared import in_pages
from keepwell.connect.spec import REFUSED, TEXT, Page, Settings, SourceRefused

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
}


def pages_of_file(file: Any, form: str, settings: Settings, about: Mapping[str, str]) -> Iterator[Page]:
    """`about`: columns that every row of the file has."""
    with file.open(mode="rb", compression="disable") as raw:
        stream = gzip.GzipFile(fileobj=raw) if about["_file"].endswith(".gz") else raw
        reading: dict[str, Callable[..., Iterator[Page]]] = {"csv": _csv, "parquet": _parquet, "json": _json}
        yield from reading[form](stream, settings, about)


def _csv(stream: IO[bytes], settings: Settings, about: Mapping[str, str]) -> Iterator[Page]:
    refused: list[dict[str, Any]] = []

    def refuse(row: Any) -> str:
        words = f"has {row.actual_columns} cells, the header has {row.expected_columns}"
        refused.append({REFUSED: words, TEXT: row.text, **about})
        return "skip"

    try:
        first = stream.readline()
        parse = pa.csv.ParseOptions(
            delimiter=_delimiter(settings, about), newlines_in_values=True, invalid_row_handler=refuse
        )
        names = _header(first, parse, settings["encoding"] or "utf-8")
        stream.seek(0)
        reader = pa.csv.open_csv(
            stream,
            read_options=pa.csv.ReadOptions(encoding=settings["encoding"] or "utf-8", use_threads=False),
            parse_options=parse,
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        for batch in reader:
            yield _with(pa.Table.from_batches([batch]), about)
    except (pa.ArrowInvalid, UnicodeError) as error:
        raise SourceRefused(f"{about['_file']}: {str(error).splitlines()[0][:200]}") from None
    if refused:
        yield refused


def _delimiter(settings: Settings, about: Mapping[str, str]) -> str:
    said = settings["delimiter"]
    if said.lower() in ("tab", "\\t") or (not said and ".tsv" in about["_file"].lower()):
        return "\t"
    if len(said) > 1:
        raise SourceRefused(f"the delimiter '{said}' is not one character")
    return said or ","


def _header(line: bytes, parse: pa.csv.ParseOptions, encoding: str) -> list[str]:
    if not line.strip():
        return []
    import csv

    text = line.decode(encoding).lstrip("\ufeff")
    return next(csv.reader([text], delimiter=parse.delimiter))


def _parquet(stream: IO[bytes], settings: Settings, about: Mapping[str, str]) -> Iterator[Page]:
    try:
        for batch in pq.ParquetFile(stream).iter_batches(20_000):
            yield _with(pa.Table.from_batches([batch]), about)
    except pa.ArrowInvalid as error:
        raise SourceRefused(f"{about['_file']}: {str(error).splitlines()[0][:200]}") from None


def _json(stream: IO[bytes], settings: Settings, about: Mapping[str, str]) -> Iterator[Page]:
    yield from in_pages(_json_rows(stream, settings["encoding"] or "utf-8", about))


def _json_rows(stream: IO[bytes], encoding: str, about: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line.decode(encoding))
            yield {**row, **about} if isinstance(row, dict) else _no_object(number, line, about)
        except ValueError:
            yield _no_object(number, line, about)


def _no_object(number: int, line: bytes, about: Mapping[str, str]) -> dict[str, Any]:
    return {REFUSED: f"line {number} is no JSON object", TEXT: line.decode(errors="replace").strip()[:500], **about}


def _with(table: pa.Table, about: Mapping[str, str]) -> pa.Table:
    for name, value in about.items():
        table = table.append_column(name, pa.array([value] * table.num_rows, pa.string()))
    return table
