"""What a message has of the request that it came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from keepwell.apps.usage.ingestion.times import AHEAD, written


@dataclass(frozen=True)
class Inherited:
    """`kind`: the type that the address names; `context`: of the whole batch, what a message says itself goes before.

    `kept`: the properties that the write key keeps.
    """

    received: datetime
    kept: frozenset[str] = frozenset()
    kind: str | None = None
    sent: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def latest(self) -> str:
        """Events after it are in the future."""
        return written(self.received + AHEAD)

    @property
    def moment(self) -> str:
        """The time of a message that has none."""
        return self.sent or written(self.received)

    def added_to(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A Segment message that says for itself what the request said for it."""
        whole = dict(message)
        if self.kind and not whole.get("type"):
            whole["type"] = self.kind
        if self.sent and not whole.get("sentAt"):
            whole["sentAt"] = self.sent
        own = whole.get("context")
        if self.context and isinstance(own, dict | None):
            whole["context"] = {**self.context, **(own or {})}
        return whole
