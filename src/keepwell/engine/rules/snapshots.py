"""What rules may name of one date: scores, their parts, metrics and attributes, a row an account."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.rule_names import KNOWN
from keepwell.definitions.schemes import UNKNOWN
from keepwell.engine.columns import nullable, one_array
from keepwell.engine.explain.states import State
from keepwell.engine.scores import CardScores, Floats

NUMBERS = pa.float64()


def snapshot(state: State, names: Collection[str]) -> pa.Table:
    """`account_id`, `as_of`, and those of `names` that values and scores know: a row an account, in order of id.

    Scores, coverage and the parts of cards (`measure.x`, `group.x`) are null for accounts that no card fits, and parts
    for those whose card has none of that name; `label` is "unknown" where there is a card and no score. `stage` is the
    column that the accounts say holds it. What is known from elsewhere (open calls, looks back) is left out.
    """
    accounts = state.values.accounts
    table = {
        "account_id": accounts.ids,
        "as_of": pa.repeat(pa.scalar(state.values.as_of, pa.date32()), len(accounts)),
    }
    for name in sorted(names):
        if (column := _column(state, name)) is not None:
            table[name] = column
    return pa.table(table)


def _column(state: State, name: str) -> pa.Array | None:
    if name in _SCORES:
        return _SCORES[name](state)
    if name in KNOWN:
        return _of_account(state, "stage") if name == "stage" else None
    prefix, _, rest = name.partition(".")
    if rest and prefix in _PARTS:
        return _spread(state, lambda card: _PARTS[prefix](card, rest))
    if rest:
        return _of_account(state, rest) if prefix == "account" else None
    metrics, attributes = state.scores.accounts.metrics, state.values.accounts.attributes
    found = next((one for one in (metrics, attributes) if name in one.column_names), None)
    if found is None:
        return None
    column = one_array(found[name])
    return column.cast(NUMBERS) if pa.types.is_null(column.type) else column


def _spread(state: State, part: Callable[[CardScores], Floats | None]) -> pa.Array:
    """A number of each account's card, by row of the values."""
    found = np.full(len(state.values.accounts), np.nan)
    for card in state.scores.accounts.cards.values():
        values = part(card)
        if values is not None:
            found[card.rows] = values
    return nullable(found)


def _measure(card: CardScores, name: str) -> Floats | None:
    return card.measure_scores[card.measures.index(name)] if name in card.measures else None


def _group(card: CardScores, name: str) -> Floats | None:
    return card.group_scores[card.groups.index(name)] if name in card.groups else None


_PARTS: dict[str, Callable[[CardScores, str], Floats | None]] = {"measure": _measure, "group": _group}


def _labels(state: State) -> pa.Array:
    found = np.full(len(state.values.accounts), None, dtype=object)
    for card in state.scores.accounts.cards.values():
        found[card.rows] = np.where(np.isnan(card.final), UNKNOWN, card.labels)
    return pa.array(found, pa.string())


def _cards(state: State) -> pa.Array:
    names = list(state.scores.accounts.cards)
    places = np.full(len(state.values.accounts), -1)
    for index, card in enumerate(state.scores.accounts.cards.values()):
        places[card.rows] = index
    return pa.array(names, pa.string()).take(pa.array(places, mask=places < 0))


_SCORES: dict[str, Callable[[State], pa.Array]] = {
    "score": lambda state: _spread(state, lambda card: card.final),
    "computed_score": lambda state: _spread(state, lambda card: card.computed),
    "coverage": lambda state: _spread(state, lambda card: card.coverage),
    "label": _labels,
    "scorecard": _cards,
}

_OF_ACCOUNT = {name: name for name in ("name", "arr", "renews_on", "stage")}


def _of_account(state: State, field: str) -> pa.Array | None:
    """What texts call account.NAME: the columns that the accounts say have this meaning."""
    if field == "id":
        return state.values.accounts.ids
    role = state.project.with_role("accounts")
    column = getattr(role[1], _OF_ACCOUNT.get(field, ""), None) if role else None
    attributes = state.values.accounts.attributes
    return one_array(attributes[column]) if column in attributes.column_names else None


def as_snapshot(rows: pa.Table, names: Collection[str]) -> pa.Table:
    """The same from stored scores (rows of `engine.wide.WIDE`): of accounts, names of scores and parts of cards alone.

    Metrics come from stored values, which have them as columns already.
    """
    rows = rows.filter(pc.equal(rows["entity_kind"], "account")) if "entity_kind" in rows.column_names else rows
    table = {"account_id": one_array(rows["account_id"]), "as_of": one_array(rows["as_of"])}
    for name in sorted(names):
        if (column := _stored(rows, name)) is not None:
            table[name] = column
    return pa.table(table)


_STORED = {"score": "final_score"} | {name: name for name in ("computed_score", "coverage", "label", "scorecard")}
_LISTS = {"measure": ("measures", "measure_scores"), "group": ("groups", "group_scores")}


def _stored(rows: pa.Table, name: str) -> pa.Array | None:
    if name in _STORED:
        return one_array(rows[_STORED[name]])
    prefix, _, rest = name.partition(".")
    if prefix not in _LISTS or not rest:
        return None
    names, values = (one_array(rows[column]) for column in _LISTS[prefix])
    owners = pc.list_parent_indices(names).to_numpy(zero_copy_only=False)
    is_it = pc.fill_null(pc.equal(pc.list_flatten(names), rest), False).to_numpy(zero_copy_only=False)
    found = np.full(rows.num_rows, np.nan)
    flat = pc.list_flatten(values).to_numpy(zero_copy_only=False)
    found[owners[is_it]] = flat[is_it]
    return nullable(found)
