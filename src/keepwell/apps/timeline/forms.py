"""Forms of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from django import forms
from django.utils import timezone

from keepwell.apps.timeline.content import SENTIMENTS, Content
from keepwell.apps.timeline.models import EntryType, TimelineEntry
from keepwell.apps.ui.inputs import Day

_OWN = "own_"


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"


class EntryForm(forms.Form):
    """An entry of one type: what all have, and the type's own fields."""

    title = forms.CharField(max_length=300)
    text = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Markdown: **bold**, lists, links. @ and a colleague's name tells them",
    )
    occurred_at = forms.DateTimeField(
        label="When (UTC)",
        widget=Moment(format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    relationship_id = forms.ChoiceField(label="Unit", required=False)
    attendees = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One a line")
    minutes = forms.IntegerField(label="Minutes it took", required=False, min_value=0, max_value=10_000)
    sentiment = forms.ChoiceField(required=False, choices=[("", "–"), *SENTIMENTS.items()])
    links = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="One address a line")

    def __init__(self, kind: EntryType, units: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["relationship_id"].choices = [("", "The whole account"), *units]  # type: ignore[attr-defined]
        if not units:
            del self.fields["relationship_id"]
        for one in kind.fields:
            self.fields[_OWN + one["name"]] = _own_field(one)

    @property
    def content(self) -> Content:
        """What was typed, of a form that is valid or, while a draft is saved, of what of it is valid."""
        data = self.cleaned_data
        moment = data.get("occurred_at")
        return Content(
            type=self.kind.name,
            title=data.get("title") or "Untitled",
            occurred_at=moment.astimezone(UTC) if moment else timezone.now(),
            text=data.get("text", ""),
            fields={one["name"]: data.get(_OWN + one["name"]) for one in self.kind.fields},
            attendees=data.get("attendees", "").splitlines(),
            minutes=data.get("minutes"),
            sentiment=data.get("sentiment", ""),
            links=data.get("links", "").splitlines(),
            relationship_id=data.get("relationship_id") or None,
        )


def initial_of(entry: TimelineEntry) -> dict[str, Any]:
    """An entry as the form shows it."""
    return {
        "title": entry.title, "text": entry.text, "occurred_at": entry.occurred_at, "minutes": entry.minutes,
        "attendees": "\n".join(entry.attendees), "links": "\n".join(entry.links), "sentiment": entry.sentiment,
        "relationship_id": entry.relationship_id or "", **{_OWN + n: v for n, v in entry.fields.items()},
    }  # fmt: skip


class FilterForm(forms.Form):
    """What the list of entries is narrowed by."""

    q = forms.CharField(label="Words", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    type = forms.ChoiceField(required=False)
    author = forms.CharField(required=False)
    sentiment = forms.ChoiceField(required=False, choices=[("", "Any"), *SENTIMENTS.items()])
    unit = forms.ChoiceField(required=False)
    since = forms.DateField(label="From", required=False, widget=Day())
    until = forms.DateField(label="To", required=False, widget=Day())
    drafts = forms.BooleanField(label="My drafts", required=False)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "Any"), *units]  # type: ignore[attr-defined]
        if not units:
            del self.fields["unit"]
        kinds = EntryType.objects.order_by("own", "pk").values_list("name", "title")
        self.fields["type"].choices = [("", "Any"), *kinds]  # type: ignore[attr-defined]


class LetterForm(forms.Form):
    """An e-mail file."""

    file = forms.FileField(label="E-mail file", help_text="A message saved as .eml, at most 10 MB",
                           widget=forms.ClearableFileInput(attrs={"accept": ".eml,message/rfc822"}))  # fmt: skip


class TypeForm(forms.Form):
    """A type of one's own; its fields one a line."""

    title = forms.CharField(max_length=60)
    fields_text = forms.CharField(
        label="Own fields", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line: title | text, number, date or choice | what there is to choose, with commas",
    )  # fmt: skip

    def clean_fields_text(self) -> list[dict[str, Any]]:
        return [_field_of(line) for line in self.cleaned_data["fields_text"].splitlines() if line.strip()]


def _field_of(line: str) -> dict[str, Any]:
    title, kind, choices = ([part.strip() for part in line.split("|")] + ["text", ""])[:3] if "|" in line else (
        line.strip(), "text", "")  # fmt: skip
    name = "_".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
    if not name:
        raise forms.ValidationError(f"'{line}' has no title before the first |")
    return {"name": name, "title": title, "kind": kind or "text",
            "choices": [one.strip() for one in choices.split(",") if one.strip()]}  # fmt: skip


def _own_field(one: dict[str, Any]) -> forms.Field:
    common: dict[str, Any] = {"label": one["title"], "required": False}
    if one["kind"] == "number":
        return forms.FloatField(**common)
    if one["kind"] == "date":
        return forms.DateField(widget=Day(), **common)
    if one["kind"] == "choice":
        return forms.ChoiceField(choices=[("", "–"), *((c, c) for c in one["choices"])], **common)
    return forms.CharField(max_length=1000, **common)
