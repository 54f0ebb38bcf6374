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
        for problem in refused.problems:
            form.add_error(field if field in form.fields else None, str(problem))
        return None


def is_accepted(form: forms.Form, carry_out: Callable[[], object]) -> bool:
    """The same where what was made does not matter: whether the operation took it."""
    return accepted(form, lambda: (carry_out(),)) is not None
