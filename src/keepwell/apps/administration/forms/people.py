"""Forms about people and teams; what they may hold is decided by the operations."""

from __future__ import annotations

from typing import Any

from django import forms

from keepwell.apps.access.models import Team, User
from keepwell.apps.access.roles import NAMES, Reach, Role
from keepwell.apps.administration.operations.people import Standing

REACHES = {
    Reach.ALL: "All accounts",
    Reach.TEAM: "Accounts of their team",
    Reach.OWN: "Their own accounts",
    Reach.SEGMENT: "Accounts in some segments",
}


class PersonForm(forms.Form):
    name = forms.CharField(max_length=100)
    email = forms.EmailField(max_length=254, label="E-mail address")
    role = forms.ChoiceField(
        choices=[(str(role), NAMES[role]) for role in Role],
        help_text="Viewers look; CSMs work with accounts; managers change how health is scored; admins manage people.",
    )
    team = forms.ModelChoiceField(Team.objects.order_by("name"), required=False, empty_label="No team")
    reach = forms.ChoiceField(choices=[(str(reach), words) for reach, words in REACHES.items()], label="Sees")
    segments = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, help_text="For people who see accounts in some segments."
    )

    def __init__(self, *args: Any, segments: list[str], **named: Any) -> None:
        super().__init__(*args, **named)
        kept = self.initial.get("segments", [])  # one that was removed since stays visible
        self.fields["segments"].choices = [(one, one) for one in sorted({*segments, *kept})]  # type: ignore[attr-defined]
        if not segments and not kept:
            del self.fields["segments"]

    def standing(self) -> Standing:
        """What was typed, once it is valid."""
        said = self.cleaned_data
        return Standing(
            email=said["email"], name=said["name"], role=Role(said["role"]), team=said["team"],
            reach=Reach(said["reach"]), segments=said.get("segments", ()),
        )  # fmt: skip


def initial_of(user: User) -> dict[str, Any]:
    """A person as the form shows them."""
    return {name: getattr(user, name) for name in ("name", "email", "role", "team", "reach", "segments")}


class TeamForm(forms.Form):
    name = forms.CharField(max_length=100)
