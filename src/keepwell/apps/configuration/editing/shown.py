"""An entry as its editor shows it: inputs, what stands in them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import Field
from keepwell.apps.configuration.editing.form import Form, Known, Typed
from keepwell.definitions.issues import Issue


@dataclass(frozen=True)
class Shown:
    """An input with what stands in it. `rows`: of a map, names and values; `ticks`: of a choice of several, name, what
    it says, and whether it is chosen; `blank`: what it is called to choose nothing."""

    name: str
    label: str
    kind: str
    value: str
    errors: Sequence[str]
    help: str = ""
    choices: tuple[str, ...] = ()
    known: str = ""
    empty: str = ""
    required: bool = False
    blank: str = ""
    rows: tuple[tuple[str, str, str, str], ...] = ()
    ticks: tuple[tuple[str, str, bool], ...] = ()
    completes: str = ""

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")

    @property
    def is_long(self) -> bool:
        return self.kind in ("long", "lines", "expression") or "\n" in self.value


@dataclass(frozen=True)
class Part:
    """An action, a task, a milestone. `words`: what it is; empty for one that the form does not know."""

    path: str
    words: str
    inputs: tuple[Shown, ...]
    errors: Sequence[str]
    first: bool = False
    last: bool = False

    @property
    def by_key(self) -> dict[str, Shown]:
        """Its inputs by their names within it, as templates can write them: email_subject."""
        return {one.name.removeprefix(f"{self.path}/").replace("/", "_"): one for one in self.inputs}


@dataclass(frozen=True)
class Page:
    """`fields`: inputs of the entry itself by name. `errors`: of it as a whole. `elsewhere`: of other entries."""

    name: str
    fields: Mapping[str, Shown]
    parts: tuple[Part, ...]
    errors: Sequence[str]
    elsewhere: tuple[Issue, ...]
    known: Known

    @property
    def inputs(self) -> list[Shown]:
        return [*self.fields.values(), *(one for part in self.parts for one in part.inputs)]

    @property
    def lists(self) -> dict[str, tuple[str, ...]]:
        """Suggestions by the key of a field, those that any field asks for."""
        return {one.known: self.known[one.known] for one in self.inputs if one.known}


class Showing:
    """Makes inputs of the fields of an entry. `typed`: what stands in inputs instead of what the draft holds, where it
    could not be saved. `parts`: paths, beside those of fields, that something can be wrong with."""

    def __init__(
        self, form: Form, name: str, entry: Document, issues: Iterable[Issue], known: Known,
        typed: Typed | None = None, *, parts: Iterable[str] = (), empty: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.values = {**form.shown_of(entry), **(typed or {})}
        self.errors: dict[str, list[str]] = {}
        self.elsewhere: list[Issue] = []
        self._known, self._empty = known, empty or {}
        names = {one.name for one in form.fields(entry)} | set(parts)
        for issue in issues:
            place = _place_of(issue.path, f"{form.entries.kind}.{name}", names)
            if place is None:
                self.elsewhere.append(issue)
            else:
                self.errors.setdefault(place, []).append(issue.message)

    def shown(self, field: Field, *, errors: Iterable[str] = ()) -> Shown:
        """An input; `errors`: those of other places that belong to it as well."""
        one = field.input
        asked = self._known.get(one.key, ())
        return Shown(
            name=field.name,
            label=one.label,
            kind=one.kind,
            value=self.values.get(field.name, ""),
            errors=(*self.errors.get(field.name, ()), *errors),
            help=one.help,
            choices=one.choices,
            known=one.key if asked and one.kind in ("text", "scalar", "several", "number") else "",
            empty=self._empty.get(field.name) or (f"such as {one.example}" if one.example else one.default),
            required=one.required,
            blank="" if one.required or one.default else self._empty.get(field.name, "as it is"),
            rows=self._rows(field.name) if one.kind == "rows" else (),
            ticks=self._ticks(field) if one.kind == "chosen" else (),
            completes=_completes(one.kind, one.key),
        )

    def part(self, path: str, words: str, fields: Iterable[Field], place: int = 0, count: int = 1) -> Part:
        inputs = tuple(map(self.shown, fields))
        return Part(path, words, inputs, self.errors.get(path, ()), place == 0, place == count - 1)

    def _rows(self, name: str) -> tuple[tuple[str, str, str, str], ...]:
        places = sorted(int(one[len(name) + 1 : -4]) for one in self.values
                        if one.startswith(f"{name}/") and one.endswith("/key"))  # fmt: skip
        return tuple(
            (f"{name}/{at}/key", self.values[f"{name}/{at}/key"], f"{name}/{at}/value",
             self.values.get(f"{name}/{at}/value", ""))
            for at in places
        )  # fmt: skip

    def _ticks(self, field: Field) -> tuple[tuple[str, str, bool], ...]:
        names = ((f"{field.name}/{choice}", choice) for choice in field.input.choices)
        return tuple((name, choice, bool(self.values.get(name))) for name, choice in names)


def _completes(kind: str, key: str) -> str:
    if kind == "expression":
        return "expression"
    return "text" if (kind == "long" and key != "help") or key in ("title", "subject") else ""


def _place_of(path: str, head: str, names: set[str]) -> str | None:
    """The name of the input or part that an issue is about; "" for the entry as a whole, None for something else."""
    if path != head and not path.startswith((f"{head}.", f"{head}[")):
        return None
    steps = path[len(head) :].replace("[", ".").replace("]", "").strip(".").split(".")
    for length in range(len(steps), 0, -1):
        if (name := "/".join(steps[:length])) in names:
            return name
    return ""


def said_of(entry: Document, key: str) -> str:
    """A text of an entry; empty for none."""
    held: Any = entry.get(key)
    return held if isinstance(held, str) else ""
