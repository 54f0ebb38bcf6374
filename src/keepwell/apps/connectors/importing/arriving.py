"""A file on its way in: written to the data folder piece by piece, and no further than is allowed."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from keepwell.apps.connectors.importing.place import imports_dir
from keepwell.errors import FieldRefused

_PIECE = 1 << 20
ENDINGS = (".csv", ".tsv", ".txt")


def limit() -> int:
    """Bytes of a file."""
    return int(settings.ENVIRONMENT.import_limit) * 1_000_000


def body_into_data_folder(request: HttpRequest) -> Path:
    """The body of a request as a file, written as it comes. Raises FieldRefused for one that is too large."""
    imports_dir().mkdir(parents=True, exist_ok=True)
    path, size = imports_dir() / f"arriving-{uuid.uuid4().hex}", 0
    try:
        with path.open("wb") as out:
            while piece := request.read(_PIECE):
                size += len(piece)
                if size <= limit():  # the rest is read and thrown away, so that whoever sends it gets to see the answer
                    out.write(piece)
        if size > limit():
            raise FieldRefused("file", too_large())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def too_large() -> str:
    return f"the file has more than {limit() // 1_000_000:,} MB: split it, or have KEEPWELL_IMPORT_LIMIT raised"


class Arrived(UploadedFile):  # type: ignore[type-arg]
    """`path`: where it lies until it has a folder of its own. `too_large`: it was cut off."""

    def __init__(self, name: str | None, size: int, path: Path, *, too_large: bool) -> None:
        super().__init__(file=path.open("rb"), name=name, size=size)
        self.path, self.too_large = path, too_large


class IntoDataFolder(FileUploadHandler):
    """What goes beyond the limit is read and thrown away, so that the browser gets to see the answer."""

    chunk_size = _PIECE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        imports_dir().mkdir(parents=True, exist_ok=True)
        self.path = imports_dir() / f"arriving-{uuid.uuid4().hex}"
        self.stream = self.path.open("wb")
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.too_large = self.too_large or start + len(raw_data) > limit()
        if not self.too_large:
            self.stream.write(raw_data)

    def file_complete(self, file_size: int) -> Arrived:
        self.stream.close()
        return Arrived(self.file_name, file_size, self.path, too_large=self.too_large)

    def upload_interrupted(self) -> None:
        """Whoever sent it went away."""
        if hasattr(self, "stream"):
            self.stream.close()
            self.path.unlink(missing_ok=True)
