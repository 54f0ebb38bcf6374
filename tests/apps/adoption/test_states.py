"""What pages say where there is nothing to count, or something is wrong with what they read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health.place import lake
from keepwell.lake.place import FACTS
from tests.apps.adoption.conftest import event, write_events
from tests.apps.scored import TODAY

HTMX = {"HX-Request": "true"}
PAGES = ("", "accounts/", "features/", "retention/", "funnels/", "paths/")


def inside(client: Client, path: str, status: int = 200, **query: object) -> str:
    answer = client.get(f"/usage/{path}", query, headers=HTMX)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode().replace("&#x27;", "'")


def replaced(old: str, new: str) -> None:
    version = current_version()
    assert version is not None
    assert old in version.files["live.yaml"]
    files = {**version.files, "live.yaml": version.files["live.yaml"].replace(old, new)}
    publish(actor=System("tests"), files=files, note="Other datasets")


@pytest.mark.slow
def test_an_account_that_nobody_uses(used: Account, as_owner: Client) -> None:
    name = Account.objects.get(pk="cato").name
    for path in ("", "retention/", "paths/"):
        assert f"Nobody at {name} used anything" in inside(as_owner, path, account="cato")
    assert "0 of 1 account used it" in inside(as_owner, "accounts/", account="cato")
    assert "Nobody of these accounts used a feature of the map within 28 days: Boards, Exports." in inside(
        as_owner, "features/", account="cato"
    )
    panel = as_owner.get("/customers/cato/panels/usage/", headers=HTMX).content.decode()
    assert f"Nobody at {name} did anything that was recorded" in panel
    adoption = as_owner.get("/customers/cato/panels/adoption/", headers=HTMX).content.decode()
    assert "0 of 2 features used" in adoption
    assert "No tickets are known of" in as_owner.get("/customers/cato/panels/tickets/").content.decode()


@pytest.mark.slow
def test_events_that_name_no_account_are_told_to_who_sees_all(
    used: Account, as_owner: Client, as_stranger: Client, as_manager: Client
) -> None:
    write_events(
        [{**event("nobody", "", "signed_in", 1), "account_id": None, "message_id": f"n{one}"} for one in (1, 2)]
    )
    assert "2 of 35 events of the last 28 days name no account" in inside(as_manager, "")
    assert "name no account" not in inside(as_owner, "")
    assert "name no account" not in inside(as_stranger, "")
    assert "name no account" not in inside(as_manager, "", segment="large")
    assert "<dt>Monthly active users</dt><dd>4 " in inside(as_manager, "")  # the one without an account counts nowhere


@pytest.mark.slow
def test_a_feature_and_an_event_that_are_not_there(used: Account, as_owner: Client) -> None:
    page = inside(as_owner, "funnels/", step=["feature:nope", "event:board_opened"])
    assert "No feature is called 'nope', and nobody of these accounts used one." in page
    assert "Nobody took these steps" in page
    assert "Nobody of these accounts did 'secret_event' in the last 90 days." in inside(
        as_owner, "funnels/", step="event:secret_event"
    )  # somebody else's, and it looks like one that is not there
    assert "'board_opened' is no step: write event:NAME or feature:NAME." in inside(
        as_owner, "funnels/", step="board_opened"
    )
    assert "Nobody of these accounts did 'nope' in the last 28 days." in inside(as_owner, "paths/", event="nope")


@pytest.mark.slow
def test_a_dataset_whose_file_is_not_there(used: Account, as_owner: Client) -> None:
    replaced("table: keepwell.usage_daily", "file: usage.csv")
    replaced("table: keepwell.events", "file: events.csv")
    for path in PAGES:
        page = inside(as_owner, path, status=422)
        assert "This could not be counted" in page
        assert "events.csv" in page
    panel = as_owner.get("/customers/acme/panels/usage/", headers=HTMX)
    assert panel.status_code == 422
    assert "This could not be counted" in panel.content.decode()


@pytest.mark.slow
def test_a_dataset_that_lost_a_column(used: Account, as_owner: Client) -> None:
    replaced("table: keepwell.usage_daily", "table: keepwell.nothing_yet")
    replaced("table: keepwell.events", "table: keepwell.usage_daily")
    page = inside(as_owner, "", status=422)
    assert "Dataset 'events' has no column 'occurred_at'" in page
    assert "change the definition, or load what it names" in page


@pytest.mark.slow
def test_a_lake_that_no_event_has_come_into(used: Account, as_owner: Client) -> None:
    import shutil

    for name in ("keepwell.events", "keepwell.usage_daily"):
        shutil.rmtree(Path(lake().table(FACTS + name).path))
    for path in ("", "retention/", "paths/"):
        assert "No use in this time" in inside(as_owner, path)
    assert "How many get from one step to the next?" in inside(as_owner, "funnels/")
    assert "0 of 5 accounts used it" in inside(as_owner, "accounts/")


@pytest.mark.slow
def test_accounts_found_through_another_dataset_count(
    used: Account, as_owner: Client, as_stranger: Client, data_dir: Path
) -> None:
    files = data_dir / "files"
    files.mkdir(parents=True, exist_ok=True)
    day = TODAY - timedelta(days=1)
    (files / "users.csv").write_text("user,org\nu1,acme\nu2,acme\nu3,zeta\n")
    (files / "clicks.csv").write_text("who,what,at\n" + "".join(f"u{one},opened,{day}\n" for one in (1, 2, 3, 9)))
    version = current_version()
    assert version is not None
    live = """\
datasets:
  users: {file: users.csv, key: user, account: org}
  clicks: {file: clicks.csv, account: {via: users, on: who}, person: who, event: what, occurred_at: at}
"""
    publish(actor=System("tests"), files={**version.files, "live.yaml": live}, note="Through another dataset")
    assert "<dt>Monthly active users</dt><dd>2 " in inside(as_owner, "")
    assert "<dt>Monthly active users</dt><dd>1 " in inside(as_stranger, "")


@pytest.mark.slow
def test_another_definition_is_counted_anew(used: Account, as_owner: Client) -> None:
    assert "<dt>Monthly active users</dt><dd>3 " in inside(as_owner, "")
    replaced("person: person", "person: event")
    assert "<dt>Monthly active users</dt><dd>4 " in inside(as_owner, "")


@pytest.mark.slow
def test_a_segment_that_is_not_there_is_refused_beside_its_field(used: Account, as_owner: Client) -> None:
    answer = as_owner.get("/usage/?segment=nope")
    assert answer.status_code == 422
    assert "There is no segment" in answer.content.decode()
    assert "choose large" in answer.content.decode()
