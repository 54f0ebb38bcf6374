"""Which rules something sets in motion, and for which accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from keepwell.definitions.rules import Rule
from keepwell.definitions.triggers import OCCASIONS


@dataclass(frozen=True)
class Start:
    """What happened. `kind`: a kind of trigger, or `by_hand` or `rule` (a chain), which start what `rules` names.

    `name`: the dataset that was loaded, the stage that was come to, the milestone, the survey; for schedules, the text
    of the schedule that is due. `rules`: by name, the accounts for which each starts (None: all that are looked at);
    where `rules` itself is None, the rules are those with a fitting trigger, for all accounts that are looked at.
    """

    kind: str = "score_change"
    name: str | None = None
    rules: Mapping[str, pa.Array | None] | None = field(default=None, hash=False)

    @property
    def is_occasion(self) -> bool:
        """Whether it is a moment, so that a rule acts though it acted for the same account before."""
        return self.kind in OCCASIONS

    def starts(self, name: str, rule: Rule) -> bool:
        """Whether it sets a rule in motion, for any account."""
        if self.rules is not None:
            return name in self.rules
        return any(_fits(self, one) for one in rule.triggers(self.kind))

    def accounts_of(self, rule: str) -> pa.Array | None:
        """The accounts for which a rule starts; None for all."""
        return self.rules.get(rule) if self.rules is not None else None


def _fits(start: Start, trigger: object) -> bool:
    if getattr(trigger, "where", None) is not None:
        return False  # whoever knows what happened names the rule
    named = getattr(trigger, start.kind, None)
    return named is True or start.name is None or named == start.name
