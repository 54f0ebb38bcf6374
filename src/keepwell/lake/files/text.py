"""Text files as streams: compression, encoding, and where a byte that does not belong stands."""

from __future__ import annotations

import codecs
import io
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from keepwell.errors import DataRefused
from keepwell.lake.files.source import FileSource, compression_of

_CHUNK = 1 << 20


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed by its ending (.gz, .zst)."""
    packed = compression_of(path)
    with pa.CompressedInputStream(pa.OSFile(str(path), "r"), packed) if packed else path.open("rb") as stream:
        yield cast(BinaryIO, stream)


@contextmanager
def open_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """A UTF-8 file as text, newlines as they stand; undecodable bytes become U+FFFD (they are refused elsewhere)."""
    with open_bytes(path) as stream:
        yield io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")


def as_utf8(source: FileSource, path: Path, workspace: Path) -> Path:
    """The file itself where it is UTF-8, else a transcoded copy in `workspace` (same lines). Raises DataRefused."""
    if _codec(source).name == "utf-8":
        return path
    copy = workspace / f"{len(list(workspace.iterdir()))}-{path.name.removesuffix(path.suffix)}.txt"
    decoder = codecs.getincrementaldecoder(source.encoding)()
    with open_bytes(path) as stream, copy.open("wb") as out:
        try:
            while chunk := stream.read(_CHUNK):
                out.write(decoder.decode(chunk).encode())
            out.write(decoder.decode(b"", final=True).encode())
        except UnicodeDecodeError:
            raise DataRefused(*encoding_problems(source, path)) from None
    return copy


def encoding_problems(source: FileSource, path: Path) -> list[str]:
    """The first byte of the file that its declared encoding does not know: a sentence with line and byte offset."""
    decoder = codecs.getincrementaldecoder(_codec(source).name)()
    line, offset = 1, 0
    with open_bytes(path) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                lines = error.object[: error.start].decode(source.encoding, "ignore").count("\n")
                return [_sentence(source, path, line + lines, offset - waiting + error.start)]
            if not chunk:
                return []
            offset += len(chunk)


def is_blank(path: Path) -> bool:
    """Whether the file holds nothing but white space."""
    with open_bytes(path) as stream:
        while chunk := stream.read(_CHUNK):
            if chunk.strip(b" \t\r\n\x00\xef\xbb\xbf"):
                return False
    return True


def unreadable(source: FileSource, path: Path) -> str | None:
    """A sentence where the file is empty, of another encoding by its first bytes, or cannot be opened, else None."""
    try:
        blank, marked = is_blank(path), _marked_encoding(path)
    except (OSError, EOFError, zlib.error, shutil.Error) as error:
        return f"{source.shown(path)}: cannot be read: {str(error).splitlines()[0]}"
    if blank:
        return f"{source.shown(path)}: the file is empty; a header line with column names is needed"
    if marked and not _codec(source).name.startswith(("utf-16", "utf-32")):
        declared = f"not {source.encoding}; write encoding: {marked} in dataset '{source.dataset}', or save it as UTF-8"
        return f"{source.shown(path)}: by its first bytes the file is {marked}, {declared}"
    return None


def _marked_encoding(path: Path) -> str | None:
    """What the byte order mark says; None without one, and for UTF-8."""
    with open_bytes(path) as stream:
        first = stream.read(4)
    if first in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    return "utf-16" if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _codec(source: FileSource) -> codecs.CodecInfo:
    try:
        return codecs.lookup(source.encoding)
    except LookupError:
        raise DataRefused(
            f"dataset '{source.dataset}': encoding '{source.encoding}' is not known; "
            "common ones are utf-8, cp1252, latin-1, utf-16"
        ) from None


def _sentence(source: FileSource, path: Path, line: int, offset: int) -> str:
    return (
        f"{source.shown(path)} line {line}: the byte at offset {offset} is not {source.encoding}; "
        "save the file in one encoding, or name it with the dataset's `encoding` (such as cp1252 or latin-1)"
    )
