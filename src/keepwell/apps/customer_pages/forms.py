"""What people type on the page about the page; operations judge it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from keepwell.apps.customer_pages.models import CustomerPage
from keepwell.apps.customer_pages.operations import GREETING, STEP, STEPS, Chosen
from keepwell.apps.customer_pages.widgets import WIDGETS
from keepwell.apps.customer_pages.words import WORDS
from keepwell.apps.customers.models import Person
from keepwell.apps.surveys.respondents.words import NAMES

_DAYS = [(7, "7 days"), (14, "14 days"), (30, "30 days"), (90, "90 days"), (365, "A year")]


class PageForm(forms.Form):
    """`features`: titles of the feature map by name."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    greeting = forms.CharField(
        label="Your words to them", required=False, max_length=GREETING, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Stands above the figures, in whatever language you write it",
    )  # fmt: skip
    widgets = forms.MultipleChoiceField(
        label="What the page has", choices=[(one.name, one.title) for one in WIDGETS], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    steps = forms.CharField(
        label="Next steps", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"One a line, at most {STEPS} of {STEP} characters; open goals of the success plan follow by "
        "themselves",
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(
        label="Features that the page does not speak of", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Those that they did not buy, so that nobody is told to use them",
    )  # fmt: skip

    def __init__(self, *args: Any, features: Mapping[str, str], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["left_out"].choices = sorted(features.items(), key=lambda one: one[1])  # type: ignore[attr-defined]
        if not features:
            del self.fields["left_out"]

    @classmethod
    def of(cls, page: CustomerPage, features: Mapping[str, str]) -> PageForm:
        initial = {"revision": page.revision, "greeting": page.greeting, "widgets": page.widgets,
                   "steps": "\n".join(page.steps), "left_out": page.left_out}  # fmt: skip
        return cls(initial=initial, features=features)

    def chosen(self) -> Chosen:
        data = self.cleaned_data
        lines = [one.strip() for one in data["steps"].splitlines() if one.strip()]
        return Chosen(data["widgets"], data["greeting"], lines, data.get("left_out", ()), data["revision"])


class SendForm(forms.Form):
    person = forms.ChoiceField(label="To")
    days = forms.TypedChoiceField(label="Open for", choices=_DAYS, coerce=int, initial=30)
    language = forms.ChoiceField(
        label="Language", required=False, choices=[("", "What they prefer"), *((one, NAMES[one]) for one in WORDS)]
    )

    def __init__(self, *args: Any, people: list[Person], **named: Any) -> None:
        super().__init__(*args, **named)
        known = [(str(one.pk), _named(one)) for one in people]
        self.fields["person"].choices = [("", "Choose somebody"), *known]  # type: ignore[attr-defined]

    def clean_person(self) -> UUID:
        return UUID(self.cleaned_data["person"])


def _named(person: Person) -> str:
    name, address = person.personal.name, person.personal.email
    return f"{name} ({address})" if name else address
