"""Where files may lie: folders that the machine's admin allows, or object storage through fsspec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from keepwell.connect.buckets import bucket_of
from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Settings, SourceRefused


@dataclass(frozen=True)
class Place:
    """`url`: as fsspec takes it. `system`: the fsspec file system. `folder`: of this machine, None elsewhere."""

    url: str
    system: Any
    folder: Path | None = None

    @property
    def path(self) -> str:
        """The place as its file system names it."""
        return str(self.folder) if self.folder else self.url.partition("://")[2].rstrip("/")

    def refuse_outside(self, file_url: str) -> None:
        """Raises SourceRefused for a link that leads out of the folder."""
        if self.folder is None:
            return
        path = Path(unquote(urlsplit(file_url).path))
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise SourceRefused(f"'{path.name}' is a link to a file outside {self.folder}")


def place_of(settings: Settings, door: Door) -> Place:
    """Raises SourceRefused for a folder or an address that is not allowed."""
    place = settings["place"].strip()
    scheme, _, _ = place.partition("://") if "://" in place else ("file", "", "")
    if scheme == "file":
        return _local(Path(place.removeprefix("file://")), settings.folders)
    if scheme == "s3":
        if not place.removeprefix("s3://").strip("/"):
            raise SourceRefused(f"'{place}' names no bucket: give s3://bucket/folder")
        return Place(place.rstrip("/"), bucket_of(settings, door))
    raise SourceRefused(f"'{place}' is no place for files: give a folder, or s3://bucket/folder")


def _local(folder: Path, allowed: Sequence[str]) -> Place:
    import fsspec

    if not allowed:
        raise SourceRefused(
            "no folder of this machine may be used: an admin of the machine lists some in KEEPWELL_FOLDERS"
        )
    near = folder if folder.is_absolute() else Path(allowed[0]) / folder
    real = near.resolve()
    if not any(real.is_relative_to(Path(one).resolve()) for one in allowed):
        raise SourceRefused(
            f"the folder {folder} is not allowed; these are, with what is in them: {', '.join(allowed)}"
        )
    if not real.is_dir():
        raise SourceRefused(f"there is no folder {folder}", passing=True)
    return Place(real.as_uri(), fsspec.filesystem("file", use_listings_cache=False), real)
