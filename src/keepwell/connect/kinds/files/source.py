"""Files: a stream is a name or a pattern below the place, such as accounts.csv or tickets/*.jsonl."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from keepwell.connect.failing import in_our_words
from keepwell.connect.kinds.files.formats import FORMATS, pages_of_file
from keepwell.connect.outgoing import Door
from keepwell.connect.places import Place, place_of
from keepwell.connect.spec import Page, Settings, Since, SourceRefused, Stream
from keepwell.connect.times import as_time

_MODIFIED = "_modified"
_LISTED = 200


def check(settings: Settings, door: Door) -> str:
    found = streams(settings, door)
    more = " or more" if len(found) == _LISTED else ""
    files = "1 file" if len(found) == 1 else f"{len(found)}{more} files"
    return f"{files} that can be read" if found else "no file that can be read is there yet"


def streams(settings: Settings, door: Door) -> list[Stream]:
    with in_our_words(settings):
        found = (one for one in _files(place_of(settings, door), "**/*") if _format(one["relative_path"]))
        names = sorted({str(one["relative_path"]) for one in found})
        return [Stream(name, cursor=_MODIFIED) for name in names[:_LISTED]]


def read(settings: Settings, door: Door, stream: str, since: Since | None) -> Iterator[Page]:
    with in_our_words(settings):
        if stream.startswith("/") or ".." in stream.split("/"):
            raise SourceRefused(f"'{stream}' must be a name or pattern below the place: no leading '/', no '..'")
        after = as_time(since.value) if since else None
        files = sorted(_files(place_of(settings, door), stream), key=lambda one: str(one["relative_path"]))
        if not files:
            raise SourceRefused(f"no file '{stream}' is there")
        for file in files:
            modified: datetime = file["modification_date"]
            if after is None or modified >= after:
                about = {"_file": str(file["relative_path"]), _MODIFIED: modified.isoformat()}
                yield from pages_of_file(file, _known_format(about["_file"]), settings, about)


def _files(place: Place, pattern: str) -> Iterator[Any]:
    from dlt.sources.filesystem import filesystem

    for file in filesystem(bucket_url=place.url, credentials=place.system, file_glob=pattern):
        place.refuse_outside(str(file["file_url"]))
        yield file


def _format(name: str) -> str | None:
    bare = name.lower().removesuffix(".gz")
    return next((known for ending, known in FORMATS.items() if bare.endswith(ending)), None)


def _known_format(name: str) -> str:
    found = _format(name)
    if found is None:
        raise SourceRefused(f"{name}: name files with one of {', '.join(FORMATS)}, or the same with .gz")
    return found
