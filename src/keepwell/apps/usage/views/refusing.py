"""An operation that refuses becomes words beside the field."""

from __future__ import annotations

from collections.abc import Callable

from django import forms

from keepwell.apps.customers.refusals import FieldRefused


def accepted(form: forms.Form, carry_out: Callable[[], object]) -> bool:
    """Whether the form is valid and the operation took it; what stands against it is in the form."""
    if not form.is_valid():
        return False
    try:
        carry_out()
    except FieldRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    return True
