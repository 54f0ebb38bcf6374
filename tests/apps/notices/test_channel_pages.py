"""Channels in the browser and over the API: admins make them, managers see them, others do not."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission, Reach
from keepwell.apps.access.tokens import new_token
from keepwell.apps.audit.models import Change
from keepwell.apps.notices.channels import operations
from keepwell.apps.notices.channels.delivering import deliver_what_is_due
from keepwell.apps.notices.channels.secrets import secrets_of
from keepwell.apps.notices.models import Channel, Delivery
from keepwell.apps.notices.operations import Alert, alert
from keepwell.errors import FieldRefused
from tests.apps.conftest import People
from tests.apps.notices.conftest import ACTOR, slack, webhook
from tests.apps.notices.hooks import Target

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


def api(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {new_token(user, 'all', list(Permission), None)[1]}"}


def dead(address: str, account_id: str = "") -> Delivery:
    channel = webhook(address)
    alert(Alert("one", "rule", "Acme turned red", account_id=account_id, account="Acme"), channels=["hook"])
    Delivery.objects.update(status="dead", error="it answered 500", ended_at=timezone.now(), attempts=10)
    return channel.deliveries.get()


@pytest.mark.slow
def test_an_admin_adds_a_webhook_and_sees_its_secret_once(as_admin: Client, place: Target) -> None:
    said = {"kind": "webhook", "name": "crm", "address": f"{place.address}/hook?token=very-secret"}
    answer = as_admin.post("/configure/channels/", said)
    (secret,) = set(SECRET.findall(answer.content.decode()))
    channel = Channel.objects.get()
    assert secrets_of(channel).signing == secret
    assert secret not in channel.secrets
    for page in ("/configure/channels/", "/configure/channels/crm/"):
        shown = as_admin.get(page).content.decode()
        assert secret not in shown
        assert "very-secret" not in shown
    assert "very-secret" not in str(list(Change.objects.values()))


@pytest.mark.slow
def test_a_channel_is_tried_out_from_its_page(as_admin: Client, place: Target) -> None:
    slack(f"{place.address}/services/T/B/x")
    as_admin.post("/configure/channels/cs-alerts/try/")
    assert "Keepwell reaches this channel" in as_admin.get("/configure/channels/cs-alerts/").content.decode()
    assert deliver_what_is_due() == {"sent": 1}
    assert "Ari tried out" in place.got[0].body["blocks"][1]["text"]["text"]


@pytest.mark.slow
@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://169.254.169.254/latest", "private network"),
        ("https://10.0.0.7/hook", "private network"),
        ("https://[::1]/hook", "private network"),
        ("http://93.184.216.34/hook", "not encrypted"),
        ("https://me:word@93.184.216.34/hook", "leave out the name"),
        ("ftp://93.184.216.34/", "no address"),
        ("https://[::/", "no address"),
        ("hooks.slack.com", "no address"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_in_the_form(as_admin: Client, address: str, words: str) -> None:
    answer = as_admin.post("/configure/channels/", {"kind": "webhook", "name": "crm", "address": address})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Channel.objects.exists()


@pytest.mark.parametrize("name", ["in_app", "email", "Über", "a b", "", "x" * 61])
def test_names_are_words_that_rules_can_say(people: People, name: str) -> None:
    with pytest.raises(FieldRefused, match="is no name"):
        operations.make_channel(actor=ACTOR, name=name, kind="slack", address="https://93.184.216.34/x")


@pytest.mark.parametrize("secret", ["short", "whsec_", "whsec_!!!", "whsec_YWJj"])
def test_a_secret_of_the_other_side_is_one_of_the_standard(people: People, place: Target, secret: str) -> None:
    with pytest.raises(FieldRefused, match="begins with whsec_"):
        webhook(f"{place.address}/hook", secret=secret)
    given = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert secrets_of(webhook(f"{place.address}/hook", secret=given)).signing == given


@pytest.mark.slow
def test_dead_letters_are_inspected_sent_again_and_dropped(as_admin: Client, place: Target) -> None:
    one = dead(f"{place.address}/hook")
    page = as_admin.get(f"/configure/deliveries/{one.pk}/").content.decode()
    assert "Acme turned red" in page
    assert one.message_id in page
    assert "it answered 500" in as_admin.get("/configure/channels/hook/?status=dead").content.decode()
    as_admin.post(f"/configure/deliveries/{one.pk}/replay/")
    assert deliver_what_is_due() == {"sent": 1}
    Delivery.objects.update(status="dead")
    as_admin.post("/configure/channels/hook/replay/")
    assert deliver_what_is_due() == {"sent": 1}
    Delivery.objects.update(status="dead")
    as_admin.post("/configure/channels/hook/drop/")
    assert not Delivery.objects.exists()


@pytest.mark.slow
def test_an_admin_who_may_not_see_an_account_reads_nothing_of_it(
    people: People, accounts: object, as_admin: Client, place: Target
) -> None:
    one = dead(f"{place.address}/hook", "acme")
    User.objects.filter(pk=people.admin.pk).update(reach=Reach.OWN)
    assert as_admin.get(f"/configure/deliveries/{one.pk}/").status_code == 404
    assert "Acme" not in as_admin.get("/configure/channels/hook/").content.decode()
    people.admin.refresh_from_db()
    listed = Client().get("/api/v1/deliveries", headers=api(people.admin)).json()["items"]
    assert "Acme" not in str(listed)


@pytest.mark.slow
def test_managers_look_and_change_nothing_and_csms_do_not_look(
    as_manager: Client, as_owner: Client, as_stranger: Client, place: Target
) -> None:
    webhook(f"{place.address}/hook")
    assert as_manager.get("/configure/channels/hook/").status_code == 200
    for path in ("", "hook/", "hook/secret/", "hook/try/", "hook/remove/", "hook/replay/", "hook/drop/"):
        assert as_manager.post(f"/configure/channels/{path}", {"address": ""}).status_code == 403
        assert as_owner.post(f"/configure/channels/{path}").status_code == 403
        assert as_stranger.post(f"/configure/channels/{path}").status_code == 403
    assert as_owner.get("/configure/channels/").status_code == 403


@pytest.mark.slow
def test_the_api_does_all_of_it(people: People, place: Target) -> None:
    admin, client = api(people.admin), Client()

    def post(path: str, said: dict[str, object] | None = None, method: str = "post") -> object:
        answer = getattr(client, method)(f"/api/v1{path}", said or {}, content_type="application/json", headers=admin)
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    made = post("/channels", {"name": "crm", "kind": "webhook", "address": f"{place.address}/hook"})
    assert made["secret"].startswith("whsec_")  # type: ignore[index]
    assert post("/channels/crm/secret")["secret"] != made["secret"]  # type: ignore[index]
    assert "secret" not in client.get("/api/v1/channels/crm", headers=admin).json()
    tried = post("/channels/crm/try")
    assert deliver_what_is_due() == {"sent": 1}
    whole = client.get(f"/api/v1/deliveries/{tried['id']}", headers=admin).json()  # type: ignore[index]
    assert (whole["status"], whole["code"], whole["response"]) == ("sent", 200, "ok")
    Delivery.objects.update(status="dead")
    assert post("/channels/crm/replay") == {"changed": 1}
    post("/channels/crm", {"active": False}, "patch")
    refused = client.post("/api/v1/channels/crm/try", headers=admin, content_type="application/json")
    assert (refused.status_code, "switched off" in refused.json()["detail"]) == (422, True)
    post("/channels/crm", method="delete")
    assert client.get("/api/v1/channels", headers=admin).json() == []


def test_calls_go_where_the_environment_allows(people: People) -> None:
    assert settings.ENVIRONMENT.outgoing == ()
    with pytest.raises(FieldRefused, match="KEEPWELL_OUTGOING"):
        operations.make_channel(actor=Person(people.admin), name="a", kind="slack", address="http://127.0.0.1:9/x")
