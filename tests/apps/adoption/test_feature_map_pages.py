"""The feature map in the browser: counts, one-click additions, drafts, versions, and the way into stored events."""

from __future__ import annotations

import pyarrow as pa
import pytest
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.adoption.mapping.backfilling import ask_for_backfill, step
from keepwell.apps.adoption.mapping.changing import change_map, name_for
from keepwell.apps.adoption.models import Backfill
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.queries import current_project, current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.usage.draining.mapping import Mapper
from keepwell.apps.usage.draining.rows import EVENTS as SCHEMA
from keepwell.apps.usage.draining.writing import Tables
from keepwell.errors import InputError
from tests.apps.adoption.conftest import EVENTS, event, write_events
from tests.apps.conftest import People

MAP = "/configure/features/"


def page(client: Client) -> str:
    answer = client.get(MAP)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.slow
def test_the_tree_with_what_each_rule_fits(used: Account, as_admin: Client) -> None:
    found = page(as_admin)
    assert "<strong>Core</strong>" in found
    assert "18 events in 28 days" in found  # of boards
    assert '<code>event board_*</code> <span class="muted">fits 18</span>' in found
    assert "event clicked, button = export" in found
    unmapped = found.split("Events without a feature", 1)[1]
    assert "secret_event" in unmapped
    assert unmapped.index("secret_event") < unmapped.index("signed_in")  # ten times and four times
    assert "board_opened" not in unmapped


@pytest.mark.slow
def test_one_click_makes_a_feature_in_a_draft_of_ones_own(used: Account, as_admin: Client, as_manager: Client) -> None:
    before = current_version()
    answer = as_admin.post(MAP, {"do": "add", "event": "secret_event"}, follow=True)
    found = answer.content.decode()
    assert "Your changes are a draft" in found
    assert "<code>secret_event</code>" in found
    assert "10 events in 28 days" in found
    assert "secret_event" not in found.split("Events without a feature", 1)[1]
    assert current_version() == before
    assert "Your changes are a draft" not in as_admin_free(as_manager)


def as_admin_free(client: Client) -> str:
    answer = client.get(MAP)
    return answer.content.decode()


@pytest.mark.slow
def test_publishing_makes_a_version_and_keeps_comments(used: Account, as_admin: Client) -> None:
    as_admin.post(MAP, {"do": "add", "feature": "boards", "url": "/boards/*"})
    as_admin.post(MAP, {"do": "edit", "feature": "exports", "title": "Exports", "module": "files"})
    refused = as_admin.post(f"{MAP}publish/", {"note": ""})
    assert refused.status_code == 422
    assert "Say in a note" in refused.content.decode()
    as_admin.post(f"{MAP}publish/", {"note": "Pages of boards"})
    project, version = current_project(), current_version()
    assert project is not None
    assert version is not None
    assert version.note == "Pages of boards"
    assert [rule.url or rule.event for rule in project.features["boards"].rules] == ["board_*", "/boards/*"]
    assert (project.features["exports"].title, project.features["exports"].module) == ("Exports", "files")
    assert not Draft.objects.exists()


@pytest.mark.slow
def test_rules_and_features_go(used: Account, as_admin: Client) -> None:
    as_admin.post(MAP, {"do": "remove-rule", "feature": "exports", "rule": "0"})  # its last one
    draft = Draft.objects.get()
    assert "exports" not in draft.files["features.yaml"]
    as_admin.post(MAP, {"do": "remove", "feature": "boards"})
    draft.refresh_from_db()
    assert "features.yaml" not in draft.files
    as_admin.post(f"{MAP}discard/")
    assert not Draft.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"do": "add"}, "say which events belong to it"),
        ({"do": "add", "event": "*"}, "this rule fits every event"),
        ({"do": "add", "event": "x", "property": "plan"}, "a property needs a name and a value"),
        ({"do": "add", "event": "x", "feature": "No Name"}, "No Name"),
        ({"do": "remove", "feature": "nope"}, "there is no feature"),
        ({"do": "dance"}, "is no change of the feature map"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_as_typed(
    used: Account, as_admin: Client, given: dict[str, str], said: str
) -> None:
    answer = as_admin.post(MAP, given)
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().lower().replace("&#x27;", "'")
    assert not Draft.objects.exists() or Draft.objects.get().revision == 1
    if given.get("event"):
        assert f'value="{given["event"]}"' in answer.content.decode()


@pytest.mark.slow
def test_those_who_may_not_configure_see_nothing_of_it(
    used: Account, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    for client in (as_owner, as_colleague, as_stranger):
        assert client.get(MAP).status_code == 403
        assert client.post(MAP, {"do": "add", "event": "x"}).status_code == 403
        for name in ("publish", "discard", "backfill"):
            assert client.post(f"{MAP}{name}/").status_code == 403
        assert client.get(f"{MAP}progress/").status_code == 403


def test_names_of_features_are_made_from_those_of_events() -> None:
    assert name_for("Board Opened", []) == "board_opened"
    assert name_for("boardOpened", ["board_opened"]) == "board_opened_2"
    assert name_for("7 days", []) == "feature_7_days"


@pytest.mark.slow
def test_new_events_follow_the_map_in_force(used: Account, people: People) -> None:
    rows = pa.Table.from_pylist(
        [event("p", "acme", name, 0, feature=None) for name in ("board_new", "other")], schema=SCHEMA
    )
    mapper = Mapper()
    assert mapper(rows)["feature"].to_pylist() == ["boards", None]
    assert mapper(rows).schema == SCHEMA
    from keepwell.apps.configuration.operations import publish_draft

    draft = change_map(actor=Person(people.admin), do="add", given={"event": "other", "feature": "rest"})
    publish_draft(actor=Person(people.admin), draft=draft, note="More")
    assert mapper(rows)["feature"].to_pylist() == ["boards", "rest"]


@pytest.mark.slow
def test_a_backfill_gives_stored_events_their_features_day_by_day(used: Account, people: People) -> None:
    unmapped = [event("new", "acme", "board_closed", back, feature=None) for back in (3, 40)]
    write_events([*unmapped, event("new", "acme", "board_closed", 3, 7, feature=None)])
    tables, asked = Tables(), ask_for_backfill(actor=Person(people.admin))
    assert step(tables)
    asked.refresh_from_db()
    assert (asked.done, asked.ended_at) == (1, None)
    tables = Tables()  # whoever did it is gone; another one goes on
    while step(tables):
        pass
    asked.refresh_from_db()
    assert asked.ended_at is not None
    assert asked.done == asked.total
    assert asked.percent == 100
    stored = tables.events.read(columns=["event", "feature"]).to_pylist()
    assert len(stored) == len(EVENTS) + 3
    assert {row["event"] for row in stored if row["feature"] == "boards"} == {
        "board_opened", "board_shared", "board_closed",
    }  # fmt: skip
    assert {row["feature"] for row in stored if row["event"] == "secret_event"} == {None}  # what no rule fits loses it
    daily = tables.daily.read(columns=["person", "feature", "events", "local_day"]).to_pylist()
    assert sum(row["events"] for row in daily) == len(EVENTS) + 3
    assert sorted(row["events"] for row in daily if row["person"] == "new") == [1, 2]
    assert {row["feature"] for row in daily if row["person"] == "new"} == {"boards"}


@pytest.mark.slow
def test_another_backfill_takes_the_place_of_the_first(used: Account, people: People) -> None:
    first = ask_for_backfill(actor=Person(people.admin))
    second = ask_for_backfill(actor=Person(people.admin))
    first.refresh_from_db()
    assert first.ended_at is not None
    assert Backfill.objects.filter(ended_at=None).get() == second


@pytest.mark.slow
def test_progress_is_shown_until_it_is_done(used: Account, as_admin: Client) -> None:
    as_admin.post(f"{MAP}backfill/")
    assert "waits for the drain to begin" in as_admin.get(f"{MAP}progress/").content.decode()
    tables = Tables()
    step(tables)
    assert "1 of 20 days" in as_admin.get(f"{MAP}progress/").content.decode()
    while step(tables):
        pass
    assert "Stored events follow version" in as_admin.get(f"{MAP}progress/").content.decode()


@pytest.mark.slow
def test_refusals_are_errors_of_input(used: Account, people: People) -> None:
    with pytest.raises(InputError):
        change_map(actor=Person(people.admin), do="remove-rule", given={"feature": "boards", "rule": "7"})
