"""Drafts, versions and YAML in pages: who may, what is published, what comes out as it went in."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.apps.access.actors import Person, System
from keepwell.apps.audit.models import Change
from keepwell.apps.configuration.models import Draft, Version
from keepwell.apps.configuration.operations import publish, start_draft
from keepwell.apps.configuration.queries import current_version
from tests.apps.conftest import People
from tests.apps.scored import FILES

HEAVY = {**FILES, "card.yaml": FILES["card.yaml"].replace("weight: 70", "weight: 50")}


@pytest.fixture
def first(db: None) -> Version:
    return publish(actor=System("tests"), files=FILES, note="First")


@pytest.fixture
def draft(first: Version, people: People) -> Draft:
    return start_draft(actor=Person(people.manager), name="Lighter")


def save(client: Client, draft: Draft, path: str, text: str, revision: int, status: int = 200) -> str:
    answer = client.post(f"/configure/drafts/{draft.pk}/files/{path}/", {"text": text, "revision": revision})
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.slow
def test_a_csm_may_not_whether_owner_colleague_or_stranger(
    draft: Draft, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    pages = ["drafts/", f"drafts/{draft.pk}/", "versions/", "versions/1/", "versions/1/download/", "definitions/",
             f"drafts/{draft.pk}/files/card.yaml/", f"drafts/{draft.pk}/download/"]  # fmt: skip
    for client in (as_owner, as_colleague, as_stranger):
        assert {client.get(f"/configure/{page}").status_code for page in pages} == {403}
        assert client.post(f"/configure/drafts/{draft.pk}/publish/", {"note": "x"}).status_code == 403
        assert client.post("/configure/versions/1/restore/", {"note": "x"}).status_code == 403
    assert Version.objects.count() == 1


@pytest.mark.slow
def test_a_draft_is_started_named_or_not(first: Version, as_manager: Client) -> None:
    assert as_manager.post("/configure/drafts/", {"name": "Mine"}).status_code == 302
    assert as_manager.post("/configure/drafts/", {}).status_code == 302
    assert set(Draft.objects.values_list("name", flat=True)) == {"Mine", "Draft of Mo"}
    again = as_manager.post("/configure/drafts/", {"name": "Mine"})
    assert again.status_code == 422
    assert 'value="Mine"' in again.content.decode()


@pytest.mark.slow
def test_yaml_is_edited_and_the_draft_says_in_words_what_changed(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, "card.yaml", HEAVY["card.yaml"].replace("\n", "\r\n"), 1)
    draft.refresh_from_db()
    assert draft.files == HEAVY
    html = as_manager.get(f"/configure/drafts/{draft.pk}/").content.decode()
    assert "adoption › weight: 70 → 50" in html
    assert "<strong>main</strong>" in html
    assert "        weight: 50" in html


def test_a_metric_that_changes_takes_its_card_with_it(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, "metrics.yaml", FILES["metrics.yaml"].replace("14 days", "7 days"), 1)
    html = as_manager.get(f"/configure/drafts/{draft.pk}/").content.decode()
    assert "active_days</strong>" in html
    assert "rests on a change" in html


@pytest.mark.slow
def test_all_errors_are_listed_and_nothing_is_published(draft: Draft, as_manager: Client) -> None:
    broken = FILES["card.yaml"].replace("weight: 70", "weight: lots").replace("90 days", "soon")
    html = save(as_manager, draft, "card.yaml", broken, 1)
    assert "2 to mend before publishing" in html
    assert "valid_for" in html
    answer = as_manager.post(f"/configure/drafts/{draft.pk}/publish/", {"note": "My note"})
    assert answer.status_code == 422
    assert "My note" in answer.content.decode()
    assert Version.objects.count() == 1


def test_publishing_asks_for_a_note(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, "card.yaml", HEAVY["card.yaml"], 1)
    answer = as_manager.post(f"/configure/drafts/{draft.pk}/publish/", {"note": " "})
    assert answer.status_code == 422
    assert "say in a note" in answer.content.decode()


@pytest.mark.slow
def test_a_draft_is_published_compared_and_restored(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, "card.yaml", HEAVY["card.yaml"], 1)
    answer = as_manager.post(f"/configure/drafts/{draft.pk}/publish/", {"note": "Adoption weighs less"})
    assert answer["Location"] == "/configure/versions/2/"
    assert not Draft.objects.exists()
    html = as_manager.get("/configure/versions/2/?versus=1").content.decode()
    assert "adoption › weight: 70 → 50" in html
    assert "Adoption weighs less" in as_manager.get("/configure/versions/").content.decode()
    assert as_manager.post("/configure/versions/1/restore/", {"note": "  "}).status_code == 422
    assert as_manager.post("/configure/versions/1/restore/", {"note": "It was better"})["Location"].endswith("/3/")
    newest = current_version()
    assert newest is not None
    assert (newest.number, newest.files, newest.note) == (3, FILES, "It was better")
    assert Change.objects.filter(action="published").count() == 3


@pytest.mark.slow
def test_of_two_people_at_one_text_both_stand_or_the_second_sees_the_difference(
    draft: Draft, as_manager: Client, as_admin: Client
) -> None:
    save(as_admin, draft, "card.yaml", HEAVY["card.yaml"], 1)
    save(as_manager, draft, "card.yaml", FILES["card.yaml"].replace("Main card", "Our card"), 1)
    draft.refresh_from_db()
    assert "weight: 50" in draft.files["card.yaml"]
    assert "Our card" in draft.files["card.yaml"]
    html = save(as_manager, draft, "card.yaml", FILES["card.yaml"].replace("weight: 70", "weight: 20"), 1, status=409)
    assert "weight: 20" in html
    assert "changed the same lines" in html
    draft.refresh_from_db()
    assert "weight: 50" in draft.files["card.yaml"]
    save(as_manager, draft, "card.yaml", FILES["card.yaml"].replace("weight: 70", "weight: 20"), draft.revision)
    draft.refresh_from_db()
    assert "weight: 20" in draft.files["card.yaml"]


@pytest.mark.slow
def test_a_draft_takes_in_what_was_published_meanwhile(draft: Draft, as_manager: Client) -> None:
    save(as_manager, draft, "card.yaml", HEAVY["card.yaml"], 1)
    other = {**FILES, "metrics.yaml": FILES["metrics.yaml"].replace("14 days", "7 days")}
    publish(actor=System("tests"), files=other, note="Shorter", base=1)
    html = as_manager.get(f"/configure/drafts/{draft.pk}/").content.decode()
    assert "Version 2 was published meanwhile" in html
    assert as_manager.post(f"/configure/drafts/{draft.pk}/publish/", {"note": "x"}).status_code == 422
    as_manager.post(f"/configure/drafts/{draft.pk}/update/")
    assert as_manager.post(f"/configure/drafts/{draft.pk}/publish/", {"note": "x"}).status_code == 302
    newest = current_version()
    assert newest is not None
    assert newest.files == {**HEAVY, "metrics.yaml": other["metrics.yaml"]}


AWKWARD = {
    "keepwell.yaml": "time_zone: UTC\r\n# ü\r\n",
    "deep/metrics.yaml": "metrics:\n\n  a: {attribute: a}   # kept",
}


def test_files_come_out_as_they_went_in_to_the_byte(draft: Draft, as_manager: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in AWKWARD.items():
            archive.writestr(f"model/{path}", text.encode())
    upload = SimpleUploadedFile("model.zip", packed.getvalue())
    as_manager.post(f"/configure/drafts/{draft.pk}/upload/", {"files": upload, "whole": "on"})
    answer = as_manager.get(f"/configure/drafts/{draft.pk}/download/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {p: t.encode() for p, t in AWKWARD.items()}


def test_single_files_and_pasted_text_are_taken_in(draft: Draft, as_manager: Client) -> None:
    file = SimpleUploadedFile("new.yaml", b"segments:\n  tiny: arr < 10\n")
    data = {"files": file, "pasted": "segments:\n  huge: arr > 10\n", "path": "more/huge.yaml"}
    as_manager.post(f"/configure/drafts/{draft.pk}/upload/", data)
    draft.refresh_from_db()
    assert draft.files["new.yaml"] == "segments:\n  tiny: arr < 10\n"
    assert draft.files["more/huge.yaml"] == "segments:\n  huge: arr > 10\n"


@pytest.mark.parametrize(
    ("name", "content"), [("a.txt", b"x"), ("a.zip", b"no zip"), ("a.yaml", b"\xff\xfe"), ("a.yaml", b"a: \0")]
)
def test_what_is_no_definition_is_refused_in_words(draft: Draft, as_manager: Client, name: str, content: bytes) -> None:
    answer = as_manager.post(
        f"/configure/drafts/{draft.pk}/upload/", {"files": SimpleUploadedFile(name, content)}, follow=True
    )
    assert answer.status_code == 200
    assert 'class="message error"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.files == FILES


@pytest.mark.parametrize("path", ["../out.yaml", "/etc/x.yaml", "x.txt", "a\\b.yaml"])
def test_a_path_stays_within_the_project(draft: Draft, as_manager: Client, path: str) -> None:
    as_manager.post(f"/configure/drafts/{draft.pk}/upload/", {"pasted": "a: 1", "path": path})
    draft.refresh_from_db()
    assert draft.files == FILES


def test_a_draft_is_discarded(draft: Draft, as_manager: Client) -> None:
    as_manager.post(f"/configure/drafts/{draft.pk}/discard/")
    assert not Draft.objects.exists()
    assert as_manager.get(f"/configure/drafts/{draft.pk}/").status_code == 404


def test_definitions_in_force_are_listed_with_their_files(draft: Draft, as_manager: Client) -> None:
    html = as_manager.get("/configure/definitions/").content.decode()
    assert "metrics.yaml:2" in html
    assert "traffic_light" in html
    assert "arr &gt;= 100000" in html
