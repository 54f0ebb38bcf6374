"""What a dataset declares about its raw files, and which files that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Literal

from keepwell.errors import DataRefused

Format = Literal["csv", "parquet", "json"]

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".csv": "csv",
        ".tsv": "csv",
        ".txt": "csv",
        ".parquet": "parquet",
        ".pq": "parquet",
        ".json": "json",
        ".jsonl": "json",
        ".ndjson": "json",
    }
)
Compression = Literal["gzip", "zstd"]
COMPRESSIONS: Mapping[str, Compression] = MappingProxyType({".gz": "gzip", ".zst": "zstd"})
KINDS = frozenset({"text", "number", "boolean", "date", "timestamp", "time"})
_SHOWN = 8


@dataclass(frozen=True)
class FileSource:
    """The files behind one dataset.

    `pattern` is a name or glob below `folder`. `types` gives a column's kind: text, number (float64, or int64 where
    every value is whole), boolean, date, timestamp, time (a date or a timestamp, whichever the column holds), or a
    strptime format such as "%d/%m/%Y %H:%M" (a date where it names no hour). Columns without one are sniffed.
    `nulls` are texts that stand for no value in CSV files, beside the empty one.
    `text_columns` (keys and ids) are always text, so that '007' survives. `required` columns must exist.
    """

    dataset: str
    pattern: str
    folder: Path
    format: Format | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    nulls: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    text_columns: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()

    def kind(self, column: str) -> str | None:
        """The declared kind or strptime format of a column, None where it is left to be sniffed."""
        return "text" if column in self.text_columns else self.types.get(column)

    def shown(self, path: Path) -> str:
        """A file's name as its reader knows it: below the data folder."""
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.name


def compression_of(path: Path) -> Compression | None:
    """gzip, zstd or None, by the last ending of the name."""
    return COMPRESSIONS.get(path.suffix.lower())


def format_of(source: FileSource, path: Path) -> Format | None:
    """The declared format, else the one the file's ending says; None where it says nothing."""
    bare = path.with_suffix("") if compression_of(path) else path
    return source.format or FORMATS.get(bare.suffix.lower())


def mark_of(path: Path) -> str:
    """Size and time of a file: another text when it was written again."""
    about = path.stat()
    return f"{about.st_size} {about.st_mtime_ns}"


def find_files(source: FileSource) -> list[Path]:
    """The files of a source in the order of their names. Raises DataRefused where there is none that can be read."""
    where = f"dataset '{source.dataset}'"
    pattern = PurePosixPath(source.pattern)
    if pattern.is_absolute() or ".." in pattern.parts or not source.pattern.strip():
        raise DataRefused(
            f"{where}: file '{source.pattern}' must be a path below the data folder: no leading '/', no '..'"
        )
    if not source.folder.is_dir():
        raise DataRefused(f"{where}: the data folder {source.folder} does not exist; name another with --data")
    found = _matches(source)
    files = [path for path in found if path.is_file()]
    inside = source.folder.resolve()
    if away := [path.name for path in files if not path.resolve().is_relative_to(inside)]:
        raise DataRefused(f"{where}: '{away[0]}' is a link to a file outside the data folder {source.folder}")
    if files:
        return files
    if found:
        raise DataRefused(
            f"{where}: '{source.pattern}' is a folder; name the files in it, such as '{source.pattern}/*.csv'"
        )
    raise DataRefused(f"{where}: no file '{source.pattern}' in {source.folder}; {_what_is_there(source)}")


def _matches(source: FileSource) -> list[Path]:
    literal = source.folder / source.pattern
    if literal.exists():
        return [literal]
    return sorted(
        path for path in source.folder.glob(source.pattern) if not any(part.startswith(".") for part in path.parts[-1:])
    )


def _what_is_there(source: FileSource) -> str:
    names = sorted(
        path.relative_to(source.folder).as_posix()
        for path in source.folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    if not names:
        return "the folder is empty"
    near = get_close_matches(source.pattern, names, n=1)
    listed = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"did you mean '{near[0]}'? Files there: {listed}" if near else f"files there: {listed}"
