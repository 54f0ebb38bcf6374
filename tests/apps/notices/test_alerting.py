"""Who is told what, in which way, and once."""

from __future__ import annotations

import datetime as dt
from datetime import time
from unittest.mock import patch

import pytest
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.kinds import Way
from keepwell.apps.notices.mailing import mail_what_is_due
from keepwell.apps.notices.models import Mail, MailedAlert, Notice
from keepwell.apps.notices.operations import Alert, Importance, ScoreNow, alert, notify, withdraw
from keepwell.apps.notices.preferences import Preferences, choose
from keepwell.apps.notices.sending import TRIES, Sent, send_waiting
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.notices.conftest import webhook
from tests.apps.notices.hooks import Target
from tests.apps.notices.server import free_port, mail_server

NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)  # a Wednesday
NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}
FROM = "Keepwell <keepwell@test.example>"


def about(account: str, key: str = "red", **more: object) -> Alert:
    given = {"kind": "rule", "title": f"{account.title()} turned red", "link": f"/customers/{account}/", **more}
    return Alert(key=key, account_id=account, account=account.title(), **given)  # type: ignore[arg-type]


def prefers(user: User, **wanted: object) -> None:
    choose(actor=Person(user), wanted=Preferences(**wanted))  # type: ignore[arg-type]


def told() -> set[tuple[str, str]]:
    return {(one.user.name, one.key) for one in Notice.objects.select_related("user")}


@pytest.mark.slow
@pytest.mark.usefixtures("accounts")
def test_only_who_sees_the_account_is_told(people: People) -> None:
    result = alert(about("acme"), people=[people.owner, people.colleague, people.stranger])
    assert told() == {("Ada", "red"), ("Bea", "red")}
    assert (result.people, result.blind) == ([people.owner.pk, people.colleague.pk], [people.stranger.pk])


@pytest.mark.usefixtures("accounts")
def test_who_left_is_told_nothing(people: People) -> None:
    User.objects.filter(pk=people.owner.pk).update(is_active=False)
    people.owner.refresh_from_db()
    alert(about("acme"), people=[people.owner, people.colleague], by=["in_app", "email"])
    assert told() == {("Bea", "red")}


@pytest.mark.slow
@pytest.mark.usefixtures("accounts")
def test_twice_tells_once_in_every_way(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    for _ in range(2):
        alert(about("acme"), people=[people.owner], by=["in_app", "email"], channels=["hook"])
    assert (Notice.objects.count(), Mail.objects.count(), MailedAlert.objects.count()) == (1, 1, 1)


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize(
    ("way", "notices", "mails"),
    [(Way.ASKED, 0, 1), (Way.EMAIL, 1, 1), (Way.IN_APP, 1, 0), (Way.OFF, 0, 0)],
)
def test_each_persons_choice_goes_before_what_is_asked_for(people: People, way: Way, notices: int, mails: int) -> None:
    prefers(people.owner, ways={"rule": way})
    alert(about("acme"), people=[people.owner, people.colleague], by=["email"])
    assert Notice.objects.filter(user=people.owner).count() == notices
    assert Mail.objects.filter(to=people.owner.email).count() == mails
    assert Mail.objects.filter(to=people.colleague.email).count() == 1


def test_what_the_program_tells_already_goes_the_same_way(people: People) -> None:
    prefers(people.owner, ways={"mention": Way.EMAIL, "owner": Way.OFF})
    for kind in ("mention", "owner", "something new"):
        notify(user=people.owner, text=kind, kind=kind, key=kind)
    assert told() == {("Ada", "mention"), ("Ada", "something new")}
    assert [mail.subject for mail in Mail.objects.all()] == ["mention"]


@pytest.mark.usefixtures("accounts")
def test_mail_says_what_happened_to_the_score_and_why(people: People) -> None:
    score = ScoreNow(38.0, "red", "bad", -14.2, "yellow", "logins fell by half")
    alert(about("acme", text="Call them.", score=score), people=[people.owner], by=["email"])
    with mail_server() as (inbox, host):
        assert send_waiting(f"smtp://{host}", FROM) == Sent(sent=1)
    (mail,) = inbox.got
    assert str(mail["Subject"]) == "Acme turned red"
    assert mail.get_body(["plain"]).get_content().replace("\r", "").split("\n\n") == [
        "Acme turned red", "Call them.", "Acme: Score 38 (red, was yellow), −14.2 in a week", "logins fell by half",
        "http://localhost:8000/customers/acme/",
        "--\nWhat you are told, when, or not at all: http://localhost:8000/me/alerts/\n",
    ]  # fmt: skip


@pytest.mark.usefixtures("accounts")
def test_a_digest_groups_by_account_the_most_important_first(people: People) -> None:
    prefers(people.owner, digest="daily", digest_at=time(8), time_zone="Europe/Berlin")
    with patch.object(timezone, "now", return_value=NOON):
        alert(about("dune", "a", title="Dune asks"), people=[people.owner], by=["email"])
        alert(about("acme", "b", title="Acme asks"), people=[people.owner], by=["email"])
        alert(about("dune", "c", title="Dune turned red", importance=Importance.URGENT), people=[people.owner],
              by=["email"])  # fmt: skip
        alert(Alert("d", "rule", "No account"), people=[people.owner], by=["email"])
    eight = dt.datetime(2026, 11, 19, 7, tzinfo=dt.UTC)
    assert mail_what_is_due(eight - dt.timedelta(seconds=1)) == 0
    assert (mail_what_is_due(eight), mail_what_is_due(eight)) == (1, 0)
    with mail_server() as (inbox, host):
        send_waiting(f"smtp://{host}", FROM)
    (mail,) = inbox.got
    assert str(mail["Subject"]) == "4 alerts about 2 accounts"
    lines = [line for line in mail.get_body(["plain"]).get_content().splitlines() if line]
    assert [line for line in lines if line.isupper() or line.startswith(("- ", "OTHER"))] == [
        "DUNE", "- Dune turned red", "- Dune asks", "ACME", "- Acme asks", "OTHER", "- No account",
    ]  # fmt: skip
    assert "/me/alerts/" in lines[-1]


@pytest.mark.usefixtures("accounts")
def test_what_quiet_hours_held_comes_after_them_and_is_not_told_again(people: People) -> None:
    prefers(people.owner, quiet_from=time(11), quiet_until=time(14), time_zone="UTC")
    with patch.object(timezone, "now", return_value=NOON):
        alert(about("acme"), people=[people.owner], by=["in_app", "email"])
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 0)
    two = NOON + dt.timedelta(hours=2)
    assert (mail_what_is_due(two - dt.timedelta(seconds=1)), mail_what_is_due(two)) == (0, 1)
    with patch.object(timezone, "now", return_value=two):
        alert(about("acme"), people=[people.owner], by=["in_app", "email"])
    assert Mail.objects.count() == 1


@pytest.mark.usefixtures("accounts")
def test_a_right_that_is_lost_while_mail_waits_is_lost(people: People) -> None:
    prefers(people.colleague, digest="daily", time_zone="UTC")
    alert(about("acme"), people=[people.colleague], by=["email"])
    User.objects.filter(pk=people.colleague.pk).update(reach=Reach.OWN)
    assert mail_what_is_due(timezone.now() + dt.timedelta(days=2)) == 0
    assert MailedAlert.objects.get().ended_at is not None


@pytest.mark.usefixtures("accounts")
def test_new_settings_count_for_what_waits(people: People) -> None:
    prefers(people.owner, digest="weekly", time_zone="UTC")
    alert(about("acme"), people=[people.owner], by=["email"])
    prefers(people.owner, time_zone="UTC")
    assert mail_what_is_due(timezone.now()) == 1


@pytest.mark.parametrize(
    ("wanted", "field", "words"),
    [
        ({"quiet_from": time(22)}, "quiet_until", "a beginning and an end"),
        ({"quiet_from": time(22), "quiet_until": time(22)}, "quiet_until", "at another time"),
        ({"digest": "daily", "digest_at": time(6), **NIGHT}, "digest_at", "06:00"),
        ({"digest": "weekly", "digest_weekday": 6, "quiet_weekends": True}, "digest_weekday", "Monday to Friday"),
        ({"digest": "hourly"}, "digest", "at_once, daily or weekly"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Europe/Berlin"),
        ({"time_zone": "../etc/passwd"}, "time_zone", "no time zone"),
        ({"ways": {"failures": Way.OFF}}, "ways", "no kind of alert"),
        ({"ways": {"mention": Way.ASKED}}, "ways", "not 'asked'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(
    people: People, wanted: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(FieldRefused, match=words) as refused:
        prefers(people.owner, **wanted)
    assert refused.value.field == field


@pytest.mark.usefixtures("accounts")
def test_what_has_not_gone_out_is_taken_back(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    prefers(people.owner, digest="daily", time_zone="UTC")
    alert(about("acme"), people=[people.owner, people.colleague], by=["in_app", "email"], channels=["hook"])
    found = withdraw("red")
    assert (found.taken_back, found.stays) == (5, ())
    assert not Notice.objects.exists()
    assert not Mail.objects.exists()


@pytest.mark.usefixtures("accounts")
def test_what_went_out_stays_and_it_says_so(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    alert(about("acme"), people=[people.owner], by=["in_app", "email"], channels=["hook"])
    Notice.objects.update(read_at=timezone.now())
    from keepwell.apps.notices.channels.delivering import deliver_what_is_due

    deliver_what_is_due()
    with mail_server() as (_, host):
        send_waiting(f"smtp://{host}", FROM)
    assert withdraw("red").stays == ("1 person has read it", "1 mail went out", "hook has it")


def test_admins_hear_of_mail_that_does_not_leave_once_a_day(people: People) -> None:
    for key in ("one", "two"):
        prefers(people.owner, ways={"mention": Way.EMAIL})
        notify(user=people.owner, text=key, kind="mention", key=key)
    nobody = f"smtp://127.0.0.1:{free_port()}"
    for _ in range(TRIES):
        Mail.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
        send_waiting(nobody, FROM)
    (notice,) = Notice.objects.filter(kind="failures")
    assert notice.user == people.admin
    assert "was given up" in notice.text


@pytest.mark.slow
def test_many_are_told_in_few_statements(people: People, django_assert_max_num_queries: object) -> None:
    Account.objects.bulk_create(
        Account(pk=f"a{n}", name=f"A{n}", owner=people.owner, team_id=people.owner.team_id) for n in range(2000)
    )
    from keepwell.apps.notices.operations import tell

    pairs = [(about(f"a{n}", f"k{n}", kind="band_change"), people.owner) for n in range(2000)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        tell(pairs)
    assert Notice.objects.count() == 2000
