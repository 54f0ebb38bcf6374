from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.errors import RequestRefused
from keepwell.text.classifier import judge
from keepwell.text.registry import classifier, names

MODULE = """
import numpy as np
class Cheerful:
    name, version = "cheerful", "1"
    def probabilities(self, texts):
        return np.tile([0.0, 0.0, 1.0], (len(texts), 1))
class Mute:
    name = "mute"
"""
ENTRY_POINTS = "[keepwell.classifiers]\ncheerful = cheerful_texts:Cheerful\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package beside ours, as pip would lay it out."""
    (tmp_path / "cheerful_texts.py").write_text(MODULE)
    about = tmp_path / "cheerful_texts-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: cheerful-texts\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))


def test_without_a_name_it_is_the_one_that_ships() -> None:
    assert classifier().name == "lexicon"
    assert "lexicon" in names()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["cheerful", "cheerful_texts:Cheerful"])
def test_an_installed_package_brings_its_own(name: str) -> None:
    assert judge(classifier(name), ["terrible"]).words() == ["positive"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lexikon", "did you mean 'lexicon'"),
        ("nothing_like_it", "there are: cheerful, lexicon"),
        ("cheerful_texts:Gloomy", "cannot be loaded"),
        ("not_installed:Judge", "cannot be loaded"),
        ("cheerful_texts:Mute", "has no version and no probabilities"),
    ],
)
def test_a_name_that_means_nothing_is_refused_in_words(name: str, told: str) -> None:
    with pytest.raises(RequestRefused, match=told):
        classifier(name)
