"""Files that are sent piece by piece, opened when the first piece is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.http import StreamingHttpResponse

_PIECE = 256 * 1024


def sent_csv(path: Path, name: str) -> StreamingHttpResponse:
    """A CSV file to be saved under `name`."""
    answer = StreamingHttpResponse(_pieces(path), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
