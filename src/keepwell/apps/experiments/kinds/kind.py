"""What a kind of question consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.experiments.kinds.work import Work
from keepwell.apps.experiments.models import Experiment

Found = dict[str, Any]
"""A result, as plain values."""


def _as_it_is(actor: Actor, found: Found) -> Found:
    return found


def _nothing(found: Found) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """`make` carries a question out (its result is plain values for JSON) and tells `work` how far it is.

    `start`: the name of the page that asks it. `headline`: the answer in a sentence. `asked`: what was asked, in words
    beside the name of the definitions. `answer`: what `template` shows. `seen_by`: a result without what the actor may
    not see; `answer` gets it so. `figure`: the one number of the list, with its interval (`tables.Cell`); None: none.
    `draws`: whether the answer has charts.
    """

    name: str
    title: str
    start: str
    make: Callable[[Experiment, Work], Found]
    headline: Callable[[Found], str]
    asked: Callable[[Experiment], str]
    answer: Callable[[Actor, Experiment, Found], dict[str, Any]]
    template: str
    seen_by: Callable[[Actor, Found], Found] = _as_it_is
    figure: Callable[[Found], Any] = _nothing
    figure_title: str = ""
    draws: bool = True
