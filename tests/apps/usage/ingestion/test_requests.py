"""Whole requests: where they go, who may send, what they are answered, what is committed by then."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from tests.apps.usage.ingestion.box import KEY, Box, basic, track

APP, OTHER = "https://app.example.com", "https://other.example.com"


@pytest.mark.slow
def test_a_batch_is_one_row_of_the_inbox_once_it_is_answered(box: Box) -> None:
    answer = box.send(track(messageId="a"), track(messageId="b"))
    assert (answer.status, answer.said) == (200, {"success": True})
    assert [[one["id"] for one in request] for request in box.requests()] == [["a", "b"]]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/v1/batch", "/v1/batch/", "/v1/b", "/v1/import"])
def test_every_address_of_batches_takes_one(box: Box, path: str) -> None:
    assert box.post(path, {"batch": [track()]}).status == 200
    assert len(box.stored()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("letter", "kind", "fields"),
    [
        ("t", "track", {"event": "Opened"}),
        ("i", "identify", {"traits": {"plan": "pro"}}),
        ("g", "group", {"groupId": "acct-1"}),
        ("p", "page", {"name": "Home"}),
        ("s", "screen", {"name": "Home"}),
        ("a", "alias", {"previousId": "anon-1"}),
    ],
)
def test_a_message_alone_has_the_type_of_its_address(box: Box, letter: str, kind: str, fields: dict[str, Any]) -> None:
    for path in (f"/v1/{kind}", f"/v1/{letter}"):
        assert box.post(path, {"userId": "u", **fields}).status == 200
    assert [one["type"] for one in box.stored()] == [kind, kind]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
def test_the_content_type_decides_nothing(box: Box, content_type: str) -> None:
    sent = gzip.compress(json.dumps({"batch": [track()]}).encode())
    assert box.post("/v1/batch", sent, CONTENT_TYPE=content_type, CONTENT_ENCODING="gzip").status == 200
    assert len(box.stored()) == 1


def test_the_key_stands_in_a_header_or_in_the_body(box: Box) -> None:
    assert box.send(track()).status == 200
    assert box.post("/v1/t", track(writeKey=KEY), key=None).status == 200
    assert box.post("/v1/batch", {"batch": [track()], "writeKey": KEY}, key=None).status == 200
    assert box.post("/v1/batch", {"batch": [track()]}, key=None, AUTHORIZATION=f"Bearer {KEY}").status == 200
    grant = {"AUTHORIZATION": "Bearer eyJhbGciOi"}  # of another service, with the key in the body
    assert box.post("/v1/t", track(writeKey=KEY), key=None, **grant).status == 200
    assert len(box.stored()) == 5


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "no_write_key"),
        ({"AUTHORIZATION": "Basic ???"}, "no_write_key"),
        ({"AUTHORIZATION": basic("wk_wrong")}, "invalid_write_key"),
        ({"AUTHORIZATION": "Bearer wk_wrong"}, "invalid_write_key"),
    ],
)
def test_whoever_has_no_key_is_refused(box: Box, headers: dict[str, str], code: str) -> None:
    answer = box.post("/v1/batch", {"batch": [track()]}, key=None, **headers)
    assert (answer.status, answer.said["code"]) == (401, code)
    assert box.stored() == []


def test_a_key_works_the_moment_it_is_made_and_not_two_seconds_after_it_is_revoked(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert box.post("/v1/t", track(), key="wk_new").status == 401
    box.add_key("wk_new", "New")
    assert box.post("/v1/t", track(), key="wk_new").status == 200
    box.connection.execute("update usage_writekey set revoked_at = now() where key = 'wk_new'")
    monkeypatch.setattr("keepwell.apps.usage.ingestion.keys.KEPT", 0.0)  # as if two seconds had passed
    answer = box.post("/v1/t", track(), key="wk_new")
    assert (answer.status, answer.said["code"]) == (401, "invalid_write_key")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"not json", 400, "invalid_json"),
        (b'{"batch": [', 400, "invalid_json"),
        (b'{"batch": "x"}', 400, "no_batch"),
        (b"[]", 400, "no_batch"),
        (b"{}", 400, "no_batch"),
        (b'{"batch": ["\xff"]}', 400, "invalid_json"),
        (b'{"batch": [' + b"[" * 5000 + b"]" * 5000 + b"]}", 400, "invalid_json"),
        (b'{"batch": [' + b"{}," * 20_000 + b"{}]}", 413, "too_many"),
        (b'{"batch": ["' + b"x" * 4_200_000 + b'"]}', 413, "too_large"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_with_code_and_message(
    box: Box, sent: bytes, status: int, code: str
) -> None:
    answer = box.post("/v1/batch", sent)
    assert (answer.status, answer.said["code"]) == (status, code)
    assert answer.said["message"]
    assert box.requests() == []


def test_refused_messages_are_in_quarantine_when_the_rest_is_answered_200(box: Box) -> None:
    ahead = track(messageId="late", timestamp="2999-01-01T00:00:00.000Z", properties={"email": "ada@example.com"})
    assert box.send(track(), ahead, {"type": "track"}).status == 200
    assert [one["id"] for one in box.stored()] == ["m-1"]
    assert box.reasons() == ["future", "no_person"]
    _, words, message_id, text = box.refused()[0]
    assert ("2999-01-01" in words, message_id, json.loads(text)["messageId"]) == (True, "late", "late")


def test_a_request_of_refused_messages_alone_leaves_no_row_in_the_inbox(box: Box) -> None:
    assert box.send({"type": "track"}).status == 200
    assert (box.requests(), box.reasons()) == ([], ["no_person"])


def test_a_zero_or_half_a_character_in_one_message_keeps_nothing_out(box: Box) -> None:
    sent = rb'{"batch":[{"type":"track","userId":"a\u0000b","event":"\ud83d!","messageId":"m"},{"type":"\u0000"}]}'
    assert box.post("/v1/batch", sent).status == 200
    assert [(one["user"], one["event"]) for one in box.stored()] == [("a\ufffdb", "\ufffd!")]
    assert box.reasons() == ["unknown_type"]


def test_an_empty_batch_is_taken_and_leaves_nothing(box: Box) -> None:
    assert box.send().status == 200
    assert box.requests() == []


def test_other_methods_and_addresses_are_refused(box: Box) -> None:
    assert box.ask("GET", "/v1/batch").status == 405
    assert box.ask("POST", f"/v1/projects/{KEY}/settings").status == 405
    answer = box.ask("POST", "/v1/unknown", b"{}")
    assert (answer.status, answer.said["code"]) == (404, "not_found")


def test_pages_are_not_its_own(box: Box) -> None:
    assert box.ingestion.holds("/v1/t")
    assert box.ingestion.holds("/batch/")
    assert box.ingestion.holds("/snippet/wk.js")
    assert not any(box.ingestion.holds(path) for path in ("/", "/customers/", "/api/v1/accounts", "/v1", "/batches/"))


def test_a_browser_may_send_from_the_pages_that_the_key_names_and_no_other(box: Box) -> None:
    answer = box.post("/v1/t", track(), ORIGIN=APP)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (
        200,
        APP,
        "Origin",
    )
    for origin in (OTHER, "null", APP + ".evil.example", APP.upper(), APP + ":444"):
        answer = box.post("/v1/t", track(messageId="x"), ORIGIN=origin)
        assert (answer.status, answer.said["code"]) == (403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert [one["id"] for one in box.stored()] == ["m-1"]


def test_a_key_of_other_pages_lets_no_page_in(box: Box) -> None:
    box.add_key("wk_other", "Other", origins=[OTHER])
    assert box.post("/v1/t", track(), ORIGIN=OTHER).status == 403
    assert box.post("/v1/t", track(), key="wk_other", ORIGIN=OTHER).status == 200


def test_a_browser_that_asks_first_is_told(box: Box) -> None:
    answer = box.ask("OPTIONS", "/v1/t", ORIGIN=APP)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, APP)
    allowed = answer.headers["Access-Control-Allow-Headers"]
    assert {"authorization", "content-type", "x-retry-count"} <= set(allowed.split(", "))
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    for headers in ({"ORIGIN": OTHER}, {}):
        refused = box.ask("OPTIONS", "/v1/t", **headers)
        assert (refused.status, "Access-Control-Allow-Origin" in refused.headers) == (403, False)


def test_an_error_can_be_read_by_the_page_it_is_for(box: Box) -> None:
    answer = box.post("/v1/batch", b"no", ORIGIN=APP)
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (400, APP)


def test_settings_tell_the_browser_library_where_to_send(box: Box) -> None:
    answer = box.ask("GET", f"/v1/projects/{KEY}/settings", ORIGIN=APP)
    sending = {"apiKey": KEY, "apiHost": "health.example.com/v1", "protocol": "https"}
    assert answer.said["integrations"] == {"Segment.io": sending}
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert box.ask("GET", "/v1/projects/wk_wrong/settings").status == 404
    assert box.ask("GET", f"/v1/projects/{KEY}/settings", ORIGIN=OTHER).status == 403


def test_the_snippet_names_its_key_and_where_it_sends(box: Box) -> None:
    answer = box.ask("GET", f"/snippet/{KEY}.js")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert KEY.encode() in answer.body
    assert b"https://health.example.com" in answer.body
    assert b"__KEEPWELL" not in answer.body
    assert box.ask("GET", "/snippet/wk_wrong.js").status == 404
