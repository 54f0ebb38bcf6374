"""The timeline for the author, a colleague of the team and a stranger."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.models import Notice
from keepwell.apps.timeline.models import EntryType, Revision, TimelineEntry
from tests.apps.conftest import People

NEW = "/customers/acme/timeline/new/"
CALL = {"title": "Quarterly review", "text": "They want **single sign-on** before renewal",
        "occurred_at": "2026-03-01T10:00",
        "attendees": "Dora\nEve", "minutes": "45", "sentiment": "positive", "own_outcome": "good",
        "links": "https://meet.example/1"}  # fmt: skip
LETTER = b"""\
From: Dora Doe <dora@acme.example>
To: Ada <ada@test.example>, eve@test.example
Date: Mon, 02 Mar 2026 09:30:00 +0100
Subject: =?utf-8?q?Renewal_=E2=80=93_terms?=
Message-ID: <one@acme.example>
Content-Type: text/html; charset=utf-8

<html><head><style>p {}</style></head><body><p>We would like <b>two years</b>.</p><script>x()</script></body></html>
"""


def write(client: Client, **other: str) -> TimelineEntry:
    answer = client.post(NEW + "?type=call", {**CALL, **other})
    assert answer.status_code == 302, answer.content.decode()
    return TimelineEntry.objects.latest("pk")


@pytest.mark.slow
def test_an_entry_is_written_and_read_with_everything_in_it(
    company: Account, as_owner: Client, as_colleague: Client
) -> None:
    entry = write(as_owner)
    text = as_colleague.get(f"/timeline/{entry.pk}/").content.decode()
    for said in ("<strong>single sign-on</strong>", "Dora, Eve", "45 minutes", "positive", "good", "meet.example"):
        assert said in text
    assert "Quarterly review" in as_colleague.get("/timeline/").content.decode()
    assert "Quarterly review" in as_owner.get("/customers/acme/timeline/").content.decode()
    assert Change.objects.filter(object_kind="timeline", action="wrote", account_id="acme").exists()


@pytest.mark.slow
def test_a_stranger_neither_finds_nor_opens_it(company: Account, as_owner: Client, as_stranger: Client) -> None:
    entry = write(as_owner)
    for path in (f"/timeline/{entry.pk}/", f"/timeline/{entry.pk}/edit/", "/customers/acme/timeline/", NEW):
        assert as_stranger.get(path).status_code == 404
    assert "Quarterly review" not in as_stranger.get("/timeline/?q=quarterly").content.decode()
    assert as_stranger.post(NEW, CALL).status_code == 404


@pytest.mark.slow
def test_full_text_search_knows_forms_of_words_names_and_phrases(company: Account, as_owner: Client) -> None:
    write(as_owner)
    write(as_owner, title="Kick-off", text="Hello", attendees="Zed")
    found = {
        words: as_owner.get("/timeline/", {"q": words}).content.decode()
        for words in ("renewals", "Zed", '"quarterly review"', "review -renewal", "Acme")
    }
    assert "Quarterly review" in found["renewals"]  # the text says renewal
    assert "Kick-off" not in found["renewals"]
    assert "Kick-off" in found["Zed"]
    assert "Quarterly review" in found['"quarterly review"']
    assert "Quarterly review" not in found["review -renewal"]
    assert "Kick-off" in found["Acme"]


@pytest.mark.slow
def test_filters_narrow_by_type_author_sentiment_and_days(
    company: Account, as_owner: Client, as_colleague: Client
) -> None:
    write(as_owner)
    as_colleague.post(NEW + "?type=update", {"title": "Quiet week", "occurred_at": "2026-02-01T10:00"})
    for query in ("type=update", "author=Bea", "until=2026-02-02"):
        text = as_owner.get(f"/timeline/?{query}").content.decode()
        assert "Quiet week" in text
        assert "Quarterly review" not in text
    assert "Quiet week" not in as_owner.get("/timeline/?sentiment=positive").content.decode()
    assert as_owner.get("/timeline/?since=soon").status_code == 422


@pytest.mark.slow
def test_only_the_author_and_admins_edit_and_every_edit_keeps_what_stood(
    company: Account, as_owner: Client, as_colleague: Client, as_admin: Client
) -> None:
    entry = write(as_owner)
    url = f"/timeline/{entry.pk}/edit/"
    assert as_colleague.get(url).status_code == 403
    assert as_colleague.post(url, CALL).status_code == 403
    assert as_owner.post(url, {**CALL, "title": "Review, corrected"}).status_code == 302
    assert as_admin.post(url, {**CALL, "title": "Review, moderated"}).status_code == 302
    assert list(Revision.objects.order_by("pk").values_list("content__title", "replaced_by")) == [
        ("Quarterly review", "Ada"),
        ("Review, corrected", "Ari"),
    ]
    text = as_colleague.get(f"/timeline/{entry.pk}/").content.decode()
    assert "Quarterly review" in text
    assert "changed by Ari" in text


@pytest.mark.slow
def test_an_edit_shows_what_it_changed_beside_the_text(company: Account, as_owner: Client) -> None:
    entry = write(as_owner)
    later = {**CALL, "minutes": "55", "attendees": "Zed"}
    assert as_owner.post(f"/timeline/{entry.pk}/edit/", later).status_code == 302
    text = as_owner.get(f"/timeline/{entry.pk}/").content.decode()
    before = text[text.index("What it said before") :]
    assert "<dt>Minutes it took</dt>" in before
    assert f"<dd>{CALL['minutes']}</dd>" in before
    assert "<dt>Sentiment</dt>" not in before  # it was left as it is


def test_who_is_mentioned_hears_of_it_once_and_strangers_hear_nothing(
    company: Account, people: People, as_owner: Client
) -> None:
    text = "Ask @Bea and @cyd@test.example, not @Beatrix or mo@test.example. Yours, @Ada"
    as_owner.post(NEW + "?type=update", {"title": "Who knows", "text": text, "occurred_at": "2026-03-01T10:00"})
    entry = TimelineEntry.objects.get(title="Who knows")
    later = {"title": "Who knows", "text": text + "!", "occurred_at": "2026-03-01T10:00"}
    as_owner.post(f"/timeline/{entry.pk}/edit/", later)
    told = list(Notice.objects.values_list("user__name", "text", "link"))
    assert told == [("Bea", "Ada mentioned you: Who knows", f"/timeline/{entry.pk}/")]


def test_a_draft_tells_nobody(company: Account, as_owner: Client) -> None:
    as_owner.post("/customers/acme/timeline/draft/?type=call", {**CALL, "text": "@Bea"})
    assert not Notice.objects.exists()


@pytest.mark.slow
def test_entries_of_one_unit(company: Account, as_owner: Client, as_stranger: Client) -> None:
    write(as_owner)
    as_owner.post(NEW + "?type=update", {"title": "In the east", "occurred_at": "2026-03-01T10:00",
                                         "relationship_id": "acme-east"})  # fmt: skip
    whole = as_owner.get("/customers/acme/timeline/").content.decode()
    assert "In the east" in whole
    assert "Quarterly review" in whole
    narrowed = as_owner.get("/customers/acme/timeline/?unit=acme-east").content.decode()
    assert "In the east" in narrowed
    assert "Quarterly review" not in narrowed
    assert as_owner.get("/customers/acme/timeline/?unit=none").status_code == 422
    assert as_stranger.get("/customers/acme/timeline/?unit=acme-east").status_code == 404


@pytest.mark.slow
def test_a_draft_saves_itself_for_its_author_alone_and_becomes_the_entry(
    company: Account, as_owner: Client, as_colleague: Client
) -> None:
    saving = as_owner.post("/customers/acme/timeline/draft/?type=call", {**CALL, "minutes": "many"})
    assert "only you see it" in saving.content.decode()
    draft = TimelineEntry.objects.get()
    assert draft.is_draft
    as_owner.post("/customers/acme/timeline/draft/?type=call", {**CALL, "title": "Further", "draft": str(draft.pk)})
    assert TimelineEntry.objects.count() == 1
    assert as_colleague.get(f"/timeline/{draft.pk}/").status_code == 404
    assert "Further" not in as_colleague.get("/timeline/?drafts=on").content.decode()
    assert "Further" in as_owner.get("/customers/acme/timeline/").content.decode()
    assert as_colleague.post(f"/timeline/{draft.pk}/discard/").status_code == 404
    as_owner.post(NEW + "?type=call", {**CALL, "draft": str(draft.pk)})
    draft.refresh_from_db()
    assert not draft.is_draft
    assert not Revision.objects.exists()


def test_what_was_typed_stays_beside_what_is_wrong(company: Account, as_owner: Client) -> None:
    answer = as_owner.post(NEW + "?type=call", {**CALL, "links": "javascript:alert(1)"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "is no web address" in text
    assert "They want **single sign-on**" in text
    assert not TimelineEntry.objects.exists()


def test_markdown_shows_tags_as_text_and_links_lead_to_the_web_alone(company: Account, as_owner: Client) -> None:
    entry = write(as_owner, text="<script>x()</script> <b onclick=y>z</b> [a](javascript:x()) [b](https://b.example)"
                                 " ![c](https://c.example/c.png)")  # fmt: skip
    text = as_owner.get(f"/timeline/{entry.pk}/").content.decode()
    assert "<script>x" not in text
    assert "<b onclick" not in text
    assert 'href="javascript' not in text
    assert '<a href="https://b.example" rel="noopener noreferrer nofollow">b</a>' in text
    assert "<img src" not in text.partition("<main")[2]


@pytest.mark.slow
def test_a_letter_becomes_an_entry_once(company: Account, as_owner: Client, as_stranger: Client) -> None:
    url = "/customers/acme/timeline/letter/"
    assert as_stranger.post(url, {"file": SimpleUploadedFile("a.eml", LETTER)}).status_code == 404
    assert as_owner.post(url, {"file": SimpleUploadedFile("a.eml", LETTER)}).status_code == 302
    entry = TimelineEntry.objects.get()
    assert (entry.type.name, entry.title) == ("email", "Renewal – terms")
    assert entry.text == "We would like two years."
    assert entry.attendees == ["Dora Doe", "Ada", "eve@test.example"]
    assert entry.occurred_at.isoformat() == "2026-03-02T08:30:00+00:00"
    again = as_owner.post(url, {"file": SimpleUploadedFile("a.eml", LETTER)})
    assert again.status_code == 422
    assert "already" in again.content.decode()
    wrong = as_owner.post(url, {"file": SimpleUploadedFile("a.eml", b"\x89PNG nothing")})
    assert "no e-mail file" in wrong.content.decode()


@pytest.mark.slow
def test_entries_of_units_stand_on_the_account(company: Account, as_owner: Client) -> None:
    write(as_owner, relationship_id="acme-east", title="Visit in the east")
    text = as_owner.get("/customers/acme/timeline/").content.decode()
    assert "Visit in the east" in text
    assert "· East" in text
    assert as_owner.post(NEW, {**CALL, "relationship_id": "brix-east"}).status_code == 422


@pytest.mark.slow
def test_own_types_have_own_fields(company: Account, as_manager: Client, as_owner: Client) -> None:
    assert as_owner.get("/configure/entry-types/").status_code == 403
    fields = "Place | text\nMood | choice | calm, tense"
    assert as_manager.post("/configure/entry-types/", {"title": "Site visit", "fields_text": fields}).status_code == 302
    assert EntryType.objects.get(name="site_visit").fields[1]["choices"] == ["calm", "tense"]
    page = as_owner.get(NEW + "?type=site_visit").content.decode()
    assert "Mood" in page
    sent = {**CALL, "own_place": "Oslo", "own_mood": "calm"}
    as_owner.post(NEW + "?type=site_visit", sent)
    assert TimelineEntry.objects.get().fields == {"place": "Oslo", "mood": "calm"}
    assert as_manager.post("/configure/entry-types/site_visit/retire/").status_code == 302
    assert as_owner.get(NEW + "?type=site_visit").status_code == 404


@pytest.mark.slow
def test_the_list_goes_on_where_the_page_ended(company: Account, as_owner: Client) -> None:
    kind = EntryType.objects.get(name="update")
    TimelineEntry.objects.bulk_create(
        TimelineEntry(account=company, type=kind, title=f"Entry {n:02}", occurred_at="2026-01-01T00:00Z", author="Ada")
        for n in range(60)
    )
    first = as_owner.get("/customers/acme/timeline/").content.decode()
    assert "Entry 59" in first
    assert "Entry 09" not in first
    link = first.partition('href="?')[2] and first[first.index("before=") :].partition('"')[0]
    second = as_owner.get(f"/customers/acme/timeline/?{link}").content.decode()
    assert "Entry 09" in second
    assert "Entry 10" not in second
