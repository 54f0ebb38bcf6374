"""Where an entity stands among its peers, in words."""

from __future__ import annotations

import numpy as np

from keepwell.definitions.expressions import Name
from keepwell.definitions.measures import Within
from keepwell.engine.columns import numbers, one_array
from keepwell.engine.explain.subject import Subject
from keepwell.engine.explain.wording import said


def peer_words(subject: Subject, metric: str, within: Within) -> str:
    """`better than 72 of 89 peers within industry = 'EdTech', equal to 3`; peers are the others, without itself."""
    if subject.state.scores.peers_of is not None:
        return f"by its place among the peers of run '{subject.state.scores.peers_of}'"
    column = subject.entities.metric(metric)
    assert column is not None  # only called where the metric has a value
    values = numbers(column)
    peers = ~np.isnan(values)
    where = "in all"
    if within.within is not None:
        labels = one_array(subject.entities.evaluate({"within": within.within}).columns["within"])
        own = labels[subject.row].as_py()
        if own is None:
            return f"{within.within} is null, so it has no peers"
        peers &= np.equal(np.array(labels.to_pylist(), object), own)
        where = f"within {_peer_group(within)} = {said(own)}"
    return _counted(values[peers], values[subject.row], within.descending, where)


def _peer_group(within: Within) -> str:
    return str(within.within) if isinstance(within.within, Name) else f"({within.within})"


def _counted(values: np.typing.NDArray[np.float64], own: float, descending: bool, where: str) -> str:
    """`values` are those of the peers and its own."""
    others = len(values) - 1
    if np.isnan(own):
        return "a text has no place among numbers"
    if others == 0:
        return f"the only one {where}, which gives 50"
    better = int((values > own).sum() if descending else (values < own).sum())
    equal = int((values == own).sum()) - 1
    ties = f", equal to {equal}" if equal else ""
    lower = " (less is better)" if descending else ""
    return f"better than {better} of {others} peers {where}{ties}{lower}"
