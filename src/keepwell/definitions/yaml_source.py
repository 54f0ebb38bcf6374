"""Reads one YAML file to plain values, and says where in the file each of them stands.

YAML 1.2's core schema is read, not 1.1's: `on`, `no` and `2026-10-31` are text, and only true/false are booleans.
Mappings become dicts with text keys, sequences become tuples. Nothing is executed and no tag of YAML is obeyed.
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Any

import yaml

from keepwell.definitions.issues import Issue, Path

MAX_BYTES = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 60

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _CoreLoader(_Loader):  # type: ignore[misc]
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - the attribute PyYAML reads


def _resolve(tag: str, pattern: str, first: str) -> None:
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "map", "seq"))


_resolve("null", r"^(?:~|null|Null|NULL|)$", "~nN\0")
_CoreLoader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile(r"^$")))
_resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_resolve("int", r"^[-+]?[0-9]+$", "-+0123456789")
_resolve("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")
_resolve("float", r"^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$", "-+.")


class Refused(Exception):
    """A file that cannot be read at all."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(str(issue))
        self.issue = issue


class YamlFile:
    """The values of one file (`data`) and the line of each (`lines`, from the path inside the file)."""

    def __init__(self, file: FilePath, shown_as: str) -> None:
        self.name = shown_as
        self.lines: dict[Path, int] = {}
        self.issues: list[Issue] = []
        self._values = 0
        self._open: set[int] = set()
        root = self._compose(self._text(file))
        self.data = None if root is None else self._build(root, ())

    def _text(self, file: FilePath) -> str:
        try:
            if file.stat().st_size > MAX_BYTES:
                raise self._refused(0, f"the file is larger than {MAX_BYTES // 1_000_000} MB; split it into several")
            return file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise self._refused(line, "the file is not UTF-8 text; save it with that encoding") from None
        except OSError as error:
            raise self._refused(0, f"the file cannot be read: {error.strerror}") from None

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            loader = _CoreLoader(text)
            try:
                return loader.get_single_node()
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            raise self._refused(_line_of(error), f"not valid YAML: {_words_of(error)}") from None
        except yaml.YAMLError as error:
            raise self._refused(0, f"not valid YAML: {str(error).splitlines()[0]}") from None
        except RecursionError:
            raise self._refused(0, f"nested deeper than {MAX_DEPTH} levels") from None

    def _build(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self._count(node, path, line)
        if node.tag not in _TAGS:
            raise self._refused(line, f"the YAML tag {node.tag} is not used in definitions")
        self.lines.setdefault(path, line)
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return tuple(self._build(item, (*path, index)) for index, item in enumerate(node.value))
            return self._scalar(node)
        finally:
            self._open.discard(id(node))

    def _count(self, node: yaml.Node, path: Path, line: int) -> None:
        self._values += 1
        if id(node) in self._open:
            raise self._refused(line, "an alias that contains itself")
        if self._values > MAX_VALUES:
            raise self._refused(line, f"more than {MAX_VALUES:,} values, aliases counted as often as they are used")
        if len(path) > MAX_DEPTH:
            raise self._refused(line, f"nested deeper than {MAX_DEPTH} levels")

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._refused(line, "a key must be plain text")
            key = key_node.value
            if key in built:
                self.issues.append(Issue(self.name, line, "", f"the key '{key}' stands here twice; keep one of them"))
                continue
            self.lines[(*path, key)] = line
            built[key] = self._build(value_node, (*path, key))
        return built

    def _scalar(self, node: yaml.Node) -> Any:
        tag, text = node.tag.removeprefix("tag:yaml.org,2002:"), node.value
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() == "true"
        if tag == "int":
            return int(text) if len(text) < 40 else float(text)
        if tag == "float":
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
        return text

    def _refused(self, line: int, message: str) -> Refused:
        return Refused(Issue(self.name, line, "", message))


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 0


def _words_of(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return ", ".join(parts) or "unreadable"
