"""A dashboard by mail: each recipient gets the numbers that they may see when the letter leaves, once."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.dashboards.sending import operations
from keepwell.apps.dashboards.sending.composing import LEFT, NO_ACCOUNT, NOT_THERE
from keepwell.apps.dashboards.sending.models import MailedDashboard, MailState, Schedule
from keepwell.apps.dashboards.sending.operations import Said
from keepwell.apps.dashboards.sending.queueing import OWNER_LEFT, queue_due
from keepwell.apps.notices.composing import Composer, register_composer
from keepwell.apps.notices.letters import send_letters
from keepwell.apps.notices.models import Mail, Notice
from keepwell.apps.notices.outbox import write_letters
from keepwell.apps.notices.sending import TRIES
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.dashboards.small import SMALL, publish_small
from tests.apps.killing import is_cut
from tests.apps.notices.server import Inbox, mail_server

pytestmark = pytest.mark.slow
FROM = "Keepwell <keepwell@test.example>"


@pytest.fixture
def small(company: Account) -> str:
    return publish_small()


def mondays(*people: object, **more: object) -> Said:
    return Said([one.pk for one in people], "week", time(8), "UTC", **more)  # type: ignore[attr-defined, arg-type]


def due(schedule: Schedule) -> datetime:
    """Its next moment has come."""
    schedule.refresh_from_db()
    assert schedule.next_at is not None
    return schedule.next_at + timedelta(seconds=5)


def delivered() -> Inbox:
    with mail_server() as (inbox, host):
        send_letters(f"smtp://{host}", FROM, 300)
    return inbox


def words(letter: object) -> str:
    return letter.get_body(["plain"]).get_content()  # type: ignore[attr-defined, no-any-return]


def test_each_recipient_gets_the_numbers_that_they_may_see(small: str, people: People) -> None:
    """Ada sees those of her team, Cyd sees Zeta alone, Mo sees all; twice asked it is sent once."""
    everybody = (people.owner, people.stranger, people.manager)
    made = operations.make_schedule(actor=Person(people.manager), key=small, said=mondays(*everybody, with_csv=True))
    now = due(made)
    assert (queue_due(now), queue_due(now)) == (3, 0)
    got = {str(one["To"]): one for one in delivered().got}
    assert set(got) == {one.email for one in everybody}
    seen = {one: re.search(r"CUSTOMERS\s+(\d+)", words(got[one.email]))[1] for one in everybody}  # type: ignore[index]
    assert seen == {one: str(visible(Person(one)).count()) for one in everybody}
    assert (seen[people.stranger], seen[people.manager]) == ("1", "6")
    ada, cyd = words(got[people.owner.email]), words(got[people.stranger.email])
    assert "Acme Inc" in ada
    assert "Zeta Inc" not in ada
    assert "Zeta Inc" in cyd
    assert "Acme Inc" not in cyd
    files = {one.get_filename(): one.get_content() for one in got[people.stranger.email].iter_attachments()}
    assert set(files) == {"customers.csv", "bands.csv", "names.csv"}
    assert "Zeta Inc" in str(files["names.csv"])
    assert "Acme" not in str(files["names.csv"])
    assert set(MailedDashboard.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert delivered().got == []


def test_who_lost_rights_meanwhile_gets_what_remains_or_nothing_and_the_owner_is_told(
    small: str, people: People
) -> None:
    admin = Person(people.admin)
    recipients = (people.owner, people.colleague, people.stranger, people.manager)
    made = operations.make_schedule(actor=admin, key=small, said=mondays(*recipients))
    queue_due(due(made))
    for user, change in (
        (people.owner, {"reach": Reach.OWN}), (people.stranger, {"reach": Reach.SEGMENT, "segments": []}),
        (people.colleague, {"is_active": False}),
    ):  # fmt: skip
        type(user).objects.filter(pk=user.pk).update(**change)
    Account.objects.filter(owner=people.stranger).update(owner=None)
    got = {str(one["To"]): words(one) for one in delivered().got}
    assert set(got) == {people.owner.email, people.manager.email}
    assert "Acme Inc" in got[people.owner.email]
    assert "Dune Inc" not in got[people.owner.email], "Bea's, which Ada sees no more"
    states = dict(MailedDashboard.objects.values_list("user__name", "why"))
    assert states == {"Ada": "", "Mo": "", "Bea": LEFT, "Cyd": NO_ACCOUNT}
    told = Notice.objects.filter(user=people.admin, kind="dashboard").values_list("text", flat=True)
    assert sorted(told) == ["Small book: Bea got nothing by mail", "Small book: Cyd got nothing by mail"]


def test_a_dashboard_that_is_shared_no_more_is_not_sent(small: str, people: People) -> None:
    made = operations.make_schedule(actor=Person(people.admin), key=small, said=mondays(people.owner, people.manager))
    queue_due(due(made))
    publish_small(SMALL.replace("title: Small book", "title: Small book\n    roles: [manager]"))
    assert [one["To"] for one in delivered().got] == [people.manager.email]
    letter = MailedDashboard.objects.get(user=people.owner)
    assert (letter.state, letter.why) == (MailState.NOTHING, NOT_THERE)


def test_killed_anywhere_each_recipient_has_one_letter_for_the_moment(small: str, people: People) -> None:
    made = operations.make_schedule(actor=Person(people.owner), key=small, said=mondays(people.owner, people.manager))
    now, before, statement = due(made), made.next_at, 1
    while is_cut(lambda: queue_due(now), statement):
        made.refresh_from_db()
        count = Mail.objects.filter(composer="dashboard").count()
        assert (count, made.next_at == before) in {(0, True), (2, False)}, statement
        statement += 1
    assert queue_due(now) == 0
    assert Mail.objects.filter(composer="dashboard").count() == MailedDashboard.objects.count() == 2
    made.refresh_from_db()
    assert made.next_at == before + timedelta(days=7)  # type: ignore[operator]


def test_what_was_missed_is_made_up_for_once(small: str, people: People) -> None:
    made = operations.make_schedule(actor=Person(people.owner), key=small, said=mondays(people.owner))
    late = due(made) + timedelta(days=30)
    assert queue_due(late) == 1
    made.refresh_from_db()
    assert made.next_at is not None
    assert made.next_at > late


def test_it_ends_with_whoever_set_it_up_and_with_the_last_who_wants_it(small: str, people: People) -> None:
    of_owner = operations.make_schedule(actor=Person(people.owner), key=small, said=mondays(people.manager))
    type(people.owner).objects.filter(pk=people.owner.pk).update(is_active=False)
    assert queue_due(due(of_owner)) == 0
    of_owner.refresh_from_db()
    assert (of_owner.next_at, of_owner.ended_why) == (None, OWNER_LEFT)
    assert Notice.objects.filter(user=people.manager, kind="dashboard").count() == 1
    of_manager = operations.make_schedule(actor=Person(people.manager), key=small, said=mondays(people.colleague))
    operations.leave_schedule(actor=Person(people.colleague), schedule_id=of_manager.pk)
    of_manager.refresh_from_db()
    assert of_manager.ended_at is not None


def test_what_waits_is_not_sent_once_it_has_ended(small: str, people: People) -> None:
    made = operations.make_schedule(actor=Person(people.owner), key=small, said=mondays(people.owner))
    queue_due(due(made))
    operations.end_schedule(actor=Person(people.owner), schedule_id=made.pk)
    assert delivered().got == []


def test_filters_are_those_of_when_it_was_set_up_and_others_are_refused(small: str, people: People) -> None:
    owner = Person(people.owner)
    made = operations.make_schedule(actor=owner, key=small, said=mondays(people.owner), query="set=1&f.red=on")
    operations.send_now(actor=owner, schedule_id=made.pk)
    (letter,) = delivered().got
    assert "Only red" in words(letter)
    assert "Acme Inc" not in words(letter)
    with pytest.raises(FieldRefused, match="period"):
        operations.make_schedule(actor=owner, key=small, said=mondays(people.owner), query="period=soon")


def test_who_may_set_up_change_and_see_it(
    small: str, people: People, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    said = {"recipients": [people.owner.pk, people.colleague.pk], "every": "month", "weekday": 0, "day": 31,
            "at": "07:30", "zone": "Europe/Berlin", "with_pdf": "on"}  # fmt: skip
    wrong = as_owner.post("/dashboards/small/mail/", {**said, "zone": "Mars/Base"})
    assert wrong.status_code == 422
    assert "is no time zone" in wrong.content.decode()
    assert as_owner.post("/dashboards/small/mail/", said).status_code == 302
    made = Schedule.objects.get()
    page = f"/schedules/{made.pk}/"
    assert "Small book" in as_colleague.get("/schedules/").content.decode()
    assert "Small book" not in as_stranger.get("/schedules/").content.decode()
    assert as_colleague.get(page).status_code == 200
    assert as_stranger.get(page).status_code == 404
    assert as_colleague.post(page, said).status_code == 403, "who gets it may leave it, and no more"
    assert as_colleague.post(f"{page}leave/").status_code == 302
    assert as_stranger.post(f"{page}send/").status_code == 404
    assert as_owner.post(f"{page}end/").status_code == 302
    with pytest.raises(NotVisible):
        operations.end_schedule(actor=Person(people.stranger), schedule_id=made.pk)
    with pytest.raises(Forbidden):
        operations.leave_schedule(actor=Person(people.admin), schedule_id=made.pk)


def test_a_letter_that_is_given_up_waits_no_more(small: str, people: People) -> None:
    made = operations.make_schedule(actor=Person(people.manager), key=small, said=mondays(people.owner))
    queue_due(due(made))
    Mail.objects.filter(composer="dashboard").update(attempts=TRIES - 1)
    with mail_server() as (inbox, host):
        inbox.refuse[people.owner.email] = "451 later"
        assert send_letters(f"smtp://{host}", FROM, 300).given_up == 1
    letter = MailedDashboard.objects.get()
    assert letter.state == MailState.FAILED
    assert "given up: 451 later" in letter.why


def test_a_letter_that_comes_while_others_leave_goes_next(small: str, people: People) -> None:
    """As a code does, for which somebody waits: composing the first writes one that is due before the second."""
    gone: list[str] = []

    def compose(about: str) -> None:
        gone.append(about)
        if about == "first":
            write_letters("of the test", [("code", "code")], before_others=True)

    register_composer("of the test", Composer(compose, lambda *_: None, lambda *_: None))
    write_letters("of the test", [("first", "first"), ("second", "second")])
    send_letters("smtp://127.0.0.1:9", FROM, 300)
    assert gone == ["first", "code", "second"]


def test_recipients_work_here_and_may_open_it(small: str, people: People) -> None:
    publish_small(SMALL.replace("title: Small book", "title: Small book\n    roles: [manager]"))
    manager = Person(people.manager)
    with pytest.raises(FieldRefused, match="Ada may not open this dashboard"):
        operations.make_schedule(actor=manager, key=small, said=mondays(people.manager, people.owner))
    for nobody in ([], [12345]):
        with pytest.raises(FieldRefused, match="choose 1 to 100 people"):
            operations.make_schedule(actor=manager, key=small, said=Said(nobody, "day", time(8), "UTC"))
    type(people.owner).objects.filter(pk=people.owner.pk).update(role=Role.MANAGER)
    operations.make_schedule(actor=manager, key=small, said=mondays(people.manager, people.owner))
    assert Schedule.objects.get().next_at > timezone.now()  # type: ignore[operator]
    type(people.owner).objects.filter(pk=people.owner.pk).update(email="")
    with pytest.raises(FieldRefused, match="Ada has no e-mail address"):
        operations.make_schedule(actor=manager, key=small, said=mondays(people.owner))
