"""Definitions as files that come and go: a zip, or single files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from keepwell.apps.configuration.projects import Files, texts_of
from keepwell.errors import RequestRefused

_MOST_FILES, _MOST_BYTES = 1_000, 20_000_000
_TIME = (1980, 1, 1, 0, 0, 0)  # equal files make equal archives


def archive_of(files: Files) -> bytes:
    """A zip of all files, to the byte as they are held."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, _TIME), text.encode(), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def files_in(uploaded: Mapping[str, bytes]) -> dict[str, str]:
    """The YAML among uploaded files, those within zips included; a folder that holds everything is left out of paths.

    Raises RequestRefused for archives that cannot be read or are too large, DefinitionsRefused for what is no text.
    """
    contents: dict[str, bytes] = {}
    for name, content in uploaded.items():
        if name.endswith(".zip"):
            contents |= _unpacked(name, content)
        elif name.endswith(".yaml"):
            contents[name] = content
        else:
            raise RequestRefused(f"'{name}' is neither a .yaml file nor a .zip of a folder")
    return texts_of(contents)


def _unpacked(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if _counts(one.filename)]
            if len(members) > _MOST_FILES or sum(one.file_size for one in members) > _MOST_BYTES:
                raise RequestRefused(f"'{name}' holds more than {_MOST_FILES} files or {_MOST_BYTES // 10**6} MB")
            found = {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise RequestRefused(f"'{name}' is no zip archive that can be read") from None
    tops = {PurePosixPath(one).parts[0] for one in found}
    if len(tops) == 1 and all("/" in one for one in found):
        (top,) = tops
        return {one.removeprefix(f"{top}/"): text for one, text in found.items()}
    return found


def _counts(path: str) -> bool:
    return path.endswith(".yaml") and not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(path).parts)
