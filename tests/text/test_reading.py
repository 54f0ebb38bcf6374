from __future__ import annotations

import pytest

from keepwell.text.language import OTHER, language_of
from keepwell.text.reading import MOST_CHARACTERS, readable, words


@pytest.mark.parametrize("text", [None, "", "  \n\t "])
def test_a_text_without_content_reads_as_empty(text: str | None) -> None:
    assert readable(text) == ""


def test_only_the_beginning_of_a_huge_text_is_read() -> None:
    assert len(readable("good " * 1_000_000)) <= MOST_CHARACTERS


def test_two_spellings_of_one_letter_read_the_same() -> None:
    assert readable("cafe\u0301") == readable("caf\u00e9")


def test_words_keep_apostrophes_and_drop_marks() -> None:
    assert words("It’s DOWN again -- e-mail, too!") == ["it's", "down", "again", "e-mail", "too"]


def test_of_scripts_without_blanks_neighbouring_characters_are_words() -> None:
    assert words("服务很好 ok 好") == ["服务", "务很", "很好", "ok", "好"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The service was down and nobody told us", "en"),
        ("Leider ist die Hilfe nicht sehr gut", "de"),
        ("Très bon service et une équipe rapide", "fr"),
        ("El servicio no es muy bueno para nosotros", "es"),
        ("Il servizio non è molto buono", "it"),
        ("De service is niet goed en het duurt te lang", "nl"),
        ("O serviço não é muito bom para você", "pt"),
        ("服务很好", OTHER),
        ("Очень хорошо", OTHER),
        ("Great", None),
        ("😀😀", None),
        ("", None),
        ("Die Hard is a great film", "en"),
    ],
)
def test_small_words_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language
