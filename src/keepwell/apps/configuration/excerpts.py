"""One entry of a YAML file as a text of its own: its key, what stands below it, and the comments that belong to it."""

from __future__ import annotations

from typing import Any

import yaml

from keepwell.apps.configuration.arranging import span
from keepwell.apps.configuration.document import Missing, Path, Unreadable, at, composed, entries, plain, read
from keepwell.apps.configuration.rewriting import checked
from keepwell.errors import RequestRefused


def excerpt(text: str, path: Path) -> str:
    """The lines of the entry at `path`, moved to the left edge. Raises Missing."""
    start, end, column = _place(text, path)
    lines = text[start:end].replace("\r\n", "\n").splitlines()
    return "".join(f"{line[min(column, len(line) - len(line.lstrip())) :]}\n" for line in lines)


def with_excerpt(text: str, path: Path, lines: str) -> str:
    """The file with other lines for the entry at `path`, which may give it another key.

    Raises RequestRefused for what is no entry, and where more than this entry would change.
    """
    name, held = _entry(lines)
    start, end, column = _place(text, path)
    expected = read(text)
    above = expected
    for step in path[:-1]:
        above = above[step]
    if name != path[-1] and name in above:
        raise RequestRefused(f"there is a '{name}' already; choose another name")
    pairs = [(name, held) if one == path[-1] else (one, value) for one, value in above.items()]
    above.clear()
    above.update(pairs)
    newline = "\r\n" if "\r\n" in text else "\n"
    if _is_flow(at(composed(text), path[:-1])):
        put = " ".join(line.strip() for line in _lines(lines))
    else:
        put = _moved(lines, column, newline)
    return checked(text[:start] + put + text[end:], expected, path)


def with_entry(text: str, path: Path, lines: str) -> str:
    """The file with the entry that `lines` are at the end of the map at `path`, which is made where there is none."""
    name, held = _entry(lines)
    expected = read(text) or {}
    above = expected
    for step in path:
        if not isinstance(above.get(step), dict):
            above[step] = {}
        above = above[step]
    above[name] = held
    root = composed(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    whole = text if not text or text.endswith("\n") else text + newline
    try:
        parent = at(root, path)
        is_there = bool(plain(parent))
    except Missing:
        is_there = False
    if is_there:
        place = len(list(entries(parent))) - 1
        _, end = span(whole, parent, place)
        column = list(entries(parent))[place][0].start_mark.column
        return checked(whole[:end] + _moved(lines, column, newline) + whole[end:], expected, path)
    head = newline.join(f"{'  ' * depth}{step}:" for depth, step in enumerate(path)) + newline
    return checked(whole + head + _moved(lines, 2 * len(path), newline), expected, path)


def _moved(lines: str, column: int, newline: str) -> str:
    return "".join(f"{' ' * column}{line}{newline}" if line.strip() else newline for line in _lines(lines))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip().splitlines()


def _entry(lines: str) -> tuple[str, Any]:
    try:
        held = read(lines)
    except Unreadable as wrong:
        raise RequestRefused(f"this is no YAML: {' '.join(str(wrong).split())}") from None
    if not isinstance(held, dict) or len(held) != 1:
        raise RequestRefused("write one entry: its name, a colon, and below it what it is")
    return next(iter(held.items()))


def _place(text: str, path: Path) -> tuple[int, int, int]:
    """Where the entry begins and ends, and how far in it stands (0 within braces)."""
    parent = at(composed(text), path[:-1])
    names = [key.value for key, _ in entries(parent)]
    if path[-1] not in names:
        raise Missing(path)
    place = names.index(str(path[-1]))
    start, end = span(text, parent, place)
    column = 0 if _is_flow(parent) else list(entries(parent))[place][0].start_mark.column
    return start, end, column


def _is_flow(node: yaml.Node) -> bool:
    return bool(getattr(node, "flow_style", False))
