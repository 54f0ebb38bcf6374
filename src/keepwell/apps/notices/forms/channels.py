"""Forms of channels. Addresses and secrets are never filled in."""

from __future__ import annotations

from django import forms

from keepwell.apps.notices.models import ChannelKind

_HIDDEN = {"autocomplete": "off", "spellcheck": "false"}


class NewChannelForm(forms.Form):
    kind = forms.ChoiceField(choices=ChannelKind.choices, widget=forms.RadioSelect, initial=ChannelKind.SLACK)
    name = forms.CharField(
        max_length=60, help_text="What rules name: small letters, digits, '-' and '_', such as cs-alerts."
    )
    address = forms.CharField(
        max_length=2000, widget=forms.TextInput(attrs=_HIDDEN),
        help_text="Of the incoming webhook. It is encrypted, and not shown again.",
    )  # fmt: skip
    secret = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs=_HIDDEN),
        help_text="Of a signed webhook, where the other side has one: whsec_… Empty to have one made.",
    )  # fmt: skip


class ChannelForm(forms.Form):
    address = forms.CharField(
        max_length=2000, required=False, widget=forms.TextInput(attrs=_HIDDEN), label="New address",
        help_text="Leave empty to keep the one that is there.",
    )  # fmt: skip
    active = forms.BooleanField(
        required=False, label="Active", help_text="Messages wait while it is not, and rules that name it are refused."
    )
