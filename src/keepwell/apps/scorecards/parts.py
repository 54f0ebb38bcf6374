"""New parts of a card, valid as they come."""

from __future__ import annotations

from typing import Any

from keepwell.apps.configuration.projects import Files, checked
from keepwell.apps.scorecards.editing import Card, card_of, cards_in
from keepwell.errors import RequestRefused

NEW_OVERRIDE: dict[str, Any] = {"name": "", "when": "overall < 0", "effect": {"at_most": 50}}


def new_group(files: Files) -> dict[str, Any]:
    """A group that people score by hand until it gets measures of its own."""
    return {"weight": 10, "measures": {f"new_measure_{_free(files)}": {"manual": True, "weight": 1}}}


def new_measure(files: Files, name: str) -> dict[str, Any]:
    """A measure of the metric of its name where there is one, else one that people score."""
    project, _ = checked(files)
    if project is not None and name not in project.metrics:
        return {"manual": True, "weight": 1}
    return {"weight": 1, "score": {"linear": [[0, 0], [100, 100]]}}


def new_card(files: Files, name: str, like: str) -> dict[str, Any]:
    """A copy of another card, last in order, so that it takes nobody from a card that is there."""
    held = card_of(files, like) if like else next(iter(cards_in(files).values()), None)
    if not name:
        raise RequestRefused("give the card a name: lower-case letters, digits and _, beginning with a letter")
    if held is None:
        raise RequestRefused(f"there is no scorecard '{like}' to copy")
    orders = [_number(card.get("order")) for card in cards_in(files).values()]
    return {
        "title": name.replace("_", " ").capitalize(),
        **_without(held, "title"),
        "order": int(max(orders, default=0)) + 1,
    }


def _without(card: Card, key: str) -> dict[str, Any]:
    return {name: _typed(value) for name, value in card.items() if name != key}


def _typed(value: Any) -> Any:
    """Scalars of a document as the values they mean, so that numbers are written as numbers again."""
    from keepwell.apps.scorecards.fields import number

    if isinstance(value, dict):
        return {key: _typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_typed(one) for one in value]
    if value in ("true", "false"):
        return value == "true"
    return number(value) if isinstance(value, str) else value


def _number(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return 0


def _free(files: Files) -> int:
    taken = "".join(files.values())
    return next(number for number in range(1, 10_000) if f"new_measure_{number}" not in taken)
