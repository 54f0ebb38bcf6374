"""The form of a study of effects; what can be asked is decided by the operation."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.experiments.asking import LONGEST, as_trusted, span_to_begin_with
from keepwell.apps.experiments.effects.asking import WITHIN_DAYS, WantedEffects
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.subjects import offered


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EffectsForm(forms.Form):
    by = forms.CharField(
        label="What was done", required=False, max_length=120, widget=forms.TextInput(attrs={"list": "treatments"}),
        help_text="Such as playbook:save_plan; everything, each by itself, if left empty.",
    )  # fmt: skip
    of = forms.ChoiceField(label="Scores of")
    first = forms.DateField(label="Done from", widget=_day())
    last = forms.DateField(
        label="Done to", widget=_day(), help_text="And everything that is known of what became of accounts."
    )
    within_days = forms.IntegerField(label="Lost within days", min_value=1, max_value=LONGEST)
    every_days = forms.IntegerField(
        label="Days between dates", min_value=1, max_value=LONGEST,
        help_text="How far the dates lie apart at which accounts are looked at; 1 knows best what was known just "
        "before, and takes longest.",
    )  # fmt: skip
    as_now = forms.BooleanField(
        label="Count what has no history as it is now", required=False,
        help_text="Attributes and datasets without dates are left out otherwise: nobody knows what they were then.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        first, last = span_to_begin_with()
        begin = {"first": first, "last": last, "within_days": WITHIN_DAYS, "every_days": 7}
        super().__init__(data, initial=begin | (initial or {}))
        self.fields["of"].choices = offered()  # type: ignore[attr-defined]

    def wanted(self) -> WantedEffects:
        said = dict(self.cleaned_data)
        by = said.pop("by").strip()
        trusted = as_trusted(said.pop("as_now"))
        return WantedEffects(**said, by=(by,) if by else (), trusted=trusted)


def as_before(experiment: Experiment) -> dict[str, Any]:
    """What was typed for a study, to ask it again or something near."""
    asked = experiment.parameters
    same = {name: asked[name] for name in ("first", "last", "within_days", "every_days")}
    by = asked["by"][0] if asked["by"] else ""
    return {**same, "by": by, "of": experiment.of["reference"], "as_now": bool(asked["trusted"])}
