"""Reasons of the quarantine as people read them."""

from __future__ import annotations

from django import template

from keepwell.apps.usage.ingestion import refusals

register = template.Library()
_WORDS = {
    refusals.MALFORMED: "Not readable", refusals.TOO_LARGE: "Too large", refusals.UNKNOWN_TYPE: "Unknown type",
    refusals.NO_PERSON: "Names no person", refusals.NO_EVENT: "Names no event", refusals.NO_GROUP: "Names no account",
    refusals.NO_PREVIOUS: "Names no earlier id", refusals.BAD_TIME: "Time not readable",
    refusals.FUTURE: "Dated in the future",
}  # fmt: skip


@register.filter
def reason(code: str) -> str:
    """The reason in words."""
    return _WORDS.get(code, code.replace("_", " ").capitalize())
