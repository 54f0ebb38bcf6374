"""The types of entries that every installation has; people add their own beside them."""

from __future__ import annotations

from typing import Any

_CHOICES = ["good", "mixed", "bad"]

BUILT_IN: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
    ("update", "Update", []),
    ("call", "Call", [{"name": "outcome", "title": "Outcome", "kind": "choice", "choices": _CHOICES}]),
    ("meeting", "Meeting", [{"name": "outcome", "title": "Outcome", "kind": "choice", "choices": _CHOICES}]),
    ("email", "E-mail", []),
    ("milestone", "Milestone", [{"name": "reached_on", "title": "Reached on", "kind": "date"}]),
    ("advocacy", "Advocacy", [{"name": "activity", "title": "Activity", "kind": "text"}]),
    ("score_change", "Score change", []),
    ("call_to_action", "Call to action", []),
    ("stage", "Stage", []),
    ("survey", "Survey answer", []),
    ("customer_page", "Page for the customer", []),
)
"""Name, title and own fields."""

SCORE_CHANGE, EMAIL, CALL_TO_ACTION = "score_change", "email", "call_to_action"
MILESTONE, STAGE, SURVEY, CUSTOMER_PAGE = "milestone", "stage", "survey", "customer_page"
BY_THE_PROGRAM = frozenset({SCORE_CHANGE, CALL_TO_ACTION, STAGE, SURVEY, CUSTOMER_PAGE})
"""Types that nobody writes by hand."""

FIELD_KINDS = ("text", "number", "date", "choice")
