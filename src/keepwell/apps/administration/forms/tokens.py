"""The form of a new API token."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.access.roles import Permission

SCOPES = {
    Permission.VIEW: "See accounts, scores and what explains them",
    Permission.WRITE: "Change accounts: scores, notes, stages",
    Permission.BULK: "Change many accounts at once",
    Permission.SEND: "Send surveys to customers",
    Permission.CONFIGURE: "Change how health is scored",
    Permission.RUN: "Start runs",
    Permission.ADMINISTER: "Manage people, roles and tokens",
}


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, help_text="What it is for, such as: nightly export.")
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="It may")
    expires = forms.DateField(
        required=False,
        label="Ends after",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The last day it works (UTC); empty for no end.",
    )

    def __init__(self, *args: Any, person: Person, **named: Any) -> None:
        super().__init__(*args, **named)
        mine = [(str(scope), words) for scope, words in SCOPES.items() if person.may(scope)]
        self.fields["scopes"].choices = mine  # type: ignore[attr-defined]

    def expires_at(self) -> datetime | None:
        """The end of the day that was chosen."""
        day = self.cleaned_data["expires"]
        return datetime.combine(day, time.max, timezone.get_default_timezone()) if day else None
