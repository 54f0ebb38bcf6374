"""Checks definitions against columns and types: every name exists, every expression is of the type its place needs.

The same check runs when a folder is loaded, with no column known, and again when the data's columns are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from keepwell.definitions.advocacy_names import candidate_rules
from keepwell.definitions.columns import named_columns, number_columns, time_columns
from keepwell.definitions.dashboard_binding import Scopes, check_dashboard_expressions
from keepwell.definitions.dependencies import evaluation_order
from keepwell.definitions.entities import metrics_for
from keepwell.definitions.expressions import Expression, Problem, ValueType
from keepwell.definitions.expressions.check import NameScope, check, check_aggregate, check_condition
from keepwell.definitions.issues import Issues, Path
from keepwell.definitions.measures import Levels, Measure, Percentile, ScoreFormula
from keepwell.definitions.metrics import (
    AggregateMetric,
    AttributeMetric,
    ChangeMetric,
    ChildrenMetric,
    FormulaMetric,
    MetricBase,
)
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.definitions.rule_names import conditions, texts, types_of
from keepwell.definitions.scorecards import EntityKind, Scorecard
from keepwell.definitions.survey_names import audiences
from keepwell.definitions.texts import fields_in

Schemas = Mapping[str, Mapping[str, ValueType]]
"""Columns and their types by dataset; a dataset that is not named is not known yet."""

_NUMERIC = (ValueType.NUMBER, ValueType.UNKNOWN, ValueType.NULL)


def check_columns(project: Project, schemas: Schemas) -> None:
    """Raises DefinitionsRefused with every column that is not there and every type that does not fit."""
    issues = Issues(dict(project.places))
    add_column_issues(project, schemas, issues)
    issues.refuse_if_any()


def add_column_issues(project: Project, schemas: Schemas, issues: Issues) -> None:
    """The same, collected. References between definitions must have been checked before."""
    for name in project.datasets:
        if name in schemas:
            _check_dataset(project, name, schemas[name], issues)
    for entity_kind in ("account", "relationship"):
        if entity_kind == "account" or project.with_role("relationships"):
            _Binder(project, schemas, issues, entity_kind).check()


def _check_dataset(project: Project, name: str, columns: Mapping[str, ValueType], issues: Issues) -> None:
    times, numbers = time_columns(project.datasets[name]), number_columns(project.datasets[name])
    for path, column in named_columns(project, name):
        if column not in columns:
            issues.add(path, unknown("column", column, columns))
        elif column in times and not (columns[column].is_temporal or columns[column].is_open):
            issues.add(
                path,
                f"column '{column}' holds {columns[column]} where dates or times are needed; if they are written in "
                f'a way of their own, say how with types: {{{column}: "%d/%m/%Y %H:%M"}}',
            )
        elif column in numbers and columns[column] not in _NUMERIC:
            issues.add(path, f"column '{column}' holds {columns[column]} where numbers are needed")


@dataclass
class _Binder:
    """Checks what belongs to entities of one kind."""

    project: Project
    schemas: Schemas
    issues: Issues
    entity_kind: EntityKind
    types: dict[str, ValueType] = field(default_factory=dict)

    def check(self) -> None:
        wanted = metrics_for(self.project, self.entity_kind)
        for name in evaluation_order(self.project, wanted):
            self.types[name] = self._metric_type(name, self.project.metrics[name])
        if self.entity_kind == "account":
            for name, expression in self.project.segments.items():
                self._condition(("segments", name), expression, f"segment '{name}'")
            self._check_acting()
        for name, card in self.project.cards_for(self.entity_kind).items():
            self._check_card(name, card)

    @property
    def population(self) -> str | None:
        found = self.project.with_role("accounts" if self.entity_kind == "account" else "relationships")
        return found[0] if found else None

    @property
    def attributes(self) -> Mapping[str, ValueType]:
        return self.schemas.get(self.population or "", {})

    def _scope(self, place: str, more: Mapping[str, ValueType] | None = None) -> NameScope:
        return NameScope(
            place=place,
            names={**self.attributes, **self.types, **(more or {})},
            segments=self.project.segments.keys(),
            complete=self.population in self.schemas,
        )

    def _formula_scope(self, name: str) -> NameScope:
        """Segments are of accounts, and formulas of relationships are computed before their accounts are."""
        scope = self._scope(f"the formula of metric '{name}'")
        return scope if self.entity_kind == "account" else replace(scope, segments=None)

    def _metric_type(self, name: str, metric: MetricBase) -> ValueType:
        path: Path = ("metrics", name)
        self._check_shadow(name, metric)
        if isinstance(metric, AttributeMetric):
            return self._attribute_type(path, metric)
        if isinstance(metric, AggregateMetric):
            return self._aggregate_type(path, name, metric)
        if isinstance(metric, FormulaMetric):
            found, problems = check(metric.formula, self._formula_scope(name))
            self._report((*path, "formula"), problems)
            return found
        if isinstance(metric, ChangeMetric):
            self._need_number((*path, "change_of"), metric.change_of, "a change")
        elif isinstance(metric, ChildrenMetric):
            self._check_children(path, metric)
        return ValueType.NUMBER

    def _check_shadow(self, name: str, metric: MetricBase) -> None:
        same = isinstance(metric, AttributeMetric) and metric.attribute == name
        if name in self.attributes and not same:
            self.issues.add(
                ("metrics", name),
                f"'{name}' is also a column of '{self.population}'; expressions could mean either: rename the metric",
            )

    def _attribute_type(self, path: Path, metric: AttributeMetric) -> ValueType:
        if self.population in self.schemas and metric.attribute not in self.attributes:
            message = unknown("column", metric.attribute, self.attributes)
            self.issues.add((*path, "attribute"), f"'{self.population}' has no such column: {message}")
        return self.attributes.get(metric.attribute, ValueType.UNKNOWN)

    def _aggregate_type(self, path: Path, name: str, metric: AggregateMetric) -> ValueType:
        columns = self.schemas.get(metric.dataset)
        scope = NameScope(
            place=f"a row expression of dataset '{metric.dataset}'", names=columns or {}, complete=columns is not None
        )
        found, problems = check_aggregate(metric.aggregate, scope)
        self._report((*path, "aggregate"), problems)
        if metric.where is not None:
            self._report((*path, "where"), check_condition(metric.where, scope))
        if self.entity_kind == "relationship" and not self._names_relationship(metric.dataset):
            self.issues.add(
                (*path, "dataset"),
                f"relationships use metric '{name}', and '{metric.dataset}' does not say whose its rows are; give it a "
                "'relationship' column, or its account 'via' the dataset of relationships",
            )
        return found

    def _names_relationship(self, name: str) -> bool:
        dataset = self.project.datasets[name]
        return bool(dataset.relationship) or bool(
            dataset.via and self.project.datasets[dataset.via.via].role == "relationships"
        )

    def _need_number(self, path: Path, name: str, what: str) -> None:
        found = self.types.get(name, ValueType.UNKNOWN)
        if found not in _NUMERIC:
            self.issues.add(path, f"{what} needs numbers, and metric '{name}' is {found}")

    def _check_children(self, path: Path, metric: ChildrenMetric) -> None:
        if metric.of == "accounts":
            self._need_number((*path, "children"), metric.children, "a roll-up of children")
        known = {*self.attributes, *self.project.metrics}
        if metric.of == "accounts" and self.population in self.schemas and (metric.weight or "") not in {"", *known}:
            self.issues.add((*path, "weight"), unknown("metric or attribute", str(metric.weight), known))

    def _check_card(self, name: str, card: Scorecard) -> None:
        path: Path = ("scorecards", name)
        if card.applies_to is not None:
            self._condition((*path, "applies_to"), card.applies_to, f"'applies_to' of scorecard '{name}'")
        for group_name, group in card.groups.items():
            for measure_name, measure in group.measures.items():
                self._check_measure((*path, "groups", group_name, "measures", measure_name), measure_name, measure)
        computed = [*(f"measure.{one}" for one in card.measures), *(f"group.{one}" for one in card.groups), "overall"]
        more = dict.fromkeys(computed, ValueType.NUMBER)
        for index, override in enumerate(card.overrides):
            place = f"'when' of override '{override.name}'"
            self._condition((*path, "overrides", index, "when"), override.when, place, more)

    def _check_acting(self) -> None:
        """Conditions and texts of rules and stages, the accounts that surveys ask, and who finds candidates."""
        more = types_of(self.project)
        for path, place, expression in conditions(self.project):
            self._report(path, check_condition(expression, replace(self._scope(place, more), past=True)))
        for path, place, expression in audiences(self.project):
            self._condition(path, expression, place, more)
        for path, place, expression, known in candidate_rules(self.project):
            self._condition(path, expression, place, known)
        accounts = self._scope("an expression over accounts", more)
        check_dashboard_expressions(Scopes(self.project, accounts, self.schemas), self._report)
        scope = self._scope("a text", more)
        for path, text in texts(self.project):
            for name in fields_in(text):
                if scope.complete and "." not in name and name not in scope.names:
                    self.issues.add(path, f"{{{name}}}: {unknown('name', name, scope.names)}")

    def _check_measure(self, path: Path, name: str, measure: Measure) -> None:
        if not measure.reads_metric or measure.score is None:
            return
        metric, shape = measure.metric or name, measure.score
        found = self.types.get(metric, ValueType.UNKNOWN)
        if isinstance(shape, Levels) and found in (ValueType.DATE, ValueType.TIMESTAMP, ValueType.NUMBER):
            self.issues.add((*path, "score"), f"levels are for text and booleans, and metric '{metric}' is {found}")
        elif not isinstance(shape, Levels) and found not in _NUMERIC:
            wanted = next(iter(shape.model_dump(by_alias=True)))
            self.issues.add((*path, "score"), f"{wanted} needs numbers, and metric '{metric}' is {found}; use levels")
        if isinstance(shape, Percentile) and shape.percentile.within is not None:
            place = f"'within' of measure '{name}'"
            self._report(
                (*path, "score", "percentile", "within"), check(shape.percentile.within, self._scope(place))[1]
            )
        if isinstance(shape, ScoreFormula):
            scope = NameScope(place=f"the score of measure '{name}'", names={"value": ValueType.NUMBER})
            found, problems = check(shape.formula, scope)
            self._report((*path, "score", "formula"), problems)
            if found not in _NUMERIC:
                self.issues.add((*path, "score", "formula"), f"a score is a number, and this is {found}")

    def _condition(
        self, path: Path, expression: Expression, place: str, more: Mapping[str, ValueType] | None = None
    ) -> None:
        self._report(path, check_condition(expression, self._scope(place, more)))

    def _report(self, path: Path, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.issues.add(path, str(problem))
