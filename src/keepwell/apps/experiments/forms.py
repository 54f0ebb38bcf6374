"""Forms of what is asked of the past; what can be asked is decided by the operation."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.experiments.asking import LEAD_DAYS, LONGEST, Wanted, as_trusted, span_to_begin_with
from keepwell.apps.experiments.models import Experiment
from keepwell.apps.experiments.subjects import offered


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PastForm(forms.Form):
    """Scores of some definitions at dates before decisions."""

    of = forms.ChoiceField(label="Scores of")
    card = forms.CharField(
        label="Scorecard", required=False, max_length=100, widget=forms.TextInput(attrs={"list": "cards"}),
        help_text="Judge this card alone, by the accounts it applies to; otherwise every account by its own card.",
    )  # fmt: skip
    first = forms.DateField(label="Decisions from", widget=_day())
    last = forms.DateField(label="Decisions to", widget=_day())
    lead_days = forms.IntegerField(
        label="Lead time in days", min_value=0, max_value=LONGEST,
        help_text="How long before each decision the score is looked at: the time that you need to act.",
    )  # fmt: skip
    horizon_days = forms.IntegerField(
        label="Horizon in days", required=False, min_value=1, max_value=LONGEST,
        help_text="Look at everybody on a grid of dates, lost or not within this time after the lead time, instead of "
        "before each decision. Always so where outcomes hold losses only; 90 then.",
    )  # fmt: skip
    every_days = forms.IntegerField(
        label="Days between dates", required=False, min_value=1, max_value=LONGEST,
        help_text="A week before decisions, 30 on a grid, if left empty.",
    )  # fmt: skip
    as_now = forms.BooleanField(
        label="Count what has no history as it is now", required=False,
        help_text="Attributes and datasets without dates are left out otherwise: nobody knows what they were then.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        first, last = span_to_begin_with()
        super().__init__(data, initial={"first": first, "last": last, "lead_days": LEAD_DAYS, **(initial or {})})
        self.fields["of"].choices = offered()  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        said = dict(self.cleaned_data)
        return Wanted(trusted=as_trusted(said.pop("as_now")), **said)


class BacktestForm(PastForm):
    versus = forms.ChoiceField(
        label="Compare with", required=False, help_text="Other definitions, on the same accounts and dates."
    )
    segment = forms.CharField(
        label="Segment", required=False, max_length=100, widget=forms.TextInput(attrs={"list": "segments"}),
        help_text="Of the accounts that were in this segment at the time; otherwise of all.",
    )  # fmt: skip
    field_order = ("of", "card", "segment", "versus")

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["versus"].choices = [("", "Nothing"), *offered()]  # type: ignore[attr-defined]


def as_before(experiment: Experiment) -> dict[str, Any]:
    """What was typed for an experiment, to ask it again or something near."""
    asked = dict(experiment.parameters)
    trusted = asked.pop("trusted")
    return {**asked, "of": experiment.of["reference"], "versus": experiment.versus.get("reference", ""),
            "as_now": bool(trusted)}  # fmt: skip
