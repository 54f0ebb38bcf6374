"""What a run would do, by effect: listed before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keepwell.definitions.actions import ACTION_KINDS
from keepwell.definitions.project import Project
from keepwell.engine.rules.intents import Intent

_SAID = {
    "open_call": ("open {} call to action", "open {} calls to action"),
    "update_call": ("update {} call to action", "update {} calls to action"),
    "close_call": ("close {} call to action", "close {} calls to action"),
    "set_score": ("set {} score", "set {} scores"),
    "set_attribute": ("set {} attribute", "set {} attributes"),
    "set_stage": ("move {} account to another stage", "move {} accounts to another stage"),
    "log": ("write {} timeline entry", "write {} timeline entries"),
    "notify": ("send {} notice", "send {} notices"),
    "webhook": ("call {} webhook", "call {} webhooks"),
    "ask_advocate": ("ask {} advocate", "ask {} advocates"),
    "add_to_list": ("put {} account on a list", "put {} accounts on a list"),
    "remove_from_list": ("take {} account from a list", "take {} accounts from a list"),
    "start_rule": ("start another rule for {} account", "start another rule for {} accounts"),
}


@dataclass(frozen=True)
class Plan:
    """Effects by kind, in all and by rule, those held out apart. `approval`: the rules that wait for approval."""

    effects: Mapping[str, int]
    by_rule: Mapping[str, Mapping[str, int]]
    held_out: int
    approval: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.effects.values())

    @property
    def sentence(self) -> str:
        """Such as "would open 14 calls to action, close 3 calls to action; 2 are held out"."""
        return f"would {effects_said(self.effects)}" + (f"; {self.held_out} held out" if self.held_out else "")


def plan(project: Project, found: Iterable[Intent]) -> Plan:
    """Effects of a run. A rule waits for approval where it has more effects than its `approval_above`."""
    found = list(found)
    done = [one for one in found if not one.held_out]
    by_rule = {name: _counted(one.kind for one in done if one.rule == name) for name in {one.rule for one in found}}
    ordered = {name: by_rule[name] for name in project.rules_in_order() if name in by_rule}
    return Plan(
        effects=_counted(one.kind for one in done),
        by_rule=ordered,
        held_out=len(found) - len(done),
        approval=tuple(name for name in ordered if needs_approval(project, name, sum(ordered[name].values()))),
    )


def needs_approval(project: Project, rule: str, effects: int) -> bool:
    """Whether a run of the rule with so many effects waits for approval."""
    above = project.rules[rule].approval_above
    return above is not None and effects > above


def effects_said(effects: Mapping[str, int]) -> str:
    """Counts by kind in words; "do nothing" for none."""
    parts = [_SAID[kind][count != 1].format(f"{count:,}") for kind, count in effects.items() if count]
    return ", ".join(parts) or "do nothing"


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    counts = Counter(kinds)
    return {kind: counts[kind] for kind in ACTION_KINDS if counts[kind]}
