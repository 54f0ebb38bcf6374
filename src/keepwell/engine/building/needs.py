"""Which metrics are needed for which kind of entity, and at which earlier dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from keepwell.definitions.advocacy_names import candidate_rules
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.dependencies import changes_of_scores, metric_inputs, score_dependent
from keepwell.definitions.entities import metrics_for
from keepwell.definitions.expressions import Expression, names_in
from keepwell.definitions.measures import Percentile
from keepwell.definitions.metrics import AttributeMetric, ChangeMetric, ChildrenMetric, FormulaMetric
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import conditions, texts
from keepwell.definitions.scorecards import EntityKind
from keepwell.definitions.survey_names import audiences
from keepwell.definitions.texts import fields_in
from keepwell.definitions.widget_reading import account_expressions, names_of_accounts

Needs = Mapping[int, frozenset[str]]
"""Days before the date (0: the date itself) -> the metrics needed there."""


def needs_of(project: Project, wanted: frozenset[str]) -> Needs:
    """`wanted` at the date, and what its changes need before it; changes of changes add up their days."""
    needs: dict[int, set[str]] = defaultdict(set, {0: set()})
    waiting = [(0, name) for name in wanted]
    while waiting:
        offset, name = waiting.pop()
        if name in needs[offset]:
            continue
        needs[offset].add(name)
        waiting.extend(_inputs(project, offset, name))
    return {offset: frozenset(names) for offset, names in sorted(needs.items())}


def _inputs(project: Project, offset: int, name: str) -> Iterable[tuple[int, str]]:
    metric = project.metrics[name]
    if isinstance(metric, ChangeMetric):
        yield offset, metric.change_of
        if metric.change_of in score_dependent(project):
            everything = metrics_for(project, "account") | metrics_for(project, "relationship")
            scored = everything - changes_of_scores(project)  # which cards of accounts may not rest on
            yield from ((offset + metric.over, other) for other in scored)
        yield offset + metric.over, metric.change_of
    elif isinstance(metric, ChildrenMetric):
        yield from ((offset, str(one)) for one in (metric.children, metric.weight) if one in project.metrics)
    else:
        yield from ((offset, one) for one in metric_inputs(project, metric))


def attributes_for(project: Project, entity_kind: EntityKind, columns: Iterable[str]) -> frozenset[str]:
    """Columns of the accounts (relationships) dataset that definitions read, and those that head an account's page."""
    role = "accounts" if entity_kind == "account" else "relationships"
    found = project.with_role(role)  # type: ignore[arg-type]
    if found is None:
        return frozenset()
    dataset = found[1]
    header = {dataset.name, dataset.arr, dataset.renews_on, dataset.stage, dataset.owner, dataset.started_at}
    return frozenset(columns) & (_named(project) | {column for column in header if column})


def _named(project: Project) -> frozenset[str]:
    expressions = [*project.segments.values()]
    names: set[str] = set()
    for metric in project.metrics.values():
        if isinstance(metric, AttributeMetric):
            names.add(metric.attribute)
        elif isinstance(metric, FormulaMetric):
            expressions.append(metric.formula)
        elif isinstance(metric, ChildrenMetric) and metric.weight:
            names.add(metric.weight)
    for card in project.scorecards.values():
        expressions += [override.when for override in card.overrides]
        expressions += [card.applies_to] if card.applies_to is not None else []
        for measure in card.measures.values():
            if isinstance(measure.score, Percentile) and measure.score.percentile.within is not None:
                expressions.append(measure.score.percentile.within)
    acting = (*conditions(project), *audiences(project))
    expressions += [expression for _, _, expression in acting]
    expressions += [expression for _, _, expression, _ in candidate_rules(project)]
    expressions += [one for dashboard in project.dashboards.values() for one in _shown(project, dashboard)]
    names |= {field for _, text in texts(project) for field in fields_in(text)}
    return frozenset(names | {name.parts[0] for expression in expressions for name in names_in(expression)})


def _shown(project: Project, dashboard: Dashboard) -> Iterable[Expression]:
    """What a dashboard names of accounts."""
    yield from (expression for _, expression, _ in account_expressions(dashboard))
    for widget in dashboard.widgets.values():
        yield from names_of_accounts(project, widget)
