"""A kind of activity, or a rule for candidates, as its editor shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keepwell.apps.advocacy.editing.form import CANDIDATES_FORM, KIND_FORM, candidate_fields, kind_fields, known_of
from keepwell.apps.configuration.editing.fields import Field
from keepwell.apps.configuration.editing.form import Form
from keepwell.apps.configuration.editing.pages import Asked
from keepwell.apps.configuration.editing.shown import Page, Showing

_EMPTY: Mapping[str, str] = {
    "half_life": "they stay", "zero_after": "they stay", "impact/per": "nothing for a deal", "impact/at_most": "no cap",
    "limits/per_person": "as often as it comes", "limits/per_account": "as often as it comes", "limits/rest": "none",
    "people": "whole accounts", "suggests": "anything",
}  # fmt: skip


def kind_page(asked: Asked) -> Page:
    return _page(asked, KIND_FORM, kind_fields(), ("impact", "limits"))


def candidates_page(asked: Asked) -> Page:
    return _page(asked, CANDIDATES_FORM, candidate_fields(), ())


def _page(asked: Asked, form: Form, fields: Iterable[Field], parts: tuple[str, ...]) -> Page:
    known = known_of(asked.project, asked.name)
    empty = {**_EMPTY, "title": asked.name.replace("_", " ").capitalize()}
    showing = Showing(form, asked.name, asked.entry, asked.issues, known, asked.typed, parts=parts, empty=empty)
    errors = [one for part in ("", *parts) for one in showing.errors.get(part, ())]
    return Page(
        name=asked.name, fields={one.name: showing.shown(one) for one in fields}, parts=(), errors=errors,
        elsewhere=tuple(showing.elsewhere), known=known,
    )  # fmt: skip
