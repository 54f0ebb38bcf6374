"""Advocates, activities and requests: what each operation does, refuses and leaves behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from keepwell.apps.access.actors import Forbidden, NotVisible, Person, System
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Reach, Role
from keepwell.apps.advocacy.ledgers import activities, requests
from keepwell.apps.advocacy.models import Activity, Advocate, Request
from keepwell.apps.advocacy.operations.activities import Said, correct, decide_deal, log, withdraw
from keepwell.apps.advocacy.operations.advocates import Profile, change_advocate, make_advocate, set_status
from keepwell.apps.advocacy.operations.requests import LimitReached, Wanted, ask, choose, finish, move
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.operations.people import erase_person
from keepwell.apps.health.models import Arrival
from keepwell.apps.notices.models import Notice
from keepwell.apps.rules.standing.records import records
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.errors import FieldRefused
from tests.apps.advocacy.conftest import Contacts
from tests.apps.conftest import People

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)
CALL = Said(happened_on=YESTERDAY, title="Call with Brix", deal="Brix roll-out", amount=50_000)


def test_an_owner_logs_an_activity_and_everything_hears_of_it(people: People, contacts: Contacts) -> None:
    made = log(actor=Person(people.owner), kind="reference_call", account_id="acme", person=contacts.dana.pk, said=CALL)
    assert (made.result, made.deal_key, made.author_name) == ("open", "brix roll-out", "Ada")
    entry = TimelineEntry.objects.get(key=f"advocacy:{made.pk}")
    assert (entry.type.name, entry.title) == ("advocacy", "Reference call: Call with Brix")
    assert Change.objects.get(object_kind="advocacy activity").after["deal"] == "Brix roll-out"
    assert Arrival.objects.filter(account_id="acme", ledger="keepwell.advocacy").exists()
    (row,) = activities(None, current_project()).to_pylist()
    assert (row["points"], row["influenced"], row["won"], row["half_life_days"]) == (15, 50_000, 0, 180)
    assert row["person_id"] == str(contacts.dana.pk)


def test_a_stranger_logs_nothing_and_a_viewer_may_not(people: People, contacts: Contacts) -> None:
    with pytest.raises(NotVisible):
        log(actor=Person(people.stranger), kind="review", account_id="acme", said=CALL)
    viewer = User.objects.create_user("vi@test.example", name="Vi", role=Role.VIEWER, reach=Reach.ALL)
    for refused in (
        lambda: log(actor=Person(viewer), kind="review", account_id="acme", said=CALL),
        lambda: make_advocate(actor=Person(viewer), account_id="acme"),
        lambda: ask(actor=Person(viewer), wanted=Wanted("review"), account_id="acme"),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"),
        ({"title": "  "}, "title"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"amount": float("nan")}, "amount"),
        ({"deal": "", "amount": 5.0}, "deal"),
        ({"result": "perhaps"}, "result"),
        ({"result": "won", "decided_on": date(2001, 1, 1)}, "decided_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    people: People, contacts: Contacts, said: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        log(actor=Person(people.owner), kind="reference_call", account_id="acme", said=Said(**{**vars(CALL), **said}))
    assert refused.value.field == field


def test_a_person_of_another_account_and_a_kind_that_there_is_not(people: People, contacts: Contacts) -> None:
    with pytest.raises(FieldRefused, match="nobody of this key is known at Acme"):
        log(actor=Person(people.owner), kind="review", account_id="acme", person=contacts.zoe.pk, said=CALL)
    with pytest.raises(FieldRefused, match="did you mean 'review'"):
        log(actor=Person(people.owner), kind="reviews", account_id="acme", said=CALL)


def test_a_correction_keeps_what_was_known_and_a_withdrawal_ends_it(people: People, contacts: Contacts) -> None:
    actor = Person(people.owner)
    made = log(actor=actor, kind="reference_call", account_id="acme", said=CALL)
    with pytest.raises(FieldRefused, match="say why"):
        correct(actor=actor, activity_id=made.pk, said=CALL, reason=" ")
    correct(actor=actor, activity_id=made.pk, said=Said(**{**vars(CALL), "amount": 70_000}), reason="Typing error")
    change = made.changes.exclude(reason="").get()
    assert (change.reason, change.before) == ("Typing error", {"amount": 50_000})
    assert [row["influenced"] for row in activities(["acme"], None).to_pylist()] == [50_000, 70_000]
    withdraw(actor=actor, activity_id=made.pk, reason="Another customer")
    assert activities(None, None).to_pylist()[-1]["is_withdrawn"]
    assert not TimelineEntry.objects.filter(key=f"advocacy:{made.pk}").exists()


def test_a_deal_that_is_won_is_won_for_all_that_influenced_it(people: People, contacts: Contacts) -> None:
    actor = System("test")
    long_ago = Said(**{**vars(CALL), "happened_on": TODAY - timedelta(days=40)})
    log(actor=actor, kind="reference_call", account_id="acme", said=long_ago)
    log(actor=actor, kind="referral", account_id="acme", said=CALL)
    log(actor=actor, kind="referral", account_id="zeta", said=Said(**{**vars(CALL), "deal": "BRIX  Roll-out"}))
    with pytest.raises(FieldRefused, match="no activity is logged"):
        decide_deal(actor=actor, deal="Cato", result="won")
    assert decide_deal(actor=actor, deal="brix roll-OUT", result="won", decided_on=TODAY, amount=80_000) == 3
    assert set(Activity.objects.values_list("result", "amount")) == {("won", 80_000)}
    rows = activities(["acme"], None).to_pylist()
    assert sum(row["won"] for row in rows) == 80_000  # once, at the first activity of the account
    assert [row["result"] for row in rows] == ["open", "open", "won", "won"]


def test_a_deal_is_decided_for_the_accounts_that_one_sees(people: People, contacts: Contacts) -> None:
    log(actor=System("test"), kind="referral", account_id="acme", said=CALL)
    log(actor=System("test"), kind="referral", account_id="zeta", said=CALL)
    assert decide_deal(actor=Person(people.stranger), deal="Brix roll-out", result="lost", decided_on=TODAY) == 1
    assert Activity.objects.get(account="acme").result == "open"


def test_a_request_goes_its_way_and_becomes_an_activity(people: People, contacts: Contacts) -> None:
    asker, owner = Person(people.manager), Person(people.owner)
    request = ask(actor=asker, wanted=Wanted("reference_call", "Brix", 50_000, wanted="a fintech of 500 seats"))
    assert (request.status, request.account) == ("open", None)
    choose(actor=owner, request_id=request.pk, account_id="acme", person=contacts.dana.pk)
    assert records(["acme"])["open_requests"].to_pylist() == [1]
    with pytest.raises(FieldRefused, match="becomes agreed, declined, withdrawn, not 'scheduled'"):
        move(actor=owner, request_id=request.pk, status="scheduled", scheduled_for=TODAY)
    move(actor=owner, request_id=request.pk, status="agreed")
    with pytest.raises(FieldRefused, match="for which day"):
        move(actor=owner, request_id=request.pk, status="scheduled")
    move(actor=owner, request_id=request.pk, status="scheduled", scheduled_for=TODAY)
    made = finish(actor=owner, request_id=request.pk, said=Said(TODAY, "Call", deal="Brix", amount=50_000))
    assert (made.request_id, made.person) == (request.pk, contacts.dana)
    assert [one.status for one in request.steps.all()] == ["open", "asked", "agreed", "scheduled", "done"]
    assert Notice.objects.filter(user=people.manager, kind="advocacy").count() == 4
    assert requests(None)["status"].to_pylist() == ["asked", "agreed", "scheduled", "done"]
    with pytest.raises(FieldRefused, match="cannot be done"):
        finish(actor=owner, request_id=request.pk, said=Said(TODAY, "Again"))
    assert records(["acme"])["open_requests"].to_pylist() == [None]


def test_limits_are_kept_and_passed_with_a_reason_that_is_kept(people: People, contacts: Contacts) -> None:
    actor = Person(people.owner)
    asked = ask(actor=actor, wanted=Wanted("case_study"), account_id="acme", person=contacts.dana.pk)
    with pytest.raises(LimitReached) as refused:
        ask(actor=actor, wanted=Wanted("case_study"), account_id="acme", person=contacts.dana.pk)
    assert "one case study in" in str(refused.value)
    assert "the limit for a person is 1" in str(refused.value)
    assert any("left in peace until" in one for one in refused.value.reasons)
    with pytest.raises(LimitReached, match="the limit for an account is 1"):
        ask(actor=actor, wanted=Wanted("case_study"), account_id="acme", person=contacts.eli.pk)
    beyond = ask(
        actor=actor, wanted=Wanted("case_study"), account_id="acme", person=contacts.eli.pk, override="They offered it"
    )
    assert beyond.override == "They offered it"
    assert "Beyond the limit" in beyond.steps.get().note
    move(actor=actor, request_id=asked.pk, status="declined")
    move(actor=actor, request_id=beyond.pk, status="withdrawn")
    again = ask(actor=actor, wanted=Wanted("case_study"), account_id="acme", person=contacts.dana.pk, override="x")
    assert again.override == ""  # nothing stood against it


def test_who_declined_rests_or_is_willing_to_less_is_not_asked(people: People, contacts: Contacts) -> None:
    actor = Person(people.owner)
    dana = make_advocate(actor=actor, account_id="acme", person=contacts.dana.pk, profile=Profile(willing=["review"]))
    with pytest.raises(LimitReached, match="is willing to do review alone"):
        ask(actor=actor, wanted=Wanted("webinar"), account_id="acme", person=contacts.dana.pk)
    set_status(actor=actor, advocate_id=dana.pk, status="resting", until=TODAY + timedelta(days=9))
    with pytest.raises(LimitReached, match="rests until"):
        ask(actor=actor, wanted=Wanted("review"), account_id="acme", person=contacts.dana.pk)
    set_status(actor=actor, advocate_id=dana.pk, status="declined")
    with pytest.raises(LimitReached, match="does not want to be asked"):
        ask(actor=actor, wanted=Wanted("review"), account_id="acme", person=contacts.dana.pk)
    change_advocate(actor=actor, advocate_id=dana.pk, profile=Profile(at_most=1, topics=["SSO", "SSO", " "]))
    assert Advocate.objects.get().topics == ["SSO"]
    ask(actor=actor, wanted=Wanted("review"), account_id="acme", person=contacts.dana.pk)
    with pytest.raises(LimitReached, match="they wish for 1 at most"):
        ask(actor=actor, wanted=Wanted("webinar"), account_id="acme", person=contacts.dana.pk)


def test_nobody_is_an_advocate_twice_or_since_tomorrow(people: People, contacts: Contacts) -> None:
    actor = Person(people.owner)
    make_advocate(actor=actor, account_id="acme")
    with pytest.raises(FieldRefused, match="Acme Inc is an advocate already"):
        make_advocate(actor=actor, account_id="acme")
    make_advocate(actor=actor, account_id="acme", person=contacts.eli.pk)
    for profile, field in (
        (Profile(since=TODAY + timedelta(days=1)), "since"),
        (Profile(willing=["dance"]), "willing"),
        (Profile(at_most=0), "at_most"),
        (Profile(topics=["x" * 61]), "topics"),
        (Profile(resting_until=TODAY), "resting_until"),
    ):
        with pytest.raises(FieldRefused) as refused:
            make_advocate(actor=actor, account_id="acme", person=contacts.dana.pk, profile=profile)
        assert refused.value.field == field


def test_erasing_a_person_leaves_what_is_counted(people: People, contacts: Contacts) -> None:
    actor, key = System("test"), contacts.dana.pk
    make_advocate(actor=actor, account_id="acme", person=key, profile=Profile(note="Dana likes tea"))
    log(actor=actor, kind="review", account_id="acme", person=key, said=Said(YESTERDAY, "Dana's review", "By Dana"))
    ask(actor=actor, wanted=Wanted("webinar", wanted="Dana or the like"), account_id="acme", person=key)
    erase_person(actor=actor, key=key)
    assert not Advocate.objects.exists()
    assert activities(None, current_project()).num_rows == 1
    kept = [str(list(model.objects.values())) for model in (Activity, Request, TimelineEntry)]
    assert "Dana" not in "".join(kept)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_do_not_pass_a_limit(people: People, contacts: Contacts) -> None:
    ready, found = Barrier(2), []

    def try_it() -> None:
        try:
            ready.wait(10)
            ask(actor=System("test"), wanted=Wanted("advisory_board"), account_id="acme", person=contacts.dana.pk)
            found.append("asked")
        except LimitReached:
            found.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=try_it) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(found) == ["asked", "refused"]
    assert Request.objects.count() == 1
