"""Guessing at links of surveys."""

from __future__ import annotations

from keepwell.apps.surveys.tokens import LINKS
from keepwell.apps.ui.outside.guessing import Guessing

_GUESSING = Guessing("survey", LINKS)
is_guessing, note_miss, forget_old = _GUESSING.is_guessing, _GUESSING.note_miss, _GUESSING.forget_old
