"""Accounts by measures: what each measure of one scorecard says of each account of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.customers.current_values.columns import Columns
from keepwell.apps.customers.listing import Narrowed, Page, page_of
from keepwell.apps.health.tones import NONE, tone_of
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain.states import State
from keepwell.engine.scores import CardScores
from keepwell.engine.scoring.bands import display_score, labels_of


@dataclass(frozen=True)
class Heat:
    """One measure of one account. Without a score the text is a dash; in parentheses a score that was imputed."""

    text: str
    label: str
    tone: str


_UNKNOWN = Heat("–", "unknown", NONE)
_FIELDS = ("id", "name", "health__score", "health__label", "health__tone")


@dataclass(frozen=True)
class Heatmap:
    """One page of a scorecard's accounts. `measures`: group and title; `heat`: by account, in their order."""

    card: str
    cards: tuple[str, ...]
    measures: list[tuple[str, str]]
    page: Page
    heat: dict[str, list[Heat]]


def heatmap_of(found: Narrowed, columns: Columns, state: State, asked: str, size: int, after: str | None) -> Heatmap:
    """Of the card that is asked for, else of the first. `after`: where the page before ended."""
    card = asked if asked in columns.edges else next(iter(columns.edges))
    page = page_of(of_card(found, card), *_FIELDS, size=size, after=after)
    heat = heat_of(state, card, [row["id"] for row in page.rows])
    return Heatmap(card, tuple(columns.edges), measures_of(state, card), page, heat)


def of_card(found: Narrowed, scorecard: str) -> Narrowed:
    """The accounts that one scorecard is for."""
    return found.of(health__scorecard=scorecard)


def measures_of(state: State, scorecard: str) -> list[tuple[str, str]]:
    """Group and title of each measure, in the order of the card."""
    card = state.project.scorecards[scorecard]
    return [
        (group_name.replace("_", " "), measure.title or name.replace("_", " "))
        for group_name, group in card.groups.items()
        for name, measure in group.measures.items()
    ]


def heat_of(state: State, scorecard: str, accounts: Sequence[str]) -> dict[str, list[Heat]]:
    """By account, in the order of the measures; accounts that the run did not score on this card are left out."""
    scores = state.scores.accounts
    card = scores.cards.get(scorecard)
    if card is None or not accounts:
        return {}
    rows = pc.index_in(pa.array(accounts, scores.ids.type), value_set=scores.ids)
    found = np.array([-1 if row is None else row for row in rows.to_pylist()])
    at = np.searchsorted(card.rows, found).clip(max=max(len(card.rows) - 1, 0))
    on_card = card.rows[at] == found
    columns = [_measure(card, j, at) for j in range(len(card.measures))]
    return {
        account: [column[i] for column in columns] for i, account in enumerate(accounts) if on_card[i] and found[i] >= 0
    }


def _measure(card: CardScores, j: int, at: np.ndarray) -> list[Heat]:
    scheme, scores, imputed = card.measure_scheme(j), card.measure_scores[j, at], card.settled[j].imputed
    stands_in = np.broadcast_to(imputed, card.measure_scores.shape[1:])[at]
    labels = labels_of(scores, scheme)
    return [
        _UNKNOWN if np.isnan(score) else _heat(float(score), str(label), scheme, imputed=bool(one))
        for score, label, one in zip(scores, labels, stands_in, strict=True)
    ]


def _heat(score: float, label: str, scheme: Scheme, *, imputed: bool) -> Heat:
    text = display_score(score, scheme) or "–"
    return Heat(f"({text})" if imputed else text, label, tone_of(label, scheme))
