"""What is wrong with a folder of definitions: every issue with its place, never only the first."""

from __future__ import annotations

from dataclasses import dataclass, field

from keepwell.errors import DefinitionsRefused

Path = tuple[str | int, ...]
"""A place in a document: ("scorecards", "enterprise", "groups", "adoption", "weight")."""


def print_path(path: Path) -> str:
    """As messages write it: scorecards.enterprise.overrides[0].when."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@dataclass(frozen=True, order=True)
class Issue:
    """One thing to mend. `line` counts from 1 and is 0 where a whole file or folder is meant."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


@dataclass(frozen=True)
class Place:
    """Where a value stands in a file."""

    file: str
    line: int


@dataclass
class Issues:
    """Collects issues; `places` knows where each path of the merged definitions stands."""

    places: dict[Path, Place] = field(default_factory=dict)
    found: list[Issue] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """`message` says what is wrong, what was allowed, and what to do."""
        place = self.place(path)
        self.found.append(Issue(place.file, place.line, print_path(path), message))

    def place(self, path: Path) -> Place:
        """The place of `path`, or of the nearest thing around it that stands in a file."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return Place("definitions", 0)

    def refuse_if_any(self) -> None:
        """Raises DefinitionsRefused with all issues, in the order of files and lines."""
        if self.found:
            raise DefinitionsRefused(*sorted(set(self.found)))
