"""The form of a correlation."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.experiments.asking import LONGEST, as_trusted, span_to_begin_with
from keepwell.apps.experiments.proposals.asking import LEAD_DAYS, WantedProposal
from keepwell.apps.experiments.subjects import offered


class CorrelationForm(forms.Form):
    of = forms.ChoiceField(label="Definitions")
    card = forms.CharField(
        label="Scorecard", max_length=100, widget=forms.TextInput(attrs={"list": "cards"}),
        help_text="Of the accounts that this card applies to.",
    )  # fmt: skip
    as_of = forms.DateField(
        label="Known on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Nothing that happened or became known later is looked at.",
    )  # fmt: skip
    lead_days = forms.IntegerField(
        label="Lead time in days", min_value=0, max_value=LONGEST,
        help_text="How long before each decision accounts are looked at.",
    )  # fmt: skip
    horizon_days = forms.IntegerField(
        label="Horizon in days", required=False, min_value=1, max_value=LONGEST,
        help_text="Look at everybody on a grid of dates instead of before each decision.",
    )  # fmt: skip
    as_now = forms.BooleanField(
        label="Count what has no history as it is now", required=False,
        help_text="Attributes and datasets without dates are left out otherwise: nobody knows what they were then.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        begin = {"as_of": span_to_begin_with()[1], "lead_days": LEAD_DAYS}
        super().__init__(data, initial={**begin, **(initial or {})})
        self.fields["of"].choices = offered()  # type: ignore[attr-defined]

    def wanted(self) -> WantedProposal:
        said = dict(self.cleaned_data)
        trusted = as_trusted(said.pop("as_now"))
        return WantedProposal(**said, limits={"trust": list(trusted)} if trusted else {})


def as_before(parameters: dict[str, Any]) -> dict[str, Any]:
    """What was typed, to ask it again or something near."""
    said = {name: parameters[name] for name in ("card", "as_of", "lead_days", "horizon_days")}
    return {**said, "as_now": bool(parameters["limits"].get("trust"))}
