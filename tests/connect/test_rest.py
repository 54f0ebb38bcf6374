"""The REST kind: a declaration in YAML, ways to sign in, and what a declaration must not say."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("dlt", reason="needs the extra `connectors`")

from keepwell.connect.outgoing import Door
from keepwell.connect.registry import source_of
from keepwell.connect.spec import Settings, Since, SourceRefused
from tests.connect.served import Answer, Call, served

DECLARATION = """\
resources:
  - name: invoices
    primary_key: number
    endpoint:
      path: billing/invoices
      params: {size: 2}
      data_selector: items
      paginator: {type: page_number, base_page: 1, page_param: page, total_path: pages}
      incremental: {cursor_path: changed_at, start_param: changed_since}
  - customers
"""
DECLARATION = DECLARATION.replace("  - customers\n", "  - {name: customers}\n")
ROWS = [{"number": n, "changed_at": f"2026-01-0{n}T00:00:00Z"} for n in range(1, 6)]


def billing(call: Call) -> Answer:
    if call.headers.get("X-Key") != "open-sesame":
        return Answer({}, 401)
    since = call.query.get("changed_since", "")
    found = [row for row in ROWS if str(row["changed_at"]) >= since]
    page = int(call.query.get("page", 1))
    return Answer({"items": found[2 * page - 2 : 2 * page], "pages": -(-len(found) // 2)})


def settings(address: str, declaration: str = DECLARATION) -> Settings:
    values = {"address": address, "sign_in": "header", "header": "X-Key", "declaration": declaration}
    return Settings(values, {"secret": "open-sesame"})


def rows(of: Settings, stream: str = "invoices", since: Since | None = None) -> list[Any]:
    return [row for page in source_of("rest").read(of, Door(["127.0.0.1"]), stream, since) for row in page]


@pytest.mark.slow
def test_a_declaration_is_read_page_by_page() -> None:
    with served(billing) as place:
        assert [row["number"] for row in rows(settings(place.address))] == [1, 2, 3, 4, 5]


def test_only_what_is_new_is_asked_for() -> None:
    with served(billing) as place:
        found = rows(settings(place.address), since=Since("changed_at", "2026-01-04T00:00:00Z"))
        assert [row["number"] for row in found] == [4, 5]
        assert place.calls[0].query["changed_since"] == "2026-01-04T00:00:00Z"


def test_streams_say_keys_and_cursor() -> None:
    found = source_of("rest").streams(settings("https://api.example"), Door())
    assert [(one.name, one.keys, one.cursor) for one in found] == [
        ("invoices", ("number",), "changed_at"), ("customers", (), ""),
    ]  # fmt: skip


@pytest.mark.slow
def test_client_credentials_are_fetched_and_fetched_again_when_they_end() -> None:
    good: list[str] = []

    def api(call: Call) -> Answer:
        if call.path == "/token":
            good.append(f"t{len(good)}")
            return Answer({"access_token": good[-1]})
        known = call.headers.get("Authorization") == f"Bearer {good[-1]}" and len(good) > 1
        return Answer([{"id": 1}]) if known else Answer({}, 401)

    with served(api) as place:
        values = {
            "address": place.address, "sign_in": "client credentials", "user": "me",
            "token_address": f"{place.address}/token", "declaration": "resources: [{name: things}]",
        }  # fmt: skip
        assert rows(Settings(values, {"secret": "hush-hush"}), "things") == [{"id": 1}]
        assert good == ["t0", "t1"]


@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        ("resources: [", "is no YAML"),
        ("client: {}", "needs `resources`"),
        ("resources: [{name: a, endpoint: 'https://elsewhere.example/a'}]", "no host"),
        ("resources: [{name: a, endpoint: {path: a, auth: {type: bearer}}}]", "auth of its own"),
        ("resources: [{name: a, write_disposition: merge}]", "'write_disposition' is none of"),
        ("resources: [{name: a}, {name: a}]", "the same name"),
        ("resources: [{name: a, endpoint: {path: a, paginator: {type: nonsense}}}]", "nonsense"),
    ],
)
def test_what_a_declaration_must_not_say(declaration: str, words: str) -> None:
    with served(billing) as place, pytest.raises(SourceRefused, match=words):
        rows(settings(place.address, declaration), "a")
