"""A trained classifier as a file: arrays and JSON in an .npz without pickle, so that reading it runs nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from keepwell.errors import DataRefused
from keepwell.text.classifier import Floats
from keepwell.text.lexicon import lexicon
from keepwell.text.own.features import BLOCKS
from keepwell.text.own.linear import Block, Linear
from keepwell.whole_files import whole

FORM = 1
"""Changes when features or the file change their meaning."""


def versioned(linear: Linear) -> Linear:
    """With the version that its content has: the first 12 digits of a SHA-256 over all that predictions depend on."""
    digest = sha256(json.dumps(_header(linear), sort_keys=True, ensure_ascii=False).encode())
    for name, array in sorted(_arrays(linear).items()):
        digest.update(f"{name}{array.shape}".encode() + np.ascontiguousarray(array, "<f8").tobytes())
    return replace(linear, version=digest.hexdigest()[:12])


def to_bytes(linear: Linear) -> bytes:
    """The same classifier gives the same bytes."""
    header = {**_header(linear), "version": linear.version, "told": linear.told}
    text = np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8)
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, header=text, **_arrays(linear))
    return file.getvalue()


def from_bytes(content: bytes, where: str = "a stored classifier") -> Linear:
    """Raises DataRefused for what is no classifier, was changed, or was trained beside another lexicon."""
    try:
        with np.load(BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        header = json.loads(arrays.pop("header").tobytes())
        found = _linear(header, arrays)
    except (BadZipFile, ValueError, KeyError, TypeError, AttributeError, OSError, EOFError) as error:
        raise DataRefused(f"{where} is no classifier that Keepwell stored ({error}); train it again") from None
    return _checked(found, header, where)


def save(linear: Linear, path: Path) -> None:
    """Whoever reads meanwhile finds the old file or the new one."""
    with whole(path) as unfinished:
        unfinished.write_bytes(to_bytes(linear))


def load(path: Path) -> Linear:
    """Raises DataRefused where there is no such file, and as `from_bytes`."""
    if not path.is_file():
        raise DataRefused(f"there is no classifier at {path}; train one, or take it out of the settings")
    return from_bytes(path.read_bytes(), str(path))


def _header(linear: Linear) -> dict[str, Any]:
    return {
        "form": FORM,
        "name": linear.name,
        "lexicon": linear.lexicon_version,
        "names": {kind: list(block.names) for kind, block in zip(BLOCKS, linear.blocks, strict=True)},
    }


def _arrays(linear: Linear) -> dict[str, Floats]:
    found = {"lexicon": linear.lexicon_coefficients, "intercepts": linear.intercepts, "emphasis": linear.emphasis}
    for kind, block in zip(BLOCKS, linear.blocks, strict=True):
        found |= {f"{kind}_idf": block.idf, f"{kind}_coefficients": block.coefficients}
    return found


def _linear(header: dict[str, Any], arrays: dict[str, Floats]) -> Linear:
    blocks = tuple(
        Block(tuple(header["names"][kind]), arrays[f"{kind}_idf"], arrays[f"{kind}_coefficients"]) for kind in BLOCKS
    )
    lexicon_part, intercepts, lean = arrays["lexicon"], arrays["intercepts"], arrays["emphasis"]
    return Linear(
        header["version"], blocks, lexicon_part, intercepts, lean, header["lexicon"], header["told"], header["name"]
    )


def _checked(found: Linear, header: dict[str, Any], where: str) -> Linear:
    if header["form"] != FORM:
        raise DataRefused(
            f"{where} has form {header['form']}, and this version of Keepwell reads {FORM}; train it again"
        )
    if versioned(found).version != found.version:
        raise DataRefused(
            f"{where} was changed after it was stored: its content is not version {found.version}; train it again"
        )
    if found.lexicon_version != lexicon().version:
        raise DataRefused(
            f"{where} was trained beside lexicon {found.lexicon_version}, and this version of Keepwell has "
            f"{lexicon().version}; train it again"
        )
    return found
