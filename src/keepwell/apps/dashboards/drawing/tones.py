"""Bands keep the colour of health wherever they are shown; all else is one accent and neutrals."""

from __future__ import annotations

from collections.abc import Callable

from keepwell.apps.health.tones import NONE, tone_of
from keepwell.definitions.expressions import Name
from keepwell.definitions.project import Project
from keepwell.definitions.schemes import UNKNOWN
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.definitions.widget_reading import ACCOUNT, dimensions, measures
from keepwell.definitions.widgets import SankeyWidget, WidgetBase

_BANDS = {("label",), (ACCOUNT, "label"), ("previous_label",), (ACCOUNT, "previous_label")}
PALETTE = (
    "token:accent", "token:ink-2", "token:accent/55", "token:bar", "token:accent/30", "token:ink-2/45",
    "token:accent/75", "token:line",
)  # fmt: skip
ICONS = {"bad": "path://M0 0L10 0L5 10Z", "middle": "diamond", "good": "circle", NONE: "rect"}
"""The shapes that stand beside colours, as everywhere else."""

GLYPHS = {"bad": "▼", "middle": "◆", "good": "●", NONE: "–"}
Tones = dict[str, str]

_SCORES = {("score",), ("computed_score",), (ACCOUNT, "score"), (ACCOUNT, "computed_score")}
_PARTS = {"measure", "group"}


def tones_of(project: Project) -> Tones:
    """By label the tone that stands for it: of the first card whose scheme has the label."""
    found: Tones = {UNKNOWN: NONE}
    for card in project.cards_for("account").values():
        scheme = project.schemes[card.scheme]
        for label in scheme.labels:
            found.setdefault(label, tone_of(label, scheme))
    return found


def labels_in_order(project: Project) -> list[str]:
    """Labels from worst to best."""
    cards = project.cards_for("account").values()
    found = [label for card in cards for label in project.schemes[card.scheme].labels]
    return [*dict.fromkeys(found), UNKNOWN]


def is_of_bands(dimension: Dimension | None) -> bool:
    return dimension is not None and isinstance(dimension.of, Name) and dimension.of.parts in _BANDS


def band_keys(widget: WidgetBase) -> frozenset[str]:
    """The columns of a widget's result that hold bands."""
    if isinstance(widget, SankeyWidget):
        return frozenset({"source", "target"}) if is_of_bands(widget.of) else frozenset()
    found = {str(path[-1]): one for path, one in dimensions(widget).items()}
    return frozenset(key for key, one in found.items() if is_of_bands(one))


def score_keys(widget: WidgetBase) -> frozenset[str]:
    """The measures of a widget that are scores from 0 to 100: of accounts, or of parts of their cards."""
    return frozenset(str(path[-1]) for path, one in measures(widget).items() if _is_score(one))


def _is_score(measure: ReportMeasure) -> bool:
    found = measure.aggregate
    if found is None or found.function not in ("avg", "min", "max", "latest", "median"):
        return False
    name = found.argument
    return isinstance(name, Name) and (name.parts in _SCORES or (len(name.parts) == 2 and name.parts[0] in _PARTS))


def tone_of_score(project: Project) -> Callable[[float], str]:
    """The tone of a number on the scale of scores, by the scheme of the first card."""
    card = next(iter(project.cards_for("account").values()), None)
    scheme = project.schemes[card.scheme] if card is not None else None
    if scheme is None or not scheme.bands:
        return lambda _: NONE
    return lambda score: tone_of(next(one.label for one in scheme.bands if score <= one.up_to), scheme)
