"""Checks that definitions fit together: names are defined, nothing goes in a circle, scores do not feed themselves."""

from __future__ import annotations

from keepwell.definitions.advocacy_references import check_advocacy
from keepwell.definitions.conditions import Names, check_account_expression
from keepwell.definitions.dashboard_references import check_dashboards
from keepwell.definitions.dependencies import changes_of_scores, circles, references, rests_on_accounts, score_dependent
from keepwell.definitions.entities import metrics_of_card
from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.measures import Percentile
from keepwell.definitions.metrics import OVERALL_SCORE, AggregateMetric, ChangeMetric, ChildrenMetric, FormulaMetric
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.rule_circles import check_rule_circles
from keepwell.definitions.rule_references import check_rules
from keepwell.definitions.scorecard_references import check_scorecards
from keepwell.definitions.sentiment_references import check_sentiment
from keepwell.definitions.survey_references import check_surveys

_ONE_OF = ("accounts", "relationships", "entries", "overrides", "pins")


def check_references(project: Project, names: Names, issues: Issues) -> None:
    """Adds an issue for each reference that leads nowhere. `names` are all names, also of refused definitions."""
    _check_roles(project, issues)
    for name in project.datasets:
        _check_via(project, names, name, issues)
    for name in project.metrics:
        _check_metric(project, names, name, issues)
    for name, expression in project.segments.items():
        check_account_expression(("segments", name), expression, names, issues)
    _check_circles(project, issues)
    check_scorecards(project, names, issues)
    _check_score_feedback(project, issues)
    _check_changes_of_scores(project, issues)
    check_rules(project, names, issues)
    check_surveys(project, names, issues)
    check_dashboards(project, names, issues)
    check_advocacy(project, names, issues)
    check_sentiment(project, names, issues)
    if not issues.found:  # what circles run through must lead somewhere
        check_rule_circles(project, issues)


def _check_roles(project: Project, issues: Issues) -> None:
    for role in _ONE_OF:
        names = sorted(project.all_with_role(role))  # type: ignore[arg-type]
        for name in names[1:]:
            issues.add(
                ("datasets", name, "role"), f"only one dataset may have role {role}; '{names[0]}' has it already"
            )
    if project.scorecards and not project.all_with_role("accounts"):
        issues.add(("scorecards",), "accounts are scored, and no dataset has role accounts; add one")
    for name, card in project.scorecards.items():
        if card.entity_kind == "relationship" and not project.all_with_role("relationships"):
            issues.add(("scorecards", name, "for"), "relationships are scored, and no dataset has role relationships")


def _check_via(project: Project, names: Names, name: str, issues: Issues) -> None:
    via = project.datasets[name].via
    if via is None:
        return
    path = ("datasets", name, "account", "via")
    target = project.datasets.get(via.via)
    if via.via not in names["datasets"]:
        issues.add(path, unknown("dataset", via.via, names["datasets"]))
    elif target and (target.key is None or not isinstance(target.account, str)):
        issues.add(path, f"'{via.via}' must have a 'key' and an 'account' column of its own; via goes one hop")


def _check_metric(project: Project, names: Names, name: str, issues: Issues) -> None:
    metric, path = project.metrics[name], ("metrics", name)
    if isinstance(metric, AggregateMetric):
        _check_aggregate(project, names, metric, path, issues)
    elif isinstance(metric, ChangeMetric) and metric.change_of not in names["metrics"]:
        issues.add((*path, "change_of"), unknown("metric", metric.change_of, names["metrics"]))
    elif isinstance(metric, FormulaMetric):
        check_account_expression((*path, "formula"), metric.formula, names, issues)
    elif isinstance(metric, ChildrenMetric):
        if metric.children not in names["metrics"] | {OVERALL_SCORE}:
            issues.add((*path, "children"), unknown("metric", metric.children, names["metrics"] | {OVERALL_SCORE}))
        if metric.of == "relationships" and not project.all_with_role("relationships"):
            issues.add((*path, "of"), "no dataset has role relationships")


def _check_aggregate(project: Project, names: Names, metric: AggregateMetric, path: Path, issues: Issues) -> None:
    dataset = project.datasets.get(metric.dataset)
    if metric.dataset not in names["datasets"]:
        issues.add((*path, "dataset"), unknown("dataset", metric.dataset, names["datasets"]))
    if dataset is None:
        return
    if dataset.role == "accounts":
        issues.add(
            (*path, "dataset"), f"'{metric.dataset}' holds the accounts; use 'attribute' to read one of its columns"
        )
    needs_time = metric.window or metric.aggregate.function in _NEED_TIME
    if needs_time and not (dataset.occurred_at or dataset.changed_at):
        what = "a window" if metric.window else f"{metric.aggregate.function}()"
        issues.add(
            (*path, "dataset"), f"{what} needs to know when rows happened; give '{metric.dataset}' an occurred_at"
        )
    for part, expression in (("aggregate", metric.aggregate.argument), ("where", metric.where)):
        for segment in segments_in(expression) if expression is not None else ():
            issues.add((*path, part), f"in_segment('{segment}') is for expressions over accounts, not over rows")


_NEED_TIME = frozenset({"latest", "earliest", "days_active", "distinct_days", "days_since_latest"})


def _check_circles(project: Project, issues: Issues) -> None:
    """Of metrics, of segments, and of metrics that ask for segments that read them."""
    singulars = {"metrics": "metric", "segments": "segment"}
    nodes = [(plural, name) for plural in singulars for name in getattr(project, plural)]
    for circle in circles(nodes, lambda node: (other for other in references(project, node) if other[0] in singulars)):
        start, mixed = circle[0], len({plural for plural, _ in circle}) > 1
        way = " -> ".join(f"{singulars[plural]} {name}" if mixed else name for plural, name in circle)
        issues.add(start, f"the {singulars[start[0]]} goes in a circle: {way}; break it at one of them")


def _check_score_feedback(project: Project, issues: Issues) -> None:
    """A metric that rests on scores may not decide who is scored by what, or stand under a percentile."""
    resting = score_dependent(project)
    for path, node_names in _places_before_scores(project):
        for name in sorted(node_names & resting):
            issues.add(path, f"the metric '{name}' rests on scores, which are not known yet where this is decided")


def _check_changes_of_scores(project: Project, issues: Issues) -> None:
    """Each date's score would need that of an earlier date, and so on for ever."""
    endless = {name for name in changes_of_scores(project) if rests_on_accounts(project, name)}
    for card in project.cards_for("account"):
        for name in sorted(endless & metrics_of_card(project, card)):
            issues.add(
                ("scorecards", card),
                f"the metric '{name}' looks at scores of accounts at an earlier date, which would look at those of one "
                "before it, without an end; leave it out of the card, where it can still be reported",
            )


def _places_before_scores(project: Project) -> list[tuple[Path, frozenset[str]]]:
    places: list[tuple[Path, frozenset[str]]] = []
    for name, expression in project.segments.items():
        places.append((("segments", name), _metrics_in(expression)))
    for name, card in project.scorecards.items():
        if card.applies_to is not None:
            places.append((("scorecards", name, "applies_to"), _metrics_in(card.applies_to)))
        for group_name, group in card.groups.items():
            for measure_name, measure in group.measures.items():
                path = ("scorecards", name, "groups", group_name, "measures", measure_name, "score")
                if isinstance(measure.score, Percentile):
                    within = measure.score.percentile.within
                    metrics = _metrics_in(within) if within is not None else frozenset()
                    places.append((path, metrics | {measure.metric or measure_name}))
    return places


def _metrics_in(expression: Expression) -> frozenset[str]:
    return frozenset(name.parts[0] for name in names_in(expression))
