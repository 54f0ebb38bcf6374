"""Refuses rules that would feed themselves: what one writes comes back, over scores and other rules, to what it reads.

The graph is walked against the flow, from what reads to what it rests on. A constant that is written counts only where
the reader could act on it: a rule for accounts of stage onboarding that moves them to adopting does not feed itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from keepwell.definitions.actions import SetAttribute, SetScore, SetStage, StartRule, parameters_of
from keepwell.definitions.dependencies import Node, circles
from keepwell.definitions.expressions import Expression, Literal, names_in, segments_in
from keepwell.definitions.issues import Issues
from keepwell.definitions.measures import Percentile
from keepwell.definitions.metrics import OVERALL_SCORE, AttributeMetric, ChangeMetric, ChildrenMetric, FormulaMetric
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import SCORES, STAGES, WORK, conditions_of
from keepwell.definitions.truth import may_be_true

_SCORE, _CRITERIA = ("score", "score"), ("criteria", "stages")
_WORDS = {"rules": "rule", "metrics": "metric", "segments": "segment", "criteria": "criteria of"}


def check_rule_circles(project: Project, issues: Issues) -> None:
    """An issue for each circle of rules, at its first rule. References must have been checked before."""
    graph = _Graph(project)
    for circle in circles([("rules", name) for name in project.rules], graph.rests_on):
        around = tuple(reversed(circle))
        first = next((place for place, (kind, _) in enumerate(around) if kind == "rules"), None)
        if first is None:
            continue  # metrics that rest on each other were named before
        flow = (*around[first:-1], *around[: first + 1])
        way = " -> ".join(_said(node) for node in flow)
        issues.add(flow[0], f"the rule would feed itself: {way}; let one of them write or read something else")


def _said(node: Node) -> str:
    return "score" if node == _SCORE else f"{_WORDS.get(node[0], node[0])} {node[1]}"


class _Graph:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._writes = [
            (name, parameters_of(action))
            for name, rule in project.rules.items()
            for action in (*rule.actions, *(rule.until.actions if rule.until else ()))
        ]
        set_to = [one for _, one in self._writes if isinstance(one, SetAttribute)]
        self._constants = {_constant(one): (one.attribute, one.value) for one in set_to}
        accounts = project.with_role("accounts")
        self._stage_column = accounts[1].stage if accounts else None
        self.rests_on = lru_cache(maxsize=None)(self._rests_on)

    def _rests_on(self, node: Node) -> frozenset[Node]:
        """What a thing rests on directly: for a rule what it reads, for what can be written the rules that do."""
        kind, name = node
        found = {
            "rules": self._read_by_rule,
            "score": lambda _: self._read_by_cards(),
            "group": self._read_by_group,
            "measure": self._read_by_measure,
            "metrics": self._read_by_metric,
            "segments": lambda one: self._read(self._project.segments[one]),
            "criteria": lambda _: self._read_by_criteria(),
            "stage": self._moved_by,
            "attribute": self._set_by,
        }[kind](name)
        return frozenset(found)

    def _read(self, expression: Expression) -> Iterator[Node]:
        for segment in segments_in(expression):
            yield "segments", segment
        for name in names_in(expression):
            yield from self._named(name.parts)

    def _named(self, parts: tuple[str, ...]) -> Iterator[Node]:
        name, project = parts[0], self._project
        if len(parts) == 2:
            yield name, parts[1]
        elif name in project.metrics:
            yield "metrics", name
        elif name in SCORES:
            yield _SCORE
        elif name in STAGES or name == self._stage_column:
            yield from (("stage", stage) for stage in project.stages)
        elif name not in WORK:
            yield from self._attribute(name)

    def _attribute(self, name: str) -> Iterator[Node]:
        """A node for each value that rules give it."""
        yield from (("attribute", said) for said, (attribute, _) in self._constants.items() if attribute == name)

    def _read_by_rule(self, name: str) -> Iterator[Node]:
        rule = self._project.rules[name]
        yield from (("rules", other) for other, one in self._writes if isinstance(one, StartRule) and one.rule == name)
        when = [one for where, one in conditions_of(rule).items() if where != "until"]
        until = [rule.until.when] if rule.until else []
        for together in (when, until):
            for node in {found for one in together for found in self._read(one)}:
                if self._could_act(together, node):
                    yield node

    def _could_act(self, conditions: list[Expression], node: Node) -> bool:
        """Whether all of some conditions can hold with a constant that is written."""
        kind, name = node
        if kind == "stage":
            given: dict[str, object] = {"stage": name, self._stage_column or "stage": name}
        elif kind == "attribute":
            attribute, value = self._constants[name]
            given = {attribute: value}
        else:
            return True
        return all(may_be_true(one, given, self._project.segments) for one in conditions)

    def _read_by_cards(self) -> Iterator[Node]:
        for card in self._project.cards_for("account").values():
            yield from (("measure", name) for name in card.measures)
            for condition in (card.applies_to, *(one.when for one in card.overrides)):
                if condition is not None:
                    yield from (node for node in self._read(condition) if node[0] != "group")

    def _read_by_group(self, name: str) -> Iterator[Node]:
        for card in self._project.cards_for("account").values():
            if name in card.groups:
                yield from (("measure", measure) for measure in card.groups[name].measures)

    def _read_by_measure(self, name: str) -> Iterator[Node]:
        for card in self._project.cards_for("account").values():
            measure = card.measures.get(name)
            if measure is None:
                continue
            if "rule" in measure.source_order:
                yield from (("rules", rule) for rule, one in self._writes if _enters(one, name))
            if measure.reads_metric:
                yield "metrics", measure.metric or name
            if isinstance(measure.score, Percentile) and measure.score.percentile.within is not None:
                yield from self._read(measure.score.percentile.within)

    def _read_by_metric(self, name: str) -> Iterator[Node]:
        metric = self._project.metrics[name]
        if isinstance(metric, AttributeMetric):
            yield from self._named_column(metric.attribute)
        elif isinstance(metric, FormulaMetric):
            yield from self._read(metric.formula)
        elif isinstance(metric, ChangeMetric):
            yield "metrics", metric.change_of
        elif isinstance(metric, ChildrenMetric) and metric.of == "accounts":
            yield _SCORE if metric.children == OVERALL_SCORE else ("metrics", metric.children)

    def _named_column(self, column: str) -> Iterator[Node]:
        if column == self._stage_column:
            yield from (("stage", stage) for stage in self._project.stages)
        yield from self._attribute(column)

    def _read_by_criteria(self) -> Iterator[Node]:
        """Of stages, which are what they are for: that they rest on the stage itself is no circle."""
        for stage in self._project.stages.values():
            for condition in (stage.enter, stage.exit):
                if condition is not None:
                    yield from (node for node in self._read(condition) if node[0] != "stage")

    def _moved_by(self, stage: str) -> Iterator[Node]:
        yield from (("rules", rule) for rule, one in self._writes if isinstance(one, SetStage) and one.stage == stage)
        if any(one.enter is not None or one.exit is not None for one in self._project.stages.values()):
            yield _CRITERIA

    def _set_by(self, name: str) -> Iterator[Node]:
        for rule, one in self._writes:
            if isinstance(one, SetAttribute) and _constant(one) == name:
                yield "rules", rule


def _constant(action: SetAttribute) -> str:
    return f"{action.attribute} = {Literal(action.value)}"


def _enters(action: object, measure: str) -> bool:
    return isinstance(action, SetScore) and action.measure == measure
