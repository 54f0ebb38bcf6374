"""Reads a project folder: valid as a whole, or refused as a whole with all its issues."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from keepwell.definitions import settings as settings_module
from keepwell.definitions.binding import add_column_issues
from keepwell.definitions.issues import Issue, Issues, Place
from keepwell.definitions.kinds import KINDS, Kind
from keepwell.definitions.names import Name, listed, unknown
from keepwell.definitions.project import Project
from keepwell.definitions.references import check_references
from keepwell.definitions.settings import Settings
from keepwell.definitions.wording import add_validation_issues
from keepwell.definitions.yaml_source import Refused, YamlFile
from keepwell.errors import DefinitionsRefused

_NAME: TypeAdapter[str] = TypeAdapter(Name)


def load_project(folder: FilePath | str) -> Project:
    """Reads keepwell.yaml and all *.yaml below `folder`. Raises DefinitionsRefused with every issue."""
    root = FilePath(folder)
    if not root.is_dir():
        raise DefinitionsRefused(
            Issue(str(folder), 0, "", "this is not a folder; give the folder that holds the definitions")
        )
    reading = _Reading(Issues())
    files = sorted(file for file in root.rglob("*.yaml") if not _is_hidden(file.relative_to(root)))
    for file in files:
        reading.read(file, file.relative_to(root).as_posix())
    if not files:
        reading.issues.found.append(
            Issue(str(folder), 0, "", "no *.yaml file here or below; is this the right folder?")
        )
    return reading.finish()


def parse_project(documents: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> Project:
    """A project from plain values: {"metrics": {name: {...}}, ...}. Raises DefinitionsRefused with every issue."""
    reading = _Reading(Issues())
    reading.take_settings(_as_tuples(dict(settings or {})), "settings")
    reading.take(_as_tuples(dict(documents)), "definitions")
    return reading.finish()


class _Reading:
    """Collects definitions from files until all are read, then checks them together."""

    def __init__(self, issues: Issues) -> None:
        self.issues = issues
        self.settings = Settings()
        self.found: dict[str, dict[str, Any]] = {plural: {} for plural in KINDS}

    def read(self, file: FilePath, shown_as: str) -> None:
        try:
            source = YamlFile(file, shown_as)
        except Refused as refused:
            self.issues.found.append(refused.issue)
            return
        self.issues.found.extend(source.issues)
        is_settings = shown_as == settings_module.FILE
        self._place(source, ("settings",) if is_settings else ())
        if source.data is None:
            return
        if not isinstance(source.data, dict):
            self.issues.found.append(Issue(shown_as, 1, "", f"a file holds maps such as {listed(KINDS)}"))
        elif is_settings:
            self.take_settings(source.data, shown_as)
        else:
            self.take(source.data, shown_as)

    def _place(self, source: YamlFile, prefix: tuple[str | int, ...]) -> None:
        """Keeps where things stand; what was defined first keeps its place."""
        for path, line in source.lines.items():
            self.issues.places.setdefault((*prefix, *path), Place(source.name, line))

    def take_settings(self, data: Any, file: str) -> None:
        own = {key: value for key, value in data.items() if key not in KINDS}
        kind = Kind("settings", "settings", Settings)
        try:
            self.settings = Settings.model_validate(own)
        except ValidationError as error:
            settings_issues = Issues(self.issues.places)
            add_validation_issues(settings_issues, kind, "", own, error)
            for issue in settings_issues.found:
                path = issue.path.replace("settings.", "", 1).lstrip(".")
                place = self.issues.place(("settings", *path.split(".")))
                self.issues.found.append(Issue(place.file or file, place.line, path, issue.message))
        self.take({key: value for key, value in data.items() if key not in own}, file)

    def take(self, data: dict[str, Any], file: str) -> None:
        for plural, definitions in data.items():
            if plural not in KINDS:
                self.issues.add((plural,), unknown("kind", plural, KINDS))
            elif definitions is not None and not isinstance(definitions, dict):
                self.issues.add((plural,), f"'{plural}' holds a map from names to definitions")
            else:
                for name, definition in (definitions or {}).items():
                    self._take_one(KINDS[plural], name, definition, file)

    def _take_one(self, kind: Kind, name: str, data: Any, file: str) -> None:
        place = self.issues.place((kind.plural, name))
        if name in self.found[kind.plural]:
            first = f" in {place.file} line {place.line}" if place.line else ""
            self.issues.found.append(
                Issue(
                    file,
                    0,
                    f"{kind.plural}.{name}",
                    f"the {kind.singular} '{name}' is already defined{first}; names are unique",
                )
            )
            return
        self._check_name(kind, name)
        try:
            self.found[kind.plural][name] = kind.adapter.validate_python(
                {} if data is None and kind.plural == "schemes" else data
            )
        except ValidationError as error:
            self.found[kind.plural][name] = None
            add_validation_issues(self.issues, kind, name, data, error)

    def _check_name(self, kind: Kind, name: str) -> None:
        try:
            _NAME.validate_python(name)
        except ValidationError as error:
            add_validation_issues(self.issues, kind, name, name, error)

    def finish(self) -> Project:
        check_references(self._project(valid_only=True), self._names(), self.issues)
        if not self.issues.found:  # types are worth a look once every name leads somewhere
            add_column_issues(self._project(valid_only=True), {}, self.issues)
        self.issues.refuse_if_any()
        return self._project(valid_only=False)

    def _names(self) -> dict[str, frozenset[str]]:
        """All names, also of definitions that are themselves refused: naming them is not one more mistake."""
        return {plural: frozenset(definitions) for plural, definitions in self.found.items()}

    def _project(self, *, valid_only: bool) -> Project:
        found = {
            plural: {name: one for name, one in definitions.items() if one is not None or not valid_only}
            for plural, definitions in self.found.items()
        }
        return Project(settings=self.settings, places=self.issues.places, **found)


def _is_hidden(path: FilePath) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _as_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_tuples(inner) for key, inner in value.items()}
    return tuple(_as_tuples(inner) for inner in value) if isinstance(value, list | tuple) else value
