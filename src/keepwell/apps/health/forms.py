"""Forms of scores by hand: what people type, with what is allowed beside it."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.health.overriding import EFFECTS
from keepwell.apps.ui.inputs import Day
from keepwell.definitions.measures import Measure
from keepwell.definitions.schemes import Scheme


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=Day(), help_text=help_text)


class ScoreForm(forms.Form):
    """One score of a measure: one of its levels where it has some, else a number."""

    comment = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    day = _day("Date", "The day it describes")
    expires = _day("Counts until", "Its last day; without one the measure's own validity decides")
    field_order = ("score", "comment", "day", "expires")

    def __init__(self, measure: Measure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["score"] = _level_field(measure) if measure.levels else _number_field()
        self.order_fields(self.field_order)


def _number_field() -> forms.FloatField:
    return forms.FloatField(min_value=0, max_value=100, help_text="From 0 (worst) to 100 (best)")


def _level_field(measure: Measure) -> forms.TypedChoiceField:
    choices = [
        (f"{one.score:g}", f"{one.label} ({one.score:g})" + (f": {one.help}" if one.help else ""))
        for one in measure.levels
    ]
    return forms.TypedChoiceField(choices=choices, coerce=float, widget=forms.RadioSelect)


class OverrideForm(forms.Form):
    """A score set, capped or lifted."""

    effect = forms.ChoiceField(choices=list(EFFECTS.items()), label="What it does")
    value = forms.CharField(max_length=60, label="Score or band")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    until = _day("Until", "Its last day; without one it lasts until somebody withdraws it")

    def __init__(self, scheme: Scheme | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bands = f", or {', '.join(scheme.labels)}" if scheme and scheme.bands else ""
        self.fields["value"].help_text = f"A number from 0 to 100{bands}"


class PinForm(forms.Form):
    """A card that the account keeps."""

    scorecard = forms.ChoiceField(label="Card")
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    until = _day("Until", "Its last day; without one it lasts until somebody takes it off")

    def __init__(self, cards: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scorecard"].choices = list(cards.items())  # type: ignore[attr-defined]


class CellForm(forms.Form):
    """One line of the grid; empty where nothing is to change."""

    score = forms.CharField(required=False, max_length=20)
    comment = forms.CharField(required=False, max_length=1000)


class RunForm(forms.Form):
    """The date of a run."""

    as_of = forms.DateField(label="Date", widget=Day())
