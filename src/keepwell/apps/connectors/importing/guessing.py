"""What a file is by the look of it: its encoding, its columns, which of ours they are, and how dates are written."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from keepwell.apps.connectors.importing.cells import FORMS, cell_of
from keepwell.apps.connectors.importing.reading import REASON
from keepwell.apps.connectors.importing.targets import Field, Target
from keepwell.errors import RequestRefused
from keepwell.lake.files.layout import header_problems, read_layout
from keepwell.lake.files.source import FileSource
from keepwell.lake.files.text import is_blank
from keepwell.lake.statements import open_duckdb, quoted, rows

_LOOKED_AT = 1000
_CHUNK = 1 << 20
_LEFT_OUT = {"name": "", "kind": "", "form": "", "new": False}


@dataclass(frozen=True)
class Look:
    """The head of a file. `sample`: the first rows, of as many cells as the header has."""

    delimiter: str
    header: tuple[str, ...]
    sample: list[list[str]]

    def column(self, name: str) -> list[str]:
        at = self.header.index(name)
        return [row[at] for row in self.sample]


def as_utf8(path: Path) -> str:
    """Rewrites the file as UTF-8 where it is not, and returns what it was."""
    with path.open("rb") as stream:
        first = stream.read(4)
    found = "utf-16" if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else _encoding(path)
    if found != "utf-8":
        copy = path.with_name("converted")
        with (
            path.open(encoding=found, errors="replace", newline="") as stream,
            copy.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
        copy.replace(path)
    return found


def _encoding(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def look_at(path: Path) -> Look:
    """Raises RequestRefused for a file that is no table of named columns."""
    if is_blank(path):
        raise RequestRefused("the file is empty: a line with column names and at least one row are needed")
    source = FileSource(dataset="import", pattern=path.name, folder=path.parent)
    layout = read_layout(source, path, path)
    if problems := header_problems(source, "the file", layout.header):
        raise RequestRefused(*problems)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = csv.reader((line.replace("\x00", "") for line in stream), delimiter=layout.delimiter)
        wide = len(layout.header)
        some = [row for row, _ in zip((row for row in lines if row), range(_LOOKED_AT + 1), strict=False)][1:]
    if not some:
        raise RequestRefused("the file has column names and no row below them")
    return Look(layout.delimiter, layout.header, [[*row, *([""] * wide)][:wide] for row in some])


def guessed_columns(
    look: Look, target: Target, remembered: Mapping[str, Mapping[str, object]]
) -> dict[str, dict[str, object]]:
    """By column of the file what it is: as it was the last time a file had it, else by its name."""
    free = {one.name: one for one in target.fields}
    found: dict[str, dict[str, object]] = {}
    for name in look.header:
        known = remembered.get(name)
        if known is not None and (known["name"] in free or known.get("new") or not known["name"]):
            found[name] = dict(known)
            free.pop(str(known["name"]), None)
    for exact in (True, False):
        for name in look.header:
            if name not in found and name != REASON and (field := _named(name, free.values(), exact=exact)):
                found[name] = {"name": field.name, "kind": field.kind, "form": "", "new": False}
                del free[field.name]
    return {name: with_form(found.get(name, dict(_LEFT_OUT)), look.column(name)) for name in look.header}


def with_form(column: dict[str, object], sample: Sequence[str]) -> dict[str, object]:
    """With the kind and the form that most of the sample has, where that is not known."""
    if not column["name"] and not column.get("new"):
        return column
    kind = str(column["kind"])
    kinds = {"": ["whole", "number", "boolean", "date", "time"], "day or time": ["date", "time"]}.get(kind, [kind])
    filled = [one for one in sample if one.strip()]
    best, at = 0, (kinds[0] if kind and kind != "day or time" else ("time" if kind else "text"), str(column["form"]))
    for number, one in enumerate(_tried(kinds)):
        fits = _fitting(filled, *one)
        if fits > best and (kind or fits == len(filled)) and not (column["form"] and number):
            best, at = fits, one
    chosen = str(column["form"]) if column["form"] and _fitting(filled, at[0], str(column["form"])) == best else at[1]
    return {**column, "kind": at[0], "form": chosen}


def ambiguous(column: Mapping[str, object], sample: Sequence[str]) -> bool:
    """Whether days and months could be the other way round, as far as the sample tells."""
    form = str(column["form"])
    other = form.replace("%d/%m", "#").replace("%m/%d", "%d/%m").replace("#", "%m/%d")
    filled = [one for one in sample if one.strip()]
    return other != form and bool(filled) and _fitting(filled, str(column["kind"]), other) == len(filled)


def _tried(kinds: Iterable[str]) -> list[tuple[str, str]]:
    return [(kind, form) for kind in kinds for form in FORMS.get(kind, {"": ""})]


def _fitting(sample: Sequence[str], kind: str, form: str) -> int:
    if kind == "text":
        return len(sample)
    with open_duckdb() as connection:
        connection.register("sample", pa.table({"x": pa.array(sample, pa.string())}))
        return int(rows(connection, f"select count({cell_of(quoted('x'), kind, form, 'UTC').value}) from sample")[0][0])


def _named(name: str, fields: Iterable[Field], *, exact: bool) -> Field | None:
    by_name = {_bare(also): one for one in reversed(list(fields)) for also in (*one.also, one.title, one.name)}
    bare = _bare(name)
    if exact:
        own = {_bare(also): one for one in fields for also in (one.title, one.name)}
        return own.get(bare) or by_name.get(bare)
    near = get_close_matches(bare, by_name, n=1, cutoff=0.85)
    return by_name[near[0]] if near else None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
