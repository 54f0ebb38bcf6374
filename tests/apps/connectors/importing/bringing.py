"""Files that tests bring, and the worker that carries imports on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.connectors.importing import operations
from keepwell.apps.connectors.importing.carrying import carry_on
from keepwell.apps.connectors.importing.models import Import


def brought(actor: Actor, target: str, text: str, folder: Path, name: str = "file.csv") -> Import:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "brought"
    path.write_text(text, encoding="utf-8")
    return operations.bring(actor=actor, target=target, file_name=name, path=path)


def checked(actor: Actor, target: str, text: str, folder: Path, **changes: dict[str, Any]) -> Import:
    """With the columns as they are guessed, but for `changes`."""
    one = brought(actor, target, text, folder)
    columns = {name: {**said, **changes.get(name, {})} for name, said in one.columns.items()}
    operations.match(actor=actor, import_id=one.pk, columns=columns)
    return carried(one)


def taken(actor: Actor, target: str, text: str, folder: Path, mode: str = operations.ALL) -> Import:
    one = checked(actor, target, text, folder)
    operations.take(actor=actor, import_id=one.pk, mode=mode)
    return carried(one)


def undone(actor: Actor, one: Import) -> Import:
    operations.undo(actor=actor, import_id=one.pk)
    return carried(one)


def carried(one: Import) -> Import:
    carry_on(one.pk)
    one.refresh_from_db()
    return one
