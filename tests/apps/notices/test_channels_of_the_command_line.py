"""keepwell channel does what the pages do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keepwell.apps.audit.models import Change
from keepwell.apps.notices.models import Channel
from keepwell.cli.app import app
from tests.apps.conftest import People
from tests.apps.notices.hooks import Target


@contextmanager
def _this_one(data_dir: Path) -> Iterator[None]:
    """The database of the tests, in the place of one that the command would start."""
    yield


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keepwell.server.channels.database", _this_one)
    monkeypatch.setattr("keepwell.server.channels.migrate", lambda: None)


def said(*words: str, typed: str = "") -> str:
    found = CliRunner().invoke(app, ["channel", *words], input=typed, env={"COLUMNS": "200"}, catch_exceptions=False)
    return found.output


@pytest.mark.slow
def test_channels_are_added_listed_tried_out_and_removed(people: People, place: Target) -> None:
    assert "Alerts can be sent to cs-alerts now" in said("add", "cs-alerts", f"{place.address}/services/T0/B0/secret")
    assert said("add", "hook", f"{place.address}/hook", "--kind", "webhook").startswith("whsec_")
    listed = said("list")
    assert "cs-alerts" in listed
    assert "/services" not in listed, "the address of Slack is its secret"
    assert said("test", "hook") == "It arrived.\n"
    assert place.got[0].body["type"] == "alert.test"
    place.answers["/hook"] = [(500, {})]
    assert "It did not arrive: it answered 500. It is tried again" in said("test", "hook")
    assert "1 messages that were never sent" in said("remove", "hook")
    assert list(Channel.objects.values_list("name", flat=True)) == ["cs-alerts"]
    own = f"whsec_{'c2VjcmV0' * 5}"
    words = ("add", "crm", f"{place.address}/crm", "--kind", "webhook", "--read-secret")
    assert said(*words, typed=f"{own}\n").endswith(f"{own}\n")
    assert Change.objects.filter(object_kind="channel", actor="keepwell channel").count() == 4


@pytest.mark.slow
def test_what_is_no_channel_is_refused(people: People, home: None) -> None:
    for words, why in (
        (("test", "nobody"), "there is no channel 'nobody'"),
        (("remove", "nobody"), "there is no channel 'nobody'"),
        (("add", "Not A Name", "https://hooks.example.com/x"), "is no name"),
        (("add", "hook", "https://hooks.example.com/x", "--kind", "pager"), "is no kind of channel"),
        (("add", "hook", "ftp://hooks.example.com/x"), "this is no address"),
    ):
        with pytest.raises(Exception, match=why):
            said(*words)
