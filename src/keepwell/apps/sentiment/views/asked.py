"""Which texts a page is about, from its address."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from keepwell.apps.configuration.queries import current_project
from keepwell.apps.sentiment.queries import Asked
from keepwell.apps.sentiment.sources import sources
from keepwell.apps.sentiment.tickets import TICKET
from keepwell.text.classifier import SENTIMENTS

DAYS = {30: "30 days", 90: "90 days", 365: "A year", 1095: "Three years"}


def titles() -> dict[str, str]:
    """Of sources, by name."""
    return {**{name: one.title for name, one in sources().items()}, TICKET: "Tickets"}


class FilterForm(forms.Form):
    days = forms.TypedChoiceField(label="Written in", choices=list(DAYS.items()), coerce=int, required=False)
    word = forms.ChoiceField(label="Sentiment", required=False)
    topic = forms.ChoiceField(label="About", required=False)
    source = forms.ChoiceField(label="Where", required=False)

    def __init__(self, data: QueryDict) -> None:
        given = data.copy()
        given.setdefault("days", "365")
        super().__init__(given)
        project = current_project()
        topics = {name: one.title or name.replace("_", " ") for name, one in project.topics.items()} if project else {}
        for name, choices in (("word", {one: one for one in SENTIMENTS}), ("topic", topics), ("source", titles())):
            self.fields[name].choices = [("", "all"), *choices.items()]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """What is no choice does not narrow."""
        given = self.cleaned_data if self.is_valid() else {}
        return Asked(given.get("days") or 365, given.get("word", ""), given.get("topic", ""), given.get("source", ""))
