"""A refusal of an operation becomes words in the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms

from keepwell.errors import InputError

Made = TypeVar("Made")


def accepted(form: forms.Form, carry_out: Callable[[], Made]) -> Made | None:
    """What the operation made; None where the form or the operation refuses, with the words in the form."""
    if not form.is_valid():
        return None
    try:
        return carry_out()
    except InputError as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, str(refused))
        return None
