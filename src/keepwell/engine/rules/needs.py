"""What rules and stages ask for: the names that one table must have, and how far back it must look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from keepwell.definitions.expressions import Expression, Name, Past, names_in, past_in, segments_in
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import conditions_of, texts
from keepwell.definitions.texts import fields_in

CHANGE = Past("change_over", Name(("score",)), 7)
"""What the name `change` stands for."""

_BANDS = frozenset({"days_in_band", "previous_label"})


@dataclass(frozen=True)
class Needs:
    """`names` as expressions write them, those that are looked back at included; `past`: the looks back."""

    names: frozenset[str]
    past: frozenset[Past]

    @property
    def asks_bands(self) -> bool:
        """Whether it must be known since when accounts are in their band."""
        return bool(self.names & _BANDS)

    @property
    def days_back(self) -> tuple[int, ...]:
        """How many days before the date earlier values are asked for, ascending."""
        return tuple(sorted({one.days for one in self.past}))


def needs_of(project: Project, rules: Collection[str] | None = None) -> Needs:
    """What these rules (None: all, and the stages) ask for, in conditions and texts."""
    chosen = project.rules if rules is None else rules
    expressions = [one for name in chosen for one in conditions_of(project.rules[name]).values()]
    if rules is None:
        for stage in project.stages.values():
            criteria = (stage.enter, stage.exit, *(one.reached for one in stage.milestones.values()))
            expressions += [one for one in criteria if one is not None]
        expressions += [Name(("stage",)), Name(("days_in_stage",))] if project.stages else []
    written = (
        field for path, text in texts(project) if path[0] == "rules" and path[1] in chosen for field in fields_in(text)
    )
    return _needs(project, expressions, written_names=frozenset(written))


def needs_of_expressions(project: Project, expressions: Iterable[Expression]) -> Needs:
    """What expressions over accounts that stand elsewhere ask for, such as the audience of a survey."""
    return _needs(project, list(expressions), written_names=frozenset())


def needs_of_names(project: Project, names: Collection[str]) -> Needs:
    """What names in a text ask for."""
    return _needs(project, [], written_names=frozenset(names))


def _needs(project: Project, expressions: list[Expression], written_names: frozenset[str]) -> Needs:
    names, past, seen = set(written_names), set(), set()
    waiting = list(expressions)
    while waiting:
        one = waiting.pop()
        names |= {name.dotted for name in names_in(one)}
        past |= set(past_in(one))
        for segment in segments_in(one):
            if segment not in seen:
                seen.add(segment)
                waiting.append(project.segments[segment])
    if "change" in names:
        past.add(CHANGE)
        names.add("score")
    return Needs(frozenset(names), frozenset(past))
