"""Messages to channels, over real connections to targets that do what targets do."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from keepwell.apps.notices.alerting import Alert, ScoreNow, alert
from keepwell.apps.notices.channels.dead_letters import drop, drop_all, replay, replay_all
from keepwell.apps.notices.channels.delivering import deliver_what_is_due
from keepwell.apps.notices.channels.operations import rotate_secret
from keepwell.apps.notices.channels.outcome import TRIES, pause_after
from keepwell.apps.notices.channels.secrets import BOTH_WORK, secrets_of
from keepwell.apps.notices.models import Channel, Delivery, DeliveryStatus, Notice
from keepwell.errors import RequestRefused
from tests.apps.conftest import People
from tests.apps.killing import Killed, is_cut, killed_at
from tests.apps.notices.certificates import certificate
from tests.apps.notices.conftest import ACTOR, slack, webhook
from tests.apps.notices.hooks import Target, breaks_off, closes_early, drips, hangs, raw, target

RED = Alert(
    key="red", kind="rule", title="Acme turned <red>", text="Call them & ask", link="/customers/acme/",
    account_id="acme", account="Acme", score=ScoreNow(38.0, "red", "bad", -14.2, "yellow", "logins fell by half"),
)  # fmt: skip


def said(key: str, *channels: str) -> None:
    alert(Alert(key=key, kind="rule", title=f"Alert {key}"), channels=channels)


def overdue() -> None:
    """Every wait is over."""
    Delivery.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    Channel.objects.update(rests_until=None)


def only() -> Delivery:
    return Delivery.objects.get()


def test_slack_gets_text_and_blocks_and_what_is_written_stays_text(people: People, place: Target) -> None:
    slack(f"{place.address}/services/T0/B0/secret")
    alert(RED, channels=["cs-alerts"])
    assert deliver_what_is_due() == {"sent": 1}
    (got,) = place.got
    assert got.body["text"] == "Acme turned &lt;red&gt; · Score 38 (red, was yellow), −14.2 in a week"
    title, text, context = got.body["blocks"]
    assert title["text"]["text"] == "*<http://localhost:8000/customers/acme/|Acme turned &lt;red&gt;>*"
    assert text["text"] == {"type": "mrkdwn", "text": "Call them &amp; ask"}
    assert "logins fell by half" in context["elements"][0]["text"]
    assert "webhook-signature" not in got.headers


def test_a_webhook_is_an_event_that_the_other_side_can_verify(people: People, place: Target) -> None:
    channel = webhook(f"{place.address}/hook")
    alert(RED, channels=["hook"])
    assert deliver_what_is_due() == {"sent": 1}
    (got,) = place.got
    assert got.body["type"] == "alert.rule"
    assert got.body["data"]["account"] == {
        "id": "acme", "name": "Acme", "link": "http://localhost:8000/customers/acme/", "score": 38.0, "label": "red",
        "tone": "bad", "change": -14.2, "before": "yellow", "why": "logins fell by half",
    }  # fmt: skip
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 5
    assert got.headers["webhook-signature"] == expected(got, secrets_of(channel).signing)
    assert got.headers["webhook-id"] == only().message_id


def expected(got: Any, secret: str) -> str:
    """By another road than ours: the words of the standard."""
    key = base64.b64decode(secret.split("_")[1])
    content = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.{got.raw.decode()}"
    return "v1," + base64.b64encode(hmac.new(key, content.encode(), hashlib.sha256).digest()).decode()


def test_the_old_secret_works_for_a_day(people: People, place: Target) -> None:
    channel = webhook(f"{place.address}/hook")
    old = secrets_of(channel).signing
    new = rotate_secret(actor=ACTOR, channel=channel)
    said("one", "hook")
    deliver_what_is_due()
    first, second = place.got[0].headers["webhook-signature"].split()
    assert (first, second) == (expected(place.got[0], new), expected(place.got[0], old))
    Channel.objects.update(rotated_at=timezone.now() - BOTH_WORK)
    said("two", "hook")
    deliver_what_is_due()
    assert place.got[1].headers["webhook-signature"] == expected(place.got[1], new)


def test_the_same_is_enqueued_once_and_only_with_what_it_tells_of(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    with transaction.atomic():
        said("undone", "hook")
        transaction.set_rollback(True)
    said("one", "hook")
    said("one", "hook")
    assert deliver_what_is_due() == {"sent": 1}
    said("one", "hook")
    assert deliver_what_is_due() == {}
    assert len(place.got) == 1


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (500, {}, "it answered 500"),
        (302, {"Location": "http://10.0.0.1/latest"}, "redirects are not followed"),
        (404, {}, "it answered 404"),
    ],
)
def test_what_is_not_taken_is_tried_again_with_the_same_id(
    people: People, place: Target, status: int, headers: dict[str, str], words: str
) -> None:
    webhook(f"{place.address}/hook")
    place.answers["/hook"] = [(status, headers), (200, {})]
    said("one", "hook")
    assert deliver_what_is_due() == {"waiting": 1}
    assert words in only().error
    assert (only().code, only().response, only().attempts) == (status, "ok", 1)
    assert dt.timedelta(seconds=20) < only().due_at - timezone.now() < dt.timedelta(seconds=40)
    assert deliver_what_is_due() == {}
    overdue()
    assert deliver_what_is_due() == {"sent": 1}
    assert place.ids() == [only().message_id] * 2
    assert (only().error, only().code) == ("", 200)


def test_who_asks_to_wait_is_left_alone_with_everything(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    place.answers["/hook"] = [(429, {"Retry-After": "600"}), (200, {})]
    said("one", "hook")
    assert deliver_what_is_due() == {"waiting": 1}
    assert dt.timedelta(seconds=595) < only().due_at - timezone.now() < dt.timedelta(seconds=601)
    said("two", "hook")
    assert deliver_what_is_due() == {}
    Channel.objects.update(rests_until=timezone.now())
    assert deliver_what_is_due() == {"sent": 1}


@pytest.mark.parametrize("wait", ["-5", "soon", "1e400", "99999999999999999999", "Thu, 99 Foo 2026"])
def test_a_wait_that_is_none_changes_nothing_and_a_long_one_ends(people: People, place: Target, wait: str) -> None:
    webhook(f"{place.address}/hook")
    place.answers["/hook"] = [(503, {"Retry-After": wait})]
    said("one", "hook")
    assert deliver_what_is_due() == {"waiting": 1}
    assert only().due_at - timezone.now() <= dt.timedelta(days=1)


def test_waits_grow_and_are_spread() -> None:
    waits = [pause_after(attempt) for attempt in range(1, TRIES)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (dt.timedelta(seconds=30), dt.timedelta(hours=6))
    assert dt.timedelta(hours=12) < sum(waits, dt.timedelta()) < dt.timedelta(hours=36)
    assert pause_after(1, luck=0) < pause_after(1) < pause_after(1, luck=1)
    assert pause_after(1, dt.timedelta(hours=1), luck=1) == dt.timedelta(hours=1)


@pytest.mark.slow
@pytest.mark.parametrize(("treat", "words"), [(hangs, "within 0.3 seconds"), (drips, "within 0.3 seconds"),
                                              (closes_early, "broke off")])  # fmt: skip
def test_one_that_hangs_drips_or_closes_is_given_its_time_and_no_more(
    people: People, place: Target, treat: Callable[..., None], words: str
) -> None:
    webhook(f"{place.address}/good", "good")
    with raw(treat) as address:
        webhook(address, "bad")
        for number in range(3):
            said(str(number), "bad", "good")
        began = time.monotonic()
        assert deliver_what_is_due(seconds=0.3) == {"sent": 3, "waiting": 1}
        assert time.monotonic() - began < 2
    tried = Delivery.objects.get(channel__name="bad", attempts=1)
    assert words in tried.error
    assert Channel.objects.get(name="bad").rests_until is not None


@pytest.mark.slow
def test_others_do_not_wait_for_one_that_hangs(people: People, place: Target) -> None:
    webhook(f"{place.address}/good", "good")
    with raw(hangs) as address:
        webhook(address, "bad")
        said("first", "bad")
        for number in range(5):
            said(str(number), "good")
        began = time.monotonic()
        deliver_what_is_due(seconds=1.5)
    assert [got.at - began < 1 for got in place.got] == [True] * 5


def test_an_answer_that_breaks_off_counts_by_its_code(people: People, home: None) -> None:
    with raw(breaks_off) as address:
        webhook(address)
        said("one", "hook")
        assert deliver_what_is_due() == {"sent": 1}


def test_a_certificate_that_is_not_good_may_be_renewed(people: People, home: None, tmp_path: Path) -> None:
    with target(certificate(tmp_path)) as place:
        webhook(f"{place.address}/hook")
        said("one", "hook")
        assert deliver_what_is_due() == {"waiting": 1}
        assert "the certificate is not good" in only().error
        assert only().due_at > timezone.now() + dt.timedelta(seconds=20)
        Delivery.objects.update(attempts=TRIES - 1)
        overdue()
        assert deliver_what_is_due() == {"dead": 1}
    assert place.got == []


def test_long_answers_are_cut_and_show_no_secret(people: People, place: Target) -> None:
    slack(f"{place.address}/services/T0/B0/very-secret")
    place.text = b"no such hook /services/T0/B0/very-secret " + b"x" * 100_000 + b"\x00"
    place.answers["/services/T0/B0/very-secret"] = [(500, {})]
    said("one", "cs-alerts")
    deliver_what_is_due()
    assert len(only().response) <= 1000
    assert only().response.startswith("no such hook /•••")
    assert "very-secret" not in only().response + only().error + Channel.objects.get().place


def test_an_address_that_became_private_is_refused_when_it_is_called(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    said("one", "hook")
    from django.conf import settings

    object.__setattr__(settings.ENVIRONMENT, "outgoing", ())
    assert deliver_what_is_due() == {"dead": 1}
    assert place.got == []
    assert "private network" in only().error


@pytest.mark.slow
def test_after_many_tries_it_is_a_dead_letter_and_admins_hear_of_it_once(people: People, place: Target) -> None:
    channel = webhook(f"{place.address}/hook")
    place.answers["/hook"] = [(500, {})]
    for key in ("one", "two"):
        said(key, "hook")
    for _ in range(TRIES):
        overdue()
        deliver_what_is_due()
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.DEAD}
    assert [one.user for one in Notice.objects.filter(kind="failures")] == [people.admin]
    place.answers.clear()
    assert deliver_what_is_due() == {}
    first = Delivery.objects.order_by("pk")[0]
    replay(actor=ACTOR, delivery_id=first.pk)
    assert deliver_what_is_due() == {"sent": 1}
    assert place.ids()[-1] == first.message_id
    with pytest.raises(RequestRefused, match="was sent"):
        replay(actor=ACTOR, delivery_id=first.pk)
    assert replay_all(actor=ACTOR, channel=channel) == 1
    assert deliver_what_is_due() == {"sent": 1}


def test_dead_letters_are_dropped(people: People, place: Target) -> None:
    channel = webhook(f"{place.address}/hook")
    place.answers["/hook"] = [(410, {})]
    for key in ("one", "two", "three"):
        said(key, "hook")
    assert deliver_what_is_due() == {"dead": 3}
    drop(actor=ACTOR, delivery_id=Delivery.objects.order_by("pk")[0].pk)
    assert drop_all(actor=ACTOR, channel=channel) == 2
    assert not Delivery.objects.exists()


def test_one_that_is_switched_off_waits_and_cannot_be_told_more(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    said("one", "hook")
    Channel.objects.update(active=False)
    assert deliver_what_is_due() == {}
    with pytest.raises(RequestRefused, match="'hook' is switched off"):
        said("two", "hook")
    with pytest.raises(RequestRefused, match="there is no channel 'hok'; there are: hook"):
        said("two", "hok")
    Channel.objects.update(active=True)
    assert deliver_what_is_due() == {"sent": 1}


def is_cut_while_saying(key: str, statement: int) -> bool:
    """In one transaction, as what is told of; nothing of it stays."""
    try:
        with transaction.atomic(), killed_at(statement):
            said(key, "hook")
    except Killed:
        return True
    return False


@pytest.mark.faults
@pytest.mark.slow
def test_a_kill_before_any_statement_enqueues_once_or_not_at_all(people: People, place: Target) -> None:
    webhook(f"{place.address}/hook")
    statement, cut = 0, True
    while cut:
        statement += 1
        key = f"alert {statement}"
        cut = is_cut_while_saying(key, statement)
        assert Delivery.objects.filter(key__endswith=key).count() == (0 if cut else 1)
        said(key, "hook")
        assert Delivery.objects.filter(key__endswith=key).count() == 1
    assert statement > 3


@pytest.mark.faults
@pytest.mark.slow
def test_a_kill_before_any_statement_of_sending_loses_nothing(people: People, place: Target) -> None:
    """At least once, with the same id; a lease ends before it is tried again."""
    webhook(f"{place.address}/hook")
    statement, cut = 0, True
    while cut:
        statement += 1
        key = f"alert {statement}"
        said(key, "hook")
        cut = is_cut(deliver_what_is_due, statement)
        overdue()
        deliver_what_is_due()
        assert Delivery.objects.get(key__endswith=key).status == DeliveryStatus.SENT
    ids = place.ids()
    assert set(ids) == set(Delivery.objects.values_list("message_id", flat=True))
    assert statement > 3
