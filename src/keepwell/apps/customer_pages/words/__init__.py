"""What pages for customers and their letters say, in the languages that Keepwell speaks; others are in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import formats, translation

from keepwell.apps.customer_pages.words import ar, de, en, es, fr, it, nl, pt
from keepwell.definitions.languages import best_language
from keepwell.engine.surveys.words import SPOKEN

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": en.WORDS, "de": de.WORDS, "fr": fr.WORDS, "es": es.WORDS, "it": it.WORDS, "nl": nl.WORDS, "pt": pt.WORDS,
    "ar": ar.WORDS,
}  # fmt: skip


def spoken(language: str) -> str:
    """The language that is spoken for one that somebody prefers."""
    return best_language([language], SPOKEN) if language else "en"


def said(word: str, language: str, **values: object) -> str:
    """A sentence in one of the languages."""
    return WORDS[language][word].format(**values)


def day_in(language: str, day: date) -> str:
    """A day as the language writes it."""
    with translation.override(language):
        return formats.date_format(day, "DATE_FORMAT")


def number_in(language: str, number: float) -> str:
    """With the separators of the language, and no digits behind them."""
    with translation.override(language):
        return formats.number_format(round(number), use_l10n=True, force_grouping=True)


def percent_in(language: str, share: float) -> str:
    return f"{number_in(language, 100 * share)}\N{NO-BREAK SPACE}%"
