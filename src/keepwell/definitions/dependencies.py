"""What a definition refers to: the graph behind circles, versions and the order of evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from keepwell.definitions.actions import kind_of, parameters_of
from keepwell.definitions.advocacy import TABLE
from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.measures import Measure, Percentile
from keepwell.definitions.metrics import (
    OVERALL_SCORE,
    AggregateMetric,
    AttributeMetric,
    ChangeMetric,
    ChildrenMetric,
    FormulaMetric,
    MetricBase,
)
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import SCORES, STAGES, conditions_of
from keepwell.definitions.rules import Rule
from keepwell.definitions.widget_reading import account_expressions, names_of_accounts, readings

Node = tuple[str, str]
"""A definition: its kind (as in `datasets`) and its name."""


def references(project: Project, node: Node) -> frozenset[Node]:
    """The definitions that `node` names directly; names that are not defined are left out."""
    kind, name = node
    found = _REFERENCES[kind](project, name)
    return frozenset(other for other in found if other[1] in getattr(project, other[0]))


def expression_references(project: Project, expression: Expression) -> Iterator[Node]:
    """Metrics, segments and (for attributes) datasets that an account expression names."""
    for name in names_in(expression):
        if len(name.parts) == 1 and name.parts[0] in project.metrics:
            yield "metrics", name.parts[0]
        elif len(name.parts) == 1:
            yield from _population(project)
    for segment in segments_in(expression):
        yield "segments", segment


def metric_inputs(project: Project, metric: MetricBase) -> frozenset[str]:
    """Metrics that must be evaluated before this one, for the same entity: of a formula and of a change."""
    if isinstance(metric, ChangeMetric):
        return frozenset({metric.change_of} & project.metrics.keys())
    if isinstance(metric, FormulaMetric):
        return _metrics_read(project, metric.formula)
    return frozenset()


def _metrics_read(project: Project, expression: Expression) -> frozenset[str]:
    """Metrics that an expression names, itself or through segments."""
    direct = frozenset(expression_references(project, expression))
    within = lambda node: (other for other in references(project, node) if node[0] == "segments")  # noqa: E731
    reached = joint_closure((node for node in direct if node[1] in getattr(project, node[0])), within)
    return frozenset(name for kind, name in reached if kind == "metrics")


def score_dependent(project: Project) -> frozenset[str]:
    """Names of the metrics whose value rests on scores, directly or through others."""
    users: dict[str, set[str]] = {name: set() for name in project.metrics}
    for name in project.metrics:
        for kind, used in references(project, ("metrics", name)):
            if kind == "metrics":
                users[used].add(name)
    reached, waiting = set(), [name for name, metric in project.metrics.items() if _reads_scores(metric)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(users[name])
    return frozenset(reached)


def _reads_scores(metric: MetricBase) -> bool:
    return isinstance(metric, ChildrenMetric) and metric.children == OVERALL_SCORE


def changes_of_scores(project: Project) -> frozenset[str]:
    """Metrics that rest on the change of a metric that rests on scores: they look at the scores of an earlier date."""
    resting = score_dependent(project)
    is_change = {name for name in resting if isinstance(project.metrics[name], ChangeMetric)}
    return frozenset(name for name in resting if is_change & {other for _, other in _metrics_below(project, name)})


def rests_on_accounts(project: Project, name: str) -> bool:
    """Whether a metric rests on the scores of accounts, not only on those of relationships."""
    below = (project.metrics[other] for _, other in _metrics_below(project, name))
    return any(isinstance(one, ChildrenMetric) and _reads_scores(one) and one.of == "accounts" for one in below)


def _metrics_below(project: Project, name: str) -> frozenset[Node]:
    return closure(("metrics", name), lambda node: (one for one in references(project, node) if one[0] == "metrics"))


def evaluation_order(project: Project, names: Iterable[str]) -> list[str]:
    """`names` so that each stands behind what it is computed from."""
    wanted, ordered, done = sorted(names), [], set()
    stack = [(name, False) for name in reversed(wanted)]
    while stack:
        name, ready = stack.pop()
        if ready:
            if name in wanted:
                ordered.append(name)
        elif name not in done:
            done.add(name)
            stack.append((name, True))
            stack.extend((other, False) for other in sorted(_direct_inputs(project, name)) if other not in done)
    return ordered


def _direct_inputs(project: Project, name: str) -> frozenset[str]:
    metric = project.metrics[name]
    if isinstance(metric, ChildrenMetric):
        return frozenset({metric.children, metric.weight or ""} & project.metrics.keys())
    return metric_inputs(project, metric)


def closure(start: Node, next_of: Callable[[Node], Iterable[Node]]) -> frozenset[Node]:
    """Everything reached from `start`, itself included."""
    return joint_closure([start], next_of)


def joint_closure(starts: Iterable[Node], next_of: Callable[[Node], Iterable[Node]]) -> frozenset[Node]:
    """Everything reached from any of `starts`, themselves included; each is looked at once."""
    waiting = list(starts)
    reached = set(waiting)
    while waiting:
        for node in next_of(waiting.pop()):
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return frozenset(reached)


def circles(nodes: Iterable[Node], next_of: Callable[[Node], Iterable[Node]]) -> list[tuple[Node, ...]]:
    """Each circle once, from its first node in order of name round to itself."""
    found: dict[frozenset[Node], tuple[Node, ...]] = {}
    done: set[Node] = set()
    for start in sorted(nodes):
        _walk(start, next_of, done, found)
    return [found[key] for key in sorted(found, key=sorted)]


def _walk(
    start: Node,
    next_of: Callable[[Node], Iterable[Node]],
    done: set[Node],
    found: dict[frozenset[Node], tuple[Node, ...]],
) -> None:
    """Depth first with a stack of its own, so that a long chain of metrics cannot exhaust Python's."""
    path: list[Node] = []
    stack: list[tuple[Node, Iterator[Node]]] = []

    def enter(node: Node) -> None:
        path.append(node)
        stack.append((node, iter(sorted(next_of(node)))))

    if start not in done:
        enter(start)
    while stack:
        node, successors = stack[-1]
        successor = next(successors, None)
        if successor is None:
            done.add(node)
            stack.pop()
            path.pop()
        elif successor in path:
            circle = tuple(path[path.index(successor) :])
            found.setdefault(frozenset(circle), (*circle, successor))
        elif successor not in done:
            enter(successor)


def _population(project: Project) -> Iterator[Node]:
    for role in ("accounts", "relationships"):
        for name in project.all_with_role(role):
            yield "datasets", name


def _dataset_references(project: Project, name: str) -> Iterator[Node]:
    via = project.datasets[name].via
    if via:
        yield "datasets", via.via
    if project.datasets[name].table == TABLE:
        yield from (("advocacy_activities", activity) for activity in project.advocacy_activities)


def _metric_references(project: Project, name: str) -> Iterator[Node]:
    metric = project.metrics[name]
    if isinstance(metric, AggregateMetric):
        yield "datasets", metric.dataset
    elif isinstance(metric, AttributeMetric):
        yield from _population(project)
    elif isinstance(metric, ChangeMetric):
        yield "metrics", metric.change_of
    elif isinstance(metric, FormulaMetric):
        yield from expression_references(project, metric.formula)
    elif isinstance(metric, ChildrenMetric):
        yield "metrics", metric.children
        if metric.weight:
            yield "metrics", metric.weight
        yield from _population(project)


def _segment_references(project: Project, name: str) -> Iterator[Node]:
    return expression_references(project, project.segments[name])


def _scorecard_references(project: Project, name: str) -> Iterator[Node]:
    card = project.scorecards[name]
    yield "schemes", card.scheme
    yield from _population(project)
    conditions = [override.when for override in card.overrides] + ([card.applies_to] if card.applies_to else [])
    for condition in conditions:
        yield from expression_references(project, condition)
    for measure_name, measure in card.measures.items():
        yield from _measure_references(project, measure_name, measure)
    for role in ("entries", "overrides", "pins"):
        yield from (("datasets", dataset) for dataset in project.all_with_role(role))


def _measure_references(project: Project, name: str, measure: Measure) -> Iterator[Node]:
    if measure.scheme:
        yield "schemes", measure.scheme
    if measure.reads_metric:
        yield "metrics", measure.metric or name
    if isinstance(measure.score, Percentile) and measure.score.percentile.within is not None:
        yield from expression_references(project, measure.score.percentile.within)


def _rule_references(project: Project, name: str) -> Iterator[Node]:
    rule = project.rules[name]
    yield from _population(project)
    for condition in conditions_of(rule).values():
        yield from _condition_references(project, condition)
        if any(one.dotted in STAGES for one in names_in(condition)):
            yield from (("stages", stage) for stage in project.stages)
    for trigger in rule.on:
        for key, kind in (("load", "datasets"), ("stage_change", "stages"), ("response", "surveys")):
            if isinstance(named := getattr(trigger, key, None), str):
                yield kind, named
    yield from _action_references(project, rule)


def _action_references(project: Project, rule: Rule) -> Iterator[Node]:
    for action in (*rule.actions, *(rule.until.actions if rule.until else ())):
        about = parameters_of(action)
        for key, kind in (("playbook", "playbooks"), ("stage", "stages"), ("rule", "rules")):
            if (named := getattr(about, key, None)) is not None:
                yield kind, named
        if kind_of(action) == "ask_advocate":
            yield "advocacy_activities", about.kind
        if kind_of(action) == "set_score":
            cards = project.cards_for("account").items()
            yield from (("scorecards", card) for card, one in cards if about.measure in one.measures)


def _condition_references(project: Project, condition: Expression) -> Iterator[Node]:
    """Of an expression of a rule or stage: also the cards whose scores, groups and measures it names."""
    for name in names_in(condition):
        for card, one in project.cards_for("account").items():
            prefix, rest = name.parts[0], name.parts[-1]
            parts = one.measures if prefix == "measure" else one.groups if prefix == "group" else {}
            if name.dotted in SCORES or rest in parts:
                yield "scorecards", card
    yield from expression_references(project, condition)


def _stage_references(project: Project, name: str) -> Iterator[Node]:
    stage = project.stages[name]
    yield from _population(project)
    for condition in (stage.enter, stage.exit, *(one.reached for one in stage.milestones.values())):
        if condition is not None:
            yield from _condition_references(project, condition)
    if stage.playbook:
        yield "playbooks", stage.playbook


def _survey_references(project: Project, name: str) -> Iterator[Node]:
    survey = project.surveys[name]
    if survey.audience.accounts is not None:
        yield from _population(project)
        yield from _condition_references(project, survey.audience.accounts)
        if any(one.dotted in STAGES for one in names_in(survey.audience.accounts)):
            yield from (("stages", stage) for stage in project.stages)
    for trigger in survey.on or ():
        for key, kind in (("load", "datasets"), ("stage_change", "stages"), ("response", "surveys")):
            if isinstance(named := getattr(trigger, key, None), str):
                yield kind, named


def _candidates_references(project: Project, name: str) -> Iterator[Node]:
    rule = project.advocacy_candidates[name]
    yield from _population(project)
    for condition in (rule.accounts, rule.people):
        if condition is not None:
            yield from _condition_references(project, condition)
    yield from (("advocacy_activities", kind) for kind in rule.suggests)


def _dashboard_references(project: Project, name: str) -> Iterator[Node]:
    dashboard = project.dashboards[name]
    yield from _population(project)
    for _, expression, _ in account_expressions(dashboard):
        yield from _condition_references(project, expression)
    for widget in dashboard.widgets.values():
        yield "datasets", widget.dataset
        for expression in (one for reading in readings(widget) for one in reading.expressions):
            yield from (("segments", segment) for segment in segments_in(expression))
        for one in names_of_accounts(project, widget):
            yield from _condition_references(project, one)


_REFERENCES: dict[str, Callable[[Project, str], Iterator[Node]]] = {
    "schemes": lambda _project, _name: iter(()),
    "datasets": _dataset_references,
    "metrics": _metric_references,
    "segments": _segment_references,
    "scorecards": _scorecard_references,
    "features": lambda _project, _name: iter(()),
    "topics": lambda _project, _name: iter(()),
    "rules": _rule_references,
    "playbooks": lambda _project, _name: iter(()),
    "stages": _stage_references,
    "surveys": _survey_references,
    "dashboards": _dashboard_references,
    "advocacy_activities": lambda _project, _name: iter(()),
    "advocacy_candidates": _candidates_references,
}
