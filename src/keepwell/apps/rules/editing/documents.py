"""Rules in the files of a draft: where each stands, and what it says as written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from keepwell.apps.configuration.document import Unreadable, read
from keepwell.apps.configuration.excerpts import excerpt, with_entry, with_excerpt
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import with_value, without
from keepwell.apps.rules.editing.fields import Document
from keepwell.apps.rules.editing.scalars import ABSENT, read_typed
from keepwell.errors import RequestRefused

KIND, FILE = "rules", "rules.yaml"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


def names_in(files: Files) -> list[str]:
    """Every rule of the files, as far as they can be read."""
    return sorted(name for text in files.values() for name in _rules_in(text))


def file_of(files: Files, name: str) -> str | None:
    """The path of the file that defines a rule."""
    return next((path for path, text in sorted(files.items()) if name in _rules_in(text)), None)


def rule_in(files: Files, name: str) -> Document | None:
    """A rule as its document says it; None where no file that can be read defines it."""
    path = file_of(files, name)
    if path is None:
        return None
    held = read_typed(files[path], KIND, name)
    return held if isinstance(held, dict) else {}


def text_of(files: Files, name: str) -> str:
    """The YAML of one rule, with its comments."""
    path = file_of(files, name)
    return excerpt(files[path], (KIND, name)) if path else ""


def with_rule(files: Files, name: str, rule: Document) -> dict[str, str]:
    """A new rule, in the file that holds rules already."""
    refuse_name(files, name)
    path = _home(files)
    return {**files, path: with_value(files.get(path, ""), (KIND, name), rule)}


def with_copy(files: Files, name: str, like: str) -> dict[str, str]:
    """A rule that says what another says, comments included; it is not enabled until somebody enables it."""
    refuse_name(files, name)
    path = file_of(files, like)
    if path is None:
        raise RequestRefused(f"there is no rule '{like}' to copy")
    lines = re.sub(rf"(?m)^{re.escape(like)}(?=\s*:)", name, text_of(files, like), count=1)
    copied = with_entry(files[path], (KIND,), lines)
    return {**files, path: with_value(copied, (KIND, name, "enabled"), False)}


def with_text(files: Files, name: str, lines: str) -> tuple[dict[str, str], str]:
    """Other YAML for a rule, and the name that it gives it. Raises RequestRefused for what is no rule."""
    path = _path(files, name)
    try:
        held = read(lines)
    except Unreadable:
        held = None
    own = next(iter(held)) if isinstance(held, dict) and len(held) == 1 else name
    if own != name:
        refuse_name(files, own)
    return {**files, path: with_excerpt(files[path], (KIND, name), lines)}, own


def without_rule(files: Files, name: str) -> dict[str, str]:
    """The files without a rule; a file that held nothing else goes with it."""
    path = file_of(files, name)
    if path is None:
        return dict(files)
    held = read(files[path])
    if len(held[KIND]) > 1:
        return {**files, path: without(files[path], (KIND, name))}
    rest = {one: text for one, text in files.items() if one != path}
    return rest if set(held) == {KIND} else {**rest, path: without(files[path], (KIND,))}


def changed(files: Files, name: str, change: Callable[[str], str]) -> dict[str, str]:
    """The files with the file of a rule changed."""
    path = _path(files, name)
    return {**files, path: change(files[path])}


def refuse_name(files: Files, name: str) -> None:
    """Raises RequestRefused for what cannot be the name of a new rule."""
    if not _NAME.fullmatch(name):
        raise RequestRefused(
            f"'{name}' is no name: use lower-case letters, digits and _, beginning with a letter"
            if name
            else "give the rule a name: lower-case letters, digits and _, beginning with a letter"
        )
    if name in names_in(files):
        raise RequestRefused(f"there is a rule '{name}' already; choose another name")


def name_from(title: str, files: Files) -> str:
    """A free name made of the words of a title."""
    plain = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:80]
    name = plain if plain[:1].isalpha() else f"rule_{plain}".rstrip("_")
    taken = names_in(files)
    return next(one for one in (name, *(f"{name}_{number}" for number in range(2, 1000))) if one not in taken)


def _path(files: Files, name: str) -> str:
    path = file_of(files, name)
    if path is None:
        raise RequestRefused(f"the rule '{name}' was removed from the draft, or has another name")
    return path


def _home(files: Files) -> str:
    holding = [path for path, text in sorted(files.items()) if _rules_in(text)]
    return holding[0] if holding else FILE


def _rules_in(text: str) -> dict[str, Any]:
    if KIND not in text:
        return {}
    try:
        held = read_typed(text, KIND)
    except Unreadable:
        return {}
    return held if held is not ABSENT and isinstance(held, dict) else {}
