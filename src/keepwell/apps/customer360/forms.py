"""What people may send from the customer page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms

from keepwell.apps.health.feedback import LONGEST


class FeedbackForm(forms.Form):
    """Which band was expected, and why."""

    expected = forms.ChoiceField(label="It should be")
    measure = forms.ChoiceField(label="What feels wrong", required=False)
    reason = forms.CharField(
        label="Because", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say in a sentence what the score does not see."},
    )  # fmt: skip

    def __init__(self, labels: Sequence[str], measures: Mapping[str, str], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        field = self.fields["expected"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose"), *((label, label) for label in labels)]
        named = self.fields["measure"]
        assert isinstance(named, forms.ChoiceField)
        named.choices = [("", "The whole score"), *measures.items()]
        field.error_messages = {name: f"Choose one of {', '.join(labels)}." for name in ("required", "invalid_choice")}
