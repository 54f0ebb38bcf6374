"""Versions by content: a hash that covers a definition and everything it refers to, transitively."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any

from keepwell.definitions.dependencies import Node, references
from keepwell.definitions.kinds import KINDS
from keepwell.definitions.project import Project

_LENGTH = 16


class Versions:
    """Content hashes of the definitions of one project.

    The hash is the first 16 hexadecimal digits of SHA-256 over the definition in canonical form (keys sorted,
    defaults left out, expressions printed alike) and the hashes of what it refers to, in order of name. Spelling,
    comments and the file it stands in do not count; the project's time zone counts where rows are read.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[Node, str] = {}

    def of(self, kind: str, name: str) -> str:
        """The hash of one definition. Raises KeyError for a name that is not defined."""
        waiting = [(kind, name)]
        while waiting:  # a stack of its own, so that a long chain of metrics cannot exhaust Python's
            node = waiting[-1]
            missing = [other for other in references(self._project, node) if other not in self._known]
            if node in self._known or not missing:
                self._known.setdefault(node, self._hash(node))
                waiting.pop()
            waiting.extend(missing)
        return self._known[kind, name]

    @cached_property
    def project(self) -> str:
        """The hash of all definitions together."""
        nodes = [(kind, name) for kind in KINDS for name in sorted(getattr(self._project, kind))]
        return _digest([[*node, self.of(*node)] for node in nodes])

    def _hash(self, node: Node) -> str:
        inner = [[*other, self._known[other]] for other in sorted(references(self._project, node))]
        return _digest([node[0], self._content(node), inner])

    def _content(self, node: Node) -> Any:
        kind, name = node
        content = KINDS[kind].adapter.dump_python(
            getattr(self._project, kind)[name], mode="json", by_alias=True, exclude_defaults=True
        )
        return [content, self._project.zone_of(name)] if kind == "datasets" else content


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
