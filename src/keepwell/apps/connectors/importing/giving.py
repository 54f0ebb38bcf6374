"""Rejected rows on their way back: read from their file only while somebody takes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.http import StreamingHttpResponse

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.connectors.importing.place import rejected

_CHUNK = 1 << 16


def rejected_file(one: Import) -> StreamingHttpResponse:
    """Raises NotVisible where no row was rejected, or the file is gone."""
    path = rejected(one.pk)
    if not path.exists():
        raise NotVisible
    answer = StreamingHttpResponse(_pieces(path), content_type="text/csv; charset=utf-8")
    bare = "".join(each if each.isalnum() or each in "-_" else "-" for each in one.file_name.rsplit(".", 1)[0])
    answer["Content-Disposition"] = f'attachment; filename="rejected-{bare.encode("ascii", "ignore").decode()}.csv"'
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            yield piece
