"""Files of other tools: guessed and matched columns, rows with all reasons, nothing half, nothing twice, and undone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.importing.models import SurveyImport
from keepwell.apps.surveys.models import Response
from keepwell.apps.timeline.models import TimelineEntry

pytestmark = pytest.mark.slow
GOOD = """\
Account ID,Submitted,Recommend us?,missing,used,parts.docs,details,Comment of ours
acme,2026-10-01,9,,api;web,good,=2+2,x
acme,2026-10-02T09:30+02:00,3,speed,,,<b>Slow</b>,x
brix,2026-10-03,7,features,web,poor,,x
"""
BAD = """\
account_id,email,answered_at,recommend,missing
acme,,2026-10-01,11,colour
nobody,,2026-10-01,9,
,rana@acme.example,2026-10-01,8,
,who@acme.example,2026-10-01,8,
acme,,soon,8,
acme,,2026-10-01,8,
"""
AT = "/surveys/pulse/import/"


def brought(client: Client, text: str | bytes, name: str = "nps.csv") -> HttpResponse:
    content = text.encode() if isinstance(text, str) else text
    return client.post(AT, {"file": SimpleUploadedFile(name, content)})


def page_of(client: Client, response: HttpResponse) -> str:
    assert response.status_code == 302, response.content.decode()[:300]
    return client.get(response["Location"]).content.decode()


def test_columns_are_guessed_by_name_and_by_the_question(known: Account, as_manager: Client) -> None:
    page = page_of(as_manager, brought(as_manager, GOOD))
    assert "<strong>3</strong> of 3 rows are new answers" in page
    columns = SurveyImport.objects.get().columns
    assert columns["Recommend us?"] == "recommend"
    assert columns["Submitted"] == "answered_at"
    assert columns["Comment of ours"] == ""
    assert Response.objects.count() == 0


def test_a_file_is_taken_adds_nothing_twice_and_is_taken_back(known: Account, as_manager: Client) -> None:
    there = brought(as_manager, GOOD)["Location"]
    assert as_manager.post(f"{there}take/", {"mode": "all"}).status_code == 302
    assert Response.objects.filter(channel="import").count() == 3
    one = Response.objects.get(answers__recommend=9)
    assert one.answers == {"recommend": 9.0, "used": ["api", "web"], "parts": {"docs": "good"}, "details": "=2+2"}
    assert TimelineEntry.objects.filter(origin="survey").count() == 3
    assert as_manager.post(f"{there}take/", {"mode": "all"}).status_code == 422
    again = brought(as_manager, GOOD)["Location"]
    assert "3 are there already" in as_manager.get(again).content.decode()
    as_manager.post(f"{again}take/", {"mode": "all"})
    assert Response.objects.count() == 3
    assert as_manager.post(f"{again}undo/").status_code == 302
    assert Response.objects.count() == 3
    as_manager.post(f"{there}undo/")
    assert Response.objects.count() == 0
    assert TimelineEntry.objects.filter(origin="survey").count() == 0
    assert as_manager.post(f"{there}undo/").status_code == 422


def test_rejected_rows_are_told_with_all_their_reasons(known: Account, as_manager: Client) -> None:
    there = brought(as_manager, BAD)["Location"]
    page = as_manager.get(there).content.decode()
    assert "<strong>2</strong> of 6 rows are new answers" in page
    for words in ("Please choose a number from 0 to 10. Found: 11", "missing: Please choose from the answers shown",
                  "there is no account &#x27;nobody&#x27;", "nobody with the address &#x27;who@acme.example&#x27;",
                  "answered_at &#x27;soon&#x27; is no day"):  # fmt: skip
        assert words in page, words
    lines = b"".join(as_manager.get(f"{there}rejected.csv").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 5
    assert lines[1].startswith("recommend: Please choose")
    assert "; missing: " in lines[1]
    assert lines[2].startswith("there is no account 'nobody'")
    refused = as_manager.post(f"{there}take/", {"mode": "all"})
    assert refused.status_code == 422
    assert Response.objects.count() == 0
    as_manager.post(f"{there}take/", {"mode": "accepted"})
    found = Response.objects.order_by("pk").values_list("account_id", "person__personal__name")
    assert list(found) == [("acme", "Rana"), ("acme", None)]


def test_columns_that_do_not_go_together_are_refused(known: Account, as_manager: Client) -> None:
    there = brought(as_manager, "who,when,what\nacme,2026-10-01,9\n")["Location"]
    page = as_manager.get(there).content.decode()
    assert "Match a column with answered_at" in page
    twice = {"source": ["who", "when", "what"], "into": ["account_id", "answered_at", "answered_at"]}
    response = as_manager.post(f"{there}match/", twice)
    assert response.status_code == 422
    assert "wo columns are matched with &#x27;answered_at&#x27;" in response.content.decode()
    odd = {"source": ["who"], "into": ["recomend"]}
    assert "did you mean" in as_manager.post(f"{there}match/", odd).content.decode()
    right = {"source": ["who", "when", "what"], "into": ["account_id", "answered_at", "recommend"]}
    assert as_manager.post(f"{there}match/", right).status_code == 302
    assert "<strong>1</strong> of 1 rows" in as_manager.get(there).content.decode()


@pytest.mark.parametrize("content", ["", "a,b\n", b"\xff\xfe\x00", "a,a\n1,2\n", "\x00\x00"])
def test_what_is_no_table_is_told_beside_the_field(known: Account, as_manager: Client, content: str | bytes) -> None:
    response = brought(as_manager, content)
    assert response.status_code in (302, 422)
    assert response.status_code == 422 or "missing" in as_manager.get(response["Location"]).content.decode()
    assert as_manager.post(AT).status_code == 422


def test_who_may_not_import_does_not(known: Account, as_owner: Client, as_stranger: Client, as_manager: Client) -> None:
    there = brought(as_manager, GOOD)["Location"]
    for client in (as_owner, as_stranger):
        assert brought(client, GOOD).status_code == 403
        assert client.get(there).status_code == 403
        assert client.post(f"{there}take/", {"mode": "all"}).status_code == 403
    assert as_manager.get("/surveys/other/import/").status_code == 404
    assert as_manager.get(f"{AT}999/").status_code == 404
    as_manager.post(f"{there}discard/")
    assert not SurveyImport.objects.exists()
