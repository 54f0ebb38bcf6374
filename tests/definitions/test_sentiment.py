"""How texts are judged and what they may be about, as definitions: each mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepwell.definitions.project import Project
from keepwell.definitions.sentiment import Sentiment
from keepwell.definitions.topics import Topic
from tests.definitions.test_loading import load, refused

DATA = """
datasets:
  accounts: {role: accounts, file: a.csv, key: id, name: name}
  tickets: {file: t.csv, key: ticket, account: account, occurred_at: opened}
  logins: {file: l.csv, account: account, occurred_at: day}
topics:
  billing: {title: Invoices and prices, phrases: [invoice*, over ... charged], but_not: [credit note]}
"""
SETTINGS = "sentiment: {classifier: lexicon, texts: {tickets: {text: [subject, body], person: requester}}}"


def project(folder: Path, settings: str = SETTINGS) -> Project:
    return load(folder, keepwell=settings, data=DATA)


def test_topics_and_texts_are_definitions(tmp_path: Path) -> None:
    found = project(tmp_path)
    assert found.topics["billing"] == Topic(
        title="Invoices and prices", phrases=("invoice*", "over ... charged"), but_not=("credit note",)
    )
    texts = found.settings.sentiment.texts["tickets"]
    assert (texts.text, texts.person) == (("subject", "body"), "requester")
    assert project(tmp_path, "time_zone: UTC").settings.sentiment == Sentiment(classifier="own", texts={})


def test_one_column_may_stand_by_itself(tmp_path: Path) -> None:
    found = project(tmp_path, "sentiment: {texts: {tickets: {text: body}}}")
    assert found.settings.sentiment.texts["tickets"].text == ("body",)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("sentiment: {texts: {ticket: {text: body}}}", "did you mean 'tickets'?"),
        ("sentiment: {texts: {logins: {text: body}}}", "texts of 'logins' need a row's key"),
        ("sentiment: {texts: {tickets: {}}}", "text"),
        ("sentiment: {clasifier: own}", "did you mean 'classifier'?"),
    ],
)
def test_what_is_wrong_with_texts_is_told(tmp_path: Path, settings: str, words: str) -> None:
    told = "; ".join(refused(tmp_path, keepwell=settings, data=DATA))
    assert words in told
    assert "keepwell.yaml" in told


def test_what_is_wrong_with_a_topic_is_told(tmp_path: Path) -> None:
    told = "; ".join(refused(tmp_path, data=DATA.replace("[invoice*, over ... charged]", "[in*voice]")))
    assert "'in*voice' is no phrase" in told
    assert "topics.billing" in told
