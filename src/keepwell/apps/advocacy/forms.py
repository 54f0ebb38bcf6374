"""Forms of advocacy; what is allowed is decided by the operations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from keepwell.apps.advocacy.kinds import Kind
from keepwell.apps.advocacy.operations.activities import Said
from keepwell.apps.advocacy.operations.advocates import Profile
from keepwell.apps.advocacy.operations.requests import Wanted
from keepwell.apps.advocacy.words import AdvocateStatus, Result
from keepwell.apps.ui.inputs import Day, text_of


class Words(forms.CharField):
    """Words with commas between them."""

    def to_python(self, value: Any) -> Any:
        return [word.strip() for word in (value or "").split(",") if word.strip()]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """How many and how long is for the operation to say."""

    def run_validators(self, value: Any) -> None:
        """The same."""


class Somebody(forms.ChoiceField):
    """Somebody of an account; the first stands for all of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        self.choices = [("", "The account as a whole"), *people]

    def clean(self, value: Any) -> uuid.UUID | None:
        found = super().clean(value)
        return uuid.UUID(found) if found else None


class ActivityForm(forms.Form):
    """The fields that the kind has. `people`: to choose from; none where that stands already."""

    person = Somebody(label="Who")
    happened_on = forms.DateField(label="When", widget=Day())
    title = forms.CharField(
        label="What", max_length=300, help_text="In a few words, such as: Call with Northwind about roll-out"
    )
    text = forms.CharField(label="What to know", required=False, max_length=20_000, widget=text_of(3))
    link = forms.CharField(required=False, max_length=1000)
    site = forms.CharField(required=False, max_length=100, help_text="Where the review stands")
    rating = forms.FloatField(required=False, help_text="From 0 to 10, as the site gives it")
    deal = forms.CharField(
        required=False, max_length=200, help_text="The opportunity that it helped; the same name is the same deal"
    )
    amount = forms.FloatField(required=False, help_text="Of the deal, in the currency of ARR")
    result = forms.ChoiceField(label="The deal is", required=False, choices=[("", "Open"), *Result.choices[1:]])
    decided_on = forms.DateField(label="Decided on", required=False, widget=Day())
    reason = forms.CharField(label="Why it is corrected", max_length=300)

    def __init__(
        self, *args: Any, kind: Kind, people: Sequence[tuple[str, str]] = (), corrects: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields = {"link": ("link",), "review": ("site", "rating"), "deal": ("deal", "amount", "result", "decided_on")}
        gone = {name for field, names in fields.items() if not kind.has(field) for name in names}
        for name in gone | (set() if people else {"person"}) | (set() if corrects else {"reason"}):
            del self.fields[name]
        if people:
            self.fields["person"].offer(people)  # type: ignore[attr-defined]

    def said(self) -> Said:
        names = ("title", "text", "link", "site", "rating", "deal", "amount", "result", "decided_on")
        known = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return Said(happened_on=self.cleaned_data["happened_on"], **known)


class AdvocateForm(forms.Form):
    person = Somebody(label="Who")
    status = forms.ChoiceField(choices=AdvocateStatus.choices, initial=AdvocateStatus.ACTIVE)
    resting_until = forms.DateField(label="Rests until", required=False, widget=Day())
    since = forms.DateField(label="Advocate since", required=False, widget=Day(), help_text="Today unless said here")
    willing = forms.MultipleChoiceField(label="Is willing to", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Nothing chosen: all of it")  # fmt: skip
    topics = Words(required=False, help_text="What they can speak about, with commas: single sign-on, roll-out")
    languages = Words(required=False, help_text="With commas: English, German")
    tags = Words(required=False, help_text="Anything else that you look for, with commas")
    at_most = forms.IntegerField(label="Requests in a quarter at most", required=False, min_value=1, max_value=100,
        help_text="What they wish for; the limits of each kind count besides")  # fmt: skip
    note = forms.CharField(required=False, max_length=5000, widget=text_of(3))

    def __init__(
        self, *args: Any, kinds: Sequence[Kind], people: Sequence[tuple[str, str]] | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["willing"].choices = [(one.name, one.title) for one in kinds]  # type: ignore[attr-defined]
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].offer(people)  # type: ignore[attr-defined]

    def profile(self) -> Profile:
        return Profile(**{name: value for name, value in self.cleaned_data.items() if name != "person"})


class RequestForm(forms.Form):
    """`override` stands there once a limit was reached."""

    kind = forms.ChoiceField(label="What is asked for")
    deal = forms.CharField(label="For which deal", required=False, max_length=200)
    amount = forms.FloatField(label="Amount of the deal", required=False, help_text="In the currency of ARR")
    needed_by = forms.DateField(label="Needed by", required=False, widget=Day())
    wanted = forms.CharField(label="Whom you look for", required=False, max_length=1000, widget=text_of(2),
        help_text="In words, such as: a fintech of 500 seats, in German")  # fmt: skip

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.name, one.title) for one in kinds]  # type: ignore[attr-defined]

    def wants(self, condition: str = "") -> Wanted:
        return Wanted(**self.cleaned_data, condition=condition)


class DealForm(forms.Form):
    deal = forms.CharField(max_length=200)
    result = forms.ChoiceField(choices=Result.choices)
    decided_on = forms.DateField(required=False, widget=Day())
    amount = forms.FloatField(required=False)


class StepForm(forms.Form):
    status = forms.CharField(max_length=20)
    scheduled_for = forms.DateField(label="For when", required=False, widget=Day())
    note = forms.CharField(required=False, max_length=5000)
