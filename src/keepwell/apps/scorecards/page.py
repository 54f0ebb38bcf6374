"""A card as the editor shows it: groups, measures and overrides with their inputs, weights as shares, and errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.projects import Files
from keepwell.apps.scorecards.editing import Card, defined, field_of_issue, fields_of, held_at, overrides_of
from keepwell.apps.scorecards.fields import EFFECTS, SHAPES, Inputs
from keepwell.definitions.issues import Issue

_STALE = (("flag", "count it and mark it"), ("drop", "leave it out"), ("decay", "let it fade"))
_SHAPE_WORDS = {
    "linear": "Linear between points", "steps": "Steps", "levels": "Levels", "percentile": "Percentile of peers",
    "formula": "Formula of value",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A group or measure. `share`: its part of the card, 0 to 100; `parts`: the measures of a group."""

    path: str
    name: str
    title: str
    share: float
    own_share: float  # within what it stands in
    is_manual: bool = False
    shape: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Page:
    """`values`: what each input holds, by its name; `errors`: by field, "" for the card."""

    name: str
    groups: tuple[Part, ...]
    overrides: tuple[tuple[str, str], ...]  # path and name
    values: Inputs
    errors: Mapping[str, Sequence[str]]
    elsewhere: tuple[Issue, ...]
    schemes: tuple[str, ...]
    metrics: tuple[str, ...]
    labels: tuple[str, ...]
    shapes: tuple[tuple[str, str], ...] = tuple((shape, _SHAPE_WORDS[shape]) for shape in SHAPES)
    effects: tuple[tuple[str, str], ...] = tuple((one, one.replace("_", " ")) for one in EFFECTS)
    stale: tuple[tuple[str, str], ...] = _STALE
    missing: tuple[tuple[str, str], ...] = (("skip", "the others carry its weight"), ("score", "a score stands in"))
    arbitrations: tuple[tuple[str, str], ...] = (("first", "the first of the sources"), ("latest", "the last writer"))


def page_of(files: Files, name: str, card: Card, issues: Sequence[Issue]) -> Page:
    values = {key: one for part in fields_of(card) for key, one in part.shown(held_at(card, part.path)).items()}
    names = {part.name: None for part in fields_of(card)} | dict.fromkeys(_places(card))
    errors: dict[str, list[str]] = {}
    elsewhere = []
    for issue in issues:
        place = field_of_issue(issue.path, name, names)
        if place is None:
            elsewhere.append(issue)
        else:
            errors.setdefault(place, []).append(issue.message)
    scheme = held_at(defined(files, "schemes"), (str(card.get("scheme")), "bands"))
    bands = scheme if isinstance(scheme, list) else []
    return Page(
        name=name,
        groups=tuple(_groups(card)),
        overrides=tuple(
            (f"overrides/{at}", str(held_at(card, ("overrides", at, "name")) or ""))
            for at, _ in enumerate(overrides_of(card))
        ),
        values=values,
        errors=errors,
        elsewhere=tuple(elsewhere),
        schemes=tuple(sorted(defined(files, "schemes"))),
        metrics=tuple(sorted(defined(files, "metrics"))),
        labels=tuple(str(band.get("label")) for band in bands if isinstance(band, dict)),
    )


def _groups(card: Card) -> Iterator[Part]:
    groups = card.get("groups")
    held = groups if isinstance(groups, dict) else {}
    total = sum(_weight(group) for group in held.values())
    for name, group in held.items():
        share = 100 * _weight(group) / total if total else 0
        path = f"groups/{name}"
        yield Part(path, name, _title(name, group), share, share, parts=tuple(_measures(path, group, share)))


def _measures(path: str, group: Any, share: float) -> Iterator[Part]:
    measures = group.get("measures") if isinstance(group, dict) else None
    held = measures if isinstance(measures, dict) else {}
    total = sum(_weight(one) for one in held.values())
    for name, one in held.items():
        own = 100 * _weight(one) / total if total else 0
        score = one.get("score") if isinstance(one, dict) else None
        shape = next((shape for shape in SHAPES if isinstance(score, dict) and shape in score), "")
        manual = isinstance(one, dict) and str(one.get("manual")).lower() == "true"
        yield Part(f"{path}/measures/{name}", name, _title(name, one), share * own / 100, own, manual, shape)


def _places(card: Card) -> Iterator[str]:
    for group in _groups(card):
        yield group.path
        yield from (part.path for part in group.parts)
    yield from (f"overrides/{at}" for at, _ in enumerate(overrides_of(card)))


def _title(name: str, held: Any) -> str:
    return str((held.get("title") if isinstance(held, dict) else None) or name.replace("_", " ").capitalize())


def _weight(held: Any) -> float:
    try:
        return max(float(held.get("weight")), 0.0)
    except (AttributeError, TypeError, ValueError):
        return 0.0
