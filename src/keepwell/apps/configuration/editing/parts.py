"""Parts of an entry that come, go and move: actions, tasks, milestones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import list_at
from keepwell.apps.configuration.editing.form import Change, Form, Known, Path
from keepwell.apps.configuration.projects import Files
from keepwell.apps.configuration.rewriting import swapped, without
from keepwell.errors import RequestRefused

PartChange = Callable[[Document, Path, str, str, Known], Change]


def changed_parts(form: Form, files: Files, name: str, do: str, chosen: str, known: Known) -> dict[str, str]:
    """`do`: a verb of the form and, after a colon, where, such as remove-action:actions/0. `chosen`: the kind of what
    is added. Raises RequestRefused for what is none of these."""
    noun = form.entries.noun
    entry = form.entries.entry_in(files, name)
    if entry is None:
        raise RequestRefused(f"the {noun} '{name}' was removed from the draft, or has another name")
    what, _, at = do.partition(":")
    work = form.parts.get(what)
    if work is None:
        raise RequestRefused(f"'{what}' is no change of a {noun}: use {', '.join(form.parts)}")
    change = work(entry, (form.entries.kind, name), at, chosen, known)
    return form.entries.changed(files, name, change) if change else dict(files)


def removed_item(entry: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
    """An item of a list goes, told as tasks/0; one that went already changes nothing."""
    path, place = item_at(entry, at)
    return (lambda text: without(text, (*root, *path, place))) if place >= 0 else None


def moved_item(by: int) -> PartChange:
    """An item of a list up (-1) or down (1); at the end nothing changes."""

    def move(entry: Document, root: Path, at: str, chosen: str, known: Known) -> Change:
        path, place = item_at(entry, at)
        if place < 0 or not 0 <= place + by < len(list_at(entry, path)):
            return None
        return lambda text: swapped(text, (*root, *path), place, place + by)

    return move


def item_at(entry: Document, at: str) -> tuple[Path, int]:
    """The list and the place in it; -1 for one that is not there any more."""
    *path, place = path_of(at)
    is_there = isinstance(place, int) and place < len(list_at(entry, tuple(path)))
    return tuple(path), place if is_there and isinstance(place, int) else -1


def path_of(at: str) -> Path:
    """questions/0/choices as a path, with numbers as such."""
    return tuple(int(one) if one.isdecimal() and len(one) < 6 else one for one in at.split("/"))


def names_anew(old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """What parts are called now, by what they were called before; nothing where parts came or went."""
    if len(old) != len(new):
        return {}
    return {was: name for was, name in zip(old, new, strict=True) if was != name and was and name and was not in new}
