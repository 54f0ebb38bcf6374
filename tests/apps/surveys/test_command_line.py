"""keepwell survey does what the pages do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Person
from keepwell.apps.surveys.models import Invitation, Refusal, SurveySend
from keepwell.apps.surveys.sending.inviting import carry_out
from tests.apps.surveys.conftest import SURVEY, invited, publish_survey
from tests.cli.project import Answer, Command

pytestmark = pytest.mark.slow


@contextmanager
def _this_one(data_dir: Path) -> Iterator[None]:
    """The database of the tests, in the place of one that the command would start."""
    yield


@pytest.fixture
def keepwell(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("keepwell.server.surveys.database", _this_one)
    monkeypatch.setattr("keepwell.server.surveys.migrate", lambda: None)
    return Command(capfd)


def good(answer: Answer) -> str:
    assert (answer.code, answer.err) == (0, "")
    return answer.out


def test_a_plan_says_who_would_be_asked_and_sends_nothing(keepwell: Command, contacts: dict[str, Person]) -> None:
    said = good(keepwell("survey", "plan", "pulse"))
    assert "3 of 5 people would be asked." in said
    assert "the account is not in the audience" in said
    assert "2 of 2 people would be asked." in good(keepwell("survey", "plan", "pulse", "--account", "acme"))
    assert not SurveySend.objects.exists()


def test_a_send_is_begun_listed_and_stopped(keepwell: Command, contacts: dict[str, Person]) -> None:
    said = good(keepwell("survey", "send", "pulse", "--account", "acme"))
    row = SurveySend.objects.get()
    assert f"Send {row.pk} is begun" in said
    assert (row.accounts, row.asked_by) == (["acme"], "keepwell survey")
    assert "Will be decided" in good(keepwell("survey", "sends", "pulse"))
    carry_out(row.pk)
    line = next(one for one in good(keepwell("survey", "sends", "pulse")).splitlines() if "Letters go out" in one)
    assert line.split()[0] == str(row.pk)
    assert line.split()[-4:] == ["2", "0", "0", "0"]
    assert "2 letters stay here." in good(keepwell("survey", "stop", str(row.pk)))
    assert Invitation.objects.filter(withdrawn_at=None).count() == 0
    assert "Stopped" in good(keepwell("survey", "sends", "pulse"))
    assert Change.objects.filter(object_kind="survey", action="stopped sending").count() == 1


def test_letters_that_came_back_are_noted(keepwell: Command, contacts: dict[str, Person]) -> None:
    invited(contacts["Ann"])
    said = good(keepwell("survey", "bounce", "ANN@acme.example", "nobody@x.example", "--detail", "550 unknown"))
    assert "Noted. 1 open invitations are marked." in said
    assert {(one.kind, one.detail) for one in Refusal.objects.all()} == {("bounced", "550 unknown")}
    assert "2 of 5 people" in good(keepwell("survey", "plan", "pulse"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "puls"], "there is no survey 'puls' in force"),
        (["send", "puls"], "there is no survey 'puls' in force"),
        (["send", "pulse", "--account", "nobody"], "or no such account"),
        (["sends", "puls"], "there is no survey 'puls' in force"),
        (["stop", "77"], "there is no send 77: `keepwell survey sends NAME` shows them"),
        (["bounce", "ann"], "'ann' is no address; give one such as name@company.com"),
        (["bounce", "ann@acme.example", "bob"], "'bob' is no address"),
    ],
)
def test_what_is_not_there_is_refused_in_words(
    keepwell: Command, contacts: dict[str, Person], arguments: list[str], words: str
) -> None:
    invited(contacts["Ann"])
    answer = keepwell("survey", *arguments)
    assert answer.code == 1
    assert words in " ".join(answer.err.split())
    assert "Traceback" not in answer.err
    assert not SurveySend.objects.exists()
    assert not Refusal.objects.exists()


def test_what_cannot_be_sent_now_says_why(keepwell: Command, contacts: dict[str, Person]) -> None:
    publish_survey(SURVEY.replace("    title: Relationship", "    title: Relationship\n    enabled: false"))
    answer = keepwell("survey", "send", "pulse")
    assert answer.code == 1
    assert "publish it with 'enabled: true' to send it" in " ".join(answer.err.split())


def test_a_send_that_has_ended_is_not_stopped(keepwell: Command, contacts: dict[str, Person]) -> None:
    row = SurveySend.objects.create(survey="pulse", cause="x", trigger="x", status="done")
    answer = keepwell("survey", "stop", str(row.pk))
    assert answer.code == 1
    assert "this send is done: nothing of it waits" in " ".join(answer.err.split())
