"""From values to scores: the whole story of one date, in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import ChildrenMetric
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.ascent import Ascent, resting_on_scores
from keepwell.engine.assign import Assignment, assign
from keepwell.engine.card import score_card
from keepwell.engine.children import hierarchy, parent_rows
from keepwell.engine.entities import Entities, Rows
from keepwell.engine.percentiles import Percentiles
from keepwell.engine.scores import CardScores, EntityScores, Scores
from keepwell.engine.values import Values


@dataclass(frozen=True)
class LastRun:
    """The last full run: single entities are re-scored among its peers."""

    name: str
    values: Values


def score_values(
    project: Project, values: Values, versions: Versions | None = None, last_run: LastRun | None = None
) -> Scores:
    """Scores of all entities of `values`: the same values give the same bits.

    Relationships come first, then accounts, from the bottom of the hierarchy up where metrics rest on the scores of
    children. `versions` are the project's, made here unless given. With `last_run`, `values` hold some entities only,
    and their percentiles are taken among the peers of that run, which the result names. Raises DataRefused where an
    expression names a metric or attribute that the values do not have.
    """
    scoring = _Scoring(project, values, versions or Versions(project), last_run)
    relationships = scoring.relationships()
    accounts = scoring.accounts(relationships)
    return Scores(
        as_of=values.as_of,
        known_at=values.known_at,
        accounts=accounts,
        relationships=relationships,
        warnings=tuple(dict.fromkeys((*values.warnings, *scoring.warnings))),
        problems=tuple(dict.fromkeys(scoring.problems)),
        peers_of=last_run.name if last_run else None,
    )


class _Scoring:
    def __init__(self, project: Project, values: Values, versions: Versions, last_run: LastRun | None) -> None:
        self.project = project
        self.versions = versions
        self.warnings: list[str] = []
        self.problems: list[str] = []
        self._accounts = Entities(project, values.accounts, values.as_of)
        self._relationships = (
            Entities(project, values.relationships, values.as_of, self._accounts) if values.relationships else None
        )
        self._peers = _peers(project, last_run.values) if last_run else {}

    def relationships(self) -> EntityScores | None:
        """Nothing lies below relationships: what rests on the scores of children is null for them."""
        entities = self._relationships
        if entities is None:
            return None
        for name in resting_on_scores(self.project):
            entities.add(name, pa.nulls(len(entities), pa.float64()))
        return self._scored(entities, self._percentiles(entities), self._assigned(entities))

    def accounts(self, relationships: EntityScores | None) -> EntityScores:
        """Layer by layer only as far as metrics need it; the last pass, with all metrics known, scores everybody."""
        entities, percentiles = self._accounts, self._percentiles(self._accounts)
        assignment = self._assigned(entities)
        self._report_circles(entities)
        if resting_on_scores(self.project):
            ascent = Ascent(entities, self._relationships, relationships)
            for rows in ascent.layers():
                ascent.fill(rows)
                below = ascent.with_parents(rows)
                for card, _ in self._cards(entities, percentiles, assignment, below):
                    ascent.finals[card.rows] = card.final
        return self._scored(entities, percentiles, assignment)

    def _percentiles(self, entities: Entities) -> Percentiles:
        return Percentiles(entities, self._peers.get(entities.kind))

    def _assigned(self, entities: Entities) -> Assignment:
        cards = self.project.cards_for(entities.kind)
        conditions = {name: card.applies_to for name, card in cards.items() if card.applies_to is not None}
        evaluated = entities.evaluate(conditions, where="applies_to of scorecard '{}'")
        truths = {name: evaluated.truth(name) if name in conditions else None for name in cards}
        assignment = assign(truths, entities.values.pins, entities.values.ids)
        self.warnings += assignment.warnings
        return assignment

    def _scored(self, entities: Entities, percentiles: Percentiles, assignment: Assignment) -> EntityScores:
        cards = {}
        for card, problems in self._cards(entities, percentiles, assignment, np.arange(len(entities))):
            cards[card.scorecard] = card
            self.problems += problems
        self.warnings += entities.warnings
        values = entities.values
        return EntityScores(entities.kind, values.ids, values.accounts, cards, assignment.unassigned, entities.metrics)

    def _cards(
        self, entities: Entities, percentiles: Percentiles, assignment: Assignment, rows: Rows
    ) -> list[tuple[CardScores, tuple[str, ...]]]:
        """The entities at `rows`, by card; cards without entities are left out."""
        by_card = {name: rows[assignment.index[rows] == number] for number, name in enumerate(assignment.cards)}
        return [
            score_card(name, self.versions.of("scorecards", name), entities, percentiles, its_rows)
            for name, its_rows in by_card.items()
            if len(its_rows)
        ]

    def _report_circles(self, entities: Entities) -> None:
        metrics = self.project.metrics.values()
        if any(isinstance(metric, ChildrenMetric) and metric.of == "accounts" for metric in metrics):
            parents = parent_rows(entities.values.ids, entities.values.parents)
            self.problems += hierarchy(parents).problems(entities.values.ids)


def _peers(project: Project, values: Values) -> dict[str, Entities]:
    accounts = Entities(project, values.accounts, values.as_of)
    if values.relationships is None:
        return {"account": accounts}
    return {"account": accounts, "relationship": Entities(project, values.relationships, values.as_of, accounts)}
