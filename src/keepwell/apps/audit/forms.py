"""The filter of the audit page."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.access.models import User
from keepwell.apps.audit.queries import Sought


class Day(forms.DateInput):
    input_type = "date"


class AuditFilter(forms.Form):
    person = forms.ModelChoiceField(User.objects.order_by("name"), required=False, empty_label="Everybody")
    kind = forms.ChoiceField(required=False, label="What")
    account = forms.CharField(required=False, max_length=200, label="Account id")
    first = forms.DateField(required=False, widget=Day(format="%Y-%m-%d"), label="From")
    last = forms.DateField(required=False, widget=Day(format="%Y-%m-%d"), label="To")

    def __init__(self, *args: Any, kinds: list[str], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["kind"].choices = [("", "Everything"), *((kind, kind) for kind in kinds)]  # type: ignore[attr-defined]

    def sought(self) -> Sought:
        """What stands in the form; nothing where it is wrong."""
        said = self.cleaned_data if self.is_valid() else {}
        person = said.get("person")
        return Sought(
            person.pk if person else None,
            said.get("kind", ""),
            said.get("account", "").strip(),
            said.get("first"),
            said.get("last"),
        )
