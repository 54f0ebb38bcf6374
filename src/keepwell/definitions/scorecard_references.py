"""Checks a scorecard's references: schemes, metrics, labels, the names in its conditions, and the order of cards."""

from __future__ import annotations

from keepwell.definitions.conditions import Names, check_account_expression
from keepwell.definitions.expressions import Expression, names_in
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.measures import Measure, Percentile, ScoreFormula
from keepwell.definitions.names import listed, unknown
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind, Override, Scorecard


def check_scorecards(project: Project, names: Names, issues: Issues) -> None:
    for name, card in project.scorecards.items():
        path: Path = ("scorecards", name)
        _check_scheme(names, (*path, "scheme"), card.scheme, issues)
        _check_measures(names, path, card, issues)
        _check_conditions(names, path, card, issues)
        for index, override in enumerate(card.overrides):
            _check_label(project, (*path, "overrides", index, "effect"), card, override, issues)
    for entity_kind in ("account", "relationship"):
        _check_order(project, entity_kind, issues)


def _check_scheme(names: Names, path: Path, scheme: str, issues: Issues) -> None:
    if scheme not in names["schemes"]:
        issues.add(path, unknown("scheme", scheme, names["schemes"]))


def _check_measures(names: Names, path: Path, card: Scorecard, issues: Issues) -> None:
    for group_name, group in card.groups.items():
        for name, measure in group.measures.items():
            place = (*path, "groups", group_name, "measures", name)
            if measure.scheme:
                _check_scheme(names, (*place, "scheme"), measure.scheme, issues)
            if measure.reads_metric and (measure.metric or name) not in names["metrics"]:
                where = (*place, "metric") if measure.metric else place
                issues.add(where, unknown("metric", measure.metric or name, names["metrics"]))
            _check_inner_expressions(names, place, measure, issues)


def _check_inner_expressions(names: Names, place: Path, measure: Measure, issues: Issues) -> None:
    shape = measure.score
    if isinstance(shape, Percentile) and shape.percentile.within is not None:
        check_account_expression((*place, "score", "percentile", "within"), shape.percentile.within, names, issues)
    if isinstance(shape, ScoreFormula):
        _check_formula_of_value(place, shape.formula, issues)


def _check_formula_of_value(place: Path, formula: Expression, issues: Issues) -> None:
    others = sorted({".".join(name.parts) for name in names_in(formula)} - {"value"})
    if others:
        issues.add((*place, "score", "formula"), f"a score's formula knows only 'value'; found {listed(others)}")


def _check_conditions(names: Names, path: Path, card: Scorecard, issues: Issues) -> None:
    if card.applies_to is not None:
        check_account_expression((*path, "applies_to"), card.applies_to, names, issues)
    dotted = {"measure": frozenset(card.measures), "group": frozenset(card.groups)}
    for index, override in enumerate(card.overrides):
        check_account_expression((*path, "overrides", index, "when"), override.when, names, issues, dotted)


def _check_label(project: Project, path: Path, card: Scorecard, override: Override, issues: Issues) -> None:
    label, scheme = override.effect.value, project.schemes.get(card.scheme)
    if not isinstance(label, str) or scheme is None:
        return
    if not scheme.bands:
        issues.add(path, f"the scheme '{card.scheme}' has no labels; give a number from 0 to 100 instead of '{label}'")
    elif label not in scheme.labels:
        issues.add(path, unknown("label", label, scheme.labels))


def _check_order(project: Project, entity_kind: EntityKind, issues: Issues) -> None:
    cards = project.cards_for(entity_kind)
    if len(cards) < 2:
        return
    taken: dict[int, str] = {}
    for name, card in cards.items():
        if card.order is None:
            issues.add(
                ("scorecards", name), f"there are {len(cards)} scorecards, so each needs an 'order'; this one has none"
            )
        elif card.order in taken:
            issues.add(("scorecards", name, "order"), f"order {card.order} is taken by '{taken[card.order]}'")
        else:
            taken[card.order] = name
