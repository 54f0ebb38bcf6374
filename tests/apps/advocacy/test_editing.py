"""Kinds of activity and rules for candidates are tuned in a form, and count once they are published."""

from __future__ import annotations

import pytest
from django.test import Client

from keepwell.apps.access.actors import System
from keepwell.apps.advocacy.kinds import every_kind
from keepwell.apps.advocacy.ledgers import activities
from keepwell.apps.advocacy.operations.activities import Said, log
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.operations import publish_draft
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_project
from keepwell.definitions.advocacy import candidates_of
from tests.apps.advocacy.conftest import Contacts
from tests.apps.advocacy.test_operations import YESTERDAY
from tests.apps.conftest import People

pytestmark = pytest.mark.slow


def test_only_those_who_configure_see_it(as_owner: Client, as_manager: Client, contacts: Contacts) -> None:
    for page in ("/configure/advocacy/", "/configure/candidates/"):
        assert as_owner.get(page).status_code == 403
        assert as_manager.get(page).status_code == 200
    shown = as_manager.get("/configure/advocacy/").content.decode()
    assert "10 points on its day, half of them left after 180 days" in shown


def test_a_kind_that_comes_with_keepwell_is_changed_and_counts_when_published(
    as_manager: Client, people: People, contacts: Contacts
) -> None:
    log(actor=System("test"), kind="review", account_id="acme", said=Said(YESTERDAY, "Review"))
    begun = as_manager.post("/configure/advocacy/", {"do": "add", "title": "Review"})
    assert begun.status_code == 302
    draft = Draft.objects.get()
    page = begun["Location"]
    assert page.endswith("/review/")
    assert 'value="10"' in as_manager.get(page).content.decode()
    typed = {"revision": draft.revision, "points": "44", "limits/per_person": "5", "impact/per": ""}
    assert as_manager.post(f"{page}save/", typed).status_code == 200
    draft.refresh_from_db()
    written = project_of(draft.files).advocacy_activities["review"]
    assert (written.points, written.limits.per_person, written.fields) == (44, 5, ("link", "review"))
    assert activities(None, current_project())["points"].to_pylist() == [10]
    publish_draft(actor=System("test"), draft=draft, note="Reviews count more")
    assert every_kind()["review"].about.points == 44
    assert activities(None, current_project())["points"].to_pylist() == [44]


def test_what_is_wrong_stands_beside_its_field(as_manager: Client, contacts: Contacts) -> None:
    page = as_manager.post("/configure/advocacy/", {"do": "add", "title": "Plant tour"})["Location"]
    revision = Draft.objects.get().revision
    shown = as_manager.post(f"{page}save/", {"revision": revision, "half_life": "soon"}).content.decode()
    assert "is not a duration" in shown
    assert as_manager.post("/configure/advocacy/", {"do": "dance"}).status_code == 422


def test_a_rule_for_candidates_is_written_in_a_form(as_manager: Client, contacts: Contacts) -> None:
    page = as_manager.post("/configure/candidates/", {"do": "add", "title": "Large sponsors"})["Location"]
    draft = Draft.objects.get()
    typed = {
        "revision": draft.revision,
        "accounts": "in_segment('large')",
        "people": "is_sponsor",
        "suggests": "review",
    }
    shown = as_manager.post(f"{page}save/", typed).content.decode()
    assert "People for whom" in shown
    draft.refresh_from_db()
    publish_draft(actor=System("test"), draft=draft, note="Look")
    assert candidates_of(current_project())["large_sponsors"].suggests == ("review",)
    assert "Dana" in as_manager.get("/advocacy/candidates/").content.decode()
