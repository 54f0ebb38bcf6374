"""Forms of write keys."""

from __future__ import annotations

from django import forms

_LINES = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})


class KeepingForm(forms.Form):
    """What a key may and keeps."""

    origins = forms.CharField(
        required=False,
        max_length=20_000,
        widget=_LINES,
        label="Origins",
        help_text="Pages that may send with it from a browser, one a line: https://app.example.com. "
        "Empty: no browser may, servers only.",
    )
    properties = forms.CharField(
        required=False,
        max_length=20_000,
        widget=_LINES,
        label="Kept properties",
        help_text="Names of event properties that are kept, one a line. All others are dropped on arrival.",
    )

    def lines(self, field: str) -> list[str]:
        """What was typed, line by line."""
        return str(self.cleaned_data[field]).splitlines()


class WriteKeyForm(KeepingForm):
    name = forms.CharField(max_length=100, help_text="What sends with it, such as: web app.")
    field_order = ("name", "origins", "properties")
