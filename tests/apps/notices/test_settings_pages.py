"""How one wants to be told, in the browser and over the API; everybody their own."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client

from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission, Reach
from keepwell.apps.access.tokens import new_token
from keepwell.apps.notices.models import AlertSettings, Notice
from keepwell.apps.notices.operations import Alert, ScoreNow, alert
from tests.apps.conftest import People

FORM = {
    "way_rule": "asked", "way_band_change": "email", "way_call": "in_app", "way_response": "in_app",
    "way_mention": "off", "way_owner": "in_app", "way_stale_score": "in_app", "way_connectors": "in_app",
    "way_customer_page": "in_app", "way_dashboard": "in_app", "way_other": "in_app",
    "digest": "daily", "digest_at": "08:30", "digest_weekday": "0", "quiet_from": "22:00",
    "quiet_until": "07:00", "quiet_weekends": "on", "time_zone": "America/New_York",
}  # fmt: skip

pytestmark = pytest.mark.slow


def test_what_is_chosen_is_kept_for_oneself_alone(people: People, as_owner: Client, as_colleague: Client) -> None:
    User.objects.filter(pk=people.owner.pk).update(preferences={"calendar": {"zone": "UTC", "holidays": "US"}})
    assert as_owner.post("/me/alerts/", FORM).status_code == 302
    kept = AlertSettings.objects.get()
    assert (kept.user, kept.ways) == (people.owner, {"band_change": "email", "mention": "off"})
    assert (kept.digest_at, kept.quiet_from) == (time(8, 30), time(22))
    people.owner.refresh_from_db()
    assert people.owner.preferences["calendar"] == {"zone": "America/New_York", "holidays": "US"}
    assert "(America/New_York)" in as_owner.get("/me/alerts/").content.decode()
    assert "goes out at once" in as_colleague.get("/me/alerts/").content.decode()


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(as_owner: Client, people: People) -> None:
    answer = as_owner.post("/me/alerts/", {**FORM, "digest_at": "06:15"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "06:15 lies in your quiet hours" in page
    assert 'value="06:15"' in page
    assert not AlertSettings.objects.exists()


def test_only_admins_choose_for_failures(as_owner: Client, as_admin: Client, as_stranger: Client) -> None:
    assert "Mail and webhooks" in as_admin.get("/me/alerts/").content.decode()
    for client in (as_owner, as_stranger):
        assert "Mail and webhooks" not in client.get("/me/alerts/").content.decode()


def test_the_api_tells_and_takes_the_same(people: People) -> None:
    headers = {"Authorization": f"Bearer {new_token(people.owner, 'x', [Permission.VIEW], None)[1]}"}
    client = Client()
    wanted = {"ways": {"mention": "off"}, "digest": "weekly", "digest_weekday": 4, "time_zone": "Europe/Berlin"}
    answer = client.put("/api/v1/me/alerts", wanted, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    found = client.get("/api/v1/me/alerts", headers=headers).json()
    assert {name: found[name] for name in wanted} == wanted
    assert {one["name"]: one["way"] for one in found["kinds"]}["mention"] == "off"
    refused = client.put("/api/v1/me/alerts", {"quiet_from": "22:00"}, content_type="application/json", headers=headers)
    assert (refused.status_code, "give both" in str(refused.json())) == (422, True)


def test_notices_are_filtered_followed_and_say_the_score(people: People, accounts: object, as_owner: Client) -> None:
    score = ScoreNow(38.0, "red", "bad", -14.2, "yellow", "logins fell by half")
    told = Alert("red", "rule", "Acme turned red", "Call\nthem", "/customers/acme/", "acme", "Acme", score)
    alert(told, people=[people.owner])
    alert(Alert("hi", "mention", "Bea mentioned you"), people=[people.owner])
    page = as_owner.get("/notices/").content.decode()
    assert "Acme: Score 38 (red, was yellow), −14.2 in a week. logins fell by half" in page
    assert "Bea" not in as_owner.get("/notices/?kind=rule").content.decode().split("<main")[1]
    one = Notice.objects.get(key="red")
    assert as_owner.post(f"/notices/{one.pk}/read/", {"follow": "1"})["Location"] == "/customers/acme/"
    assert "Acme" not in as_owner.get("/notices/?unread=1").content.decode().split("<main")[1]
    away = as_owner.post(f"/notices/{one.pk}/read/", {"back": "//evil.example/notices/"})
    assert away["Location"] == "/notices/"


def test_of_an_account_that_one_does_not_see_any_more_nothing_is_shown(
    people: People, accounts: object, as_colleague: Client
) -> None:
    alert(
        Alert("red", "rule", "Acme turned red", link="/customers/acme/", account_id="acme"), people=[people.colleague]
    )
    User.objects.filter(pk=people.colleague.pk).update(reach=Reach.OWN)
    page = as_colleague.get("/notices/").content.decode()
    assert "Acme" not in page
    assert "do not see any more" in page
    people.colleague.refresh_from_db()
    token = new_token(people.colleague, "x", [Permission.VIEW], None)[1]
    listed = Client().get("/api/v1/notices", headers={"Authorization": f"Bearer {token}"}).json()["items"]
    assert (listed[0]["text"], listed[0]["link"]) == ("About an account that you do not see any more", "")
