"""APIs of vendors as they page, from what each publishes of it: seven records of one stream, three a page."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.connect.served import Answer, Call, Handle

DAYS = [f"2026-01-0{day}" for day in range(1, 8)]
PAGE = 3


@dataclass
class Vendor:
    """`settings` (`{address}` is put in), the stream that is read, its first and last cursor, and the server."""

    kind: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    stream: str
    handle: Handle
    page_path: str
    since: Any
    tokens: list[str] = field(default_factory=list)


def _page(rows: list[Any], begin: int) -> tuple[list[Any], int | None]:
    following = begin + PAGE
    return rows[begin:following], following if following < len(rows) else None


def _refused(call: Call, header: str) -> Answer | None:
    return None if call.headers.get("Authorization") == header else Answer({"message": "who are you"}, 401)


def salesforce() -> Vendor:
    rows = [{"attributes": {"type": "Account"}, "Id": f"001{n}", "Name": f"A{n}", "IsDeleted": n == 3,
             "SystemModstamp": f"{day}T10:00:00.000+0000"} for n, day in enumerate(DAYS)]  # fmt: skip
    tokens = ["first"]
    cursors: dict[str, list[Any]] = {}

    def handle(call: Call) -> Answer:
        if call.path == "/services/oauth2/token":
            assert "client_secret=hush-hush-hush" in call.body
            return Answer({"access_token": tokens[-1], "token_type": "Bearer"})
        if refused := _refused(call, f"Bearer {tokens[-1]}"):
            return refused
        if call.path.endswith("/describe"):
            fields = [("Id", "id"), ("Name", "string"), ("IsDeleted", "boolean"), ("SystemModstamp", "datetime"),
                      ("BillingAddress", "address")]  # fmt: skip
            return Answer({"fields": [{"name": name, "type": kind} for name, kind in fields]})
        if call.path.endswith("/queryAll"):
            soql = call.query["q"]
            assert "BillingAddress" not in soql, "compound fields cannot be asked for so"
            _, where, since = soql.partition("SystemModstamp >= ")
            cursors["q"] = [one for one in rows if not where or one["SystemModstamp"][:10] >= since[:10]]
            return _records(cursors["q"], 0)
        if "/queryAll/q-" in call.path:
            return _records(cursors["q"], int(call.path.rpartition("-")[2]))
        return (
            Answer({"DailyApiRequests": {"Max": 1, "Remaining": 1}})
            if call.path.endswith("limits")
            else Answer({}, 404)
        )

    def _records(found: list[Any], begin: int) -> Answer:
        part, following = _page(found, begin)
        said = {"totalSize": len(found), "done": following is None, "records": part}
        if following is not None:
            said["nextRecordsUrl"] = f"/services/data/v62.0/queryAll/q-{following}"
        return Answer(said)

    settings = {"address": "{address}", "client_id": "app"}
    return Vendor("salesforce", settings, {"client_secret": "hush-hush-hush"}, "Account", handle, "/queryAll",
                  "2026-01-05T00:00:00.000+0000", tokens)  # fmt: skip


def hubspot() -> Vendor:
    rows = [{"id": str(n), "properties": {"name": f"C{n}"}, "updatedAt": f"{day}T10:00:00.000Z", "archived": False}
            for n, day in enumerate(DAYS)]  # fmt: skip

    def handle(call: Call) -> Answer:
        if refused := _refused(call, "Bearer pat-secret"):
            return refused
        found, begin = rows, int(call.query.get("after", 0))
        if call.path.endswith("/search"):
            newer = call.body["filterGroups"][0]["filters"][0]
            assert (newer["propertyName"], newer["operator"]) == ("hs_lastmodifieddate", "GTE")
            assert newer["value"] == "1767571200000", "milliseconds, as text"
            found, begin = rows[4:], int(call.body.get("after", 0))
        part, following = _page(found, begin)
        more = {} if following is None else {"paging": {"next": {"after": str(following), "link": "…"}}}
        return Answer({"results": part, **more})

    return Vendor("hubspot", {"address": "{address}"}, {"token": "pat-secret"}, "companies", handle, "/companies",
                  "2026-01-05T00:00:00Z")  # fmt: skip


def zendesk() -> Vendor:
    rows = [{"id": n, "subject": f"T{n}", "status": "open", "generated_timestamp": 1767225600 + n * 86400}
            for n in range(7)]  # fmt: skip
    started = {"since": 0}
    token = base64.b64encode(b"ann@test.example/token:zd-secret").decode()

    def handle(call: Call) -> Answer:
        if refused := _refused(call, f"Basic {token}"):
            return refused
        if call.path.endswith("users/me.json"):
            return Answer({"user": {"id": 1}})
        if "start_time" in call.query:
            started["since"] = int(call.query["start_time"])
        else:
            assert call.query["cursor"], "after the first page a cursor is enough"
        found = [one for one in rows if one["generated_timestamp"] >= started["since"]]
        begin = int(call.query.get("cursor", "c0")[1:])
        part, following = _page(found, begin)
        end = following if following is not None else len(found)
        return Answer({"tickets": part, "after_cursor": f"c{end}", "after_url": f"https://elsewhere/?cursor=c{end}",
                       "end_of_stream": following is None})  # fmt: skip

    settings = {"address": "{address}", "email": "ann@test.example"}
    return Vendor(
        "zendesk", settings, {"token": "zd-secret"}, "tickets", handle, "/tickets/cursor.json", 1767225600 + 4 * 86400
    )


def intercom() -> Vendor:
    rows = [{"type": "contact", "id": f"c{n}", "updated_at": 1767225600 + n * 86400} for n in range(7)]

    def handle(call: Call) -> Answer:
        if refused := _refused(call, "Bearer ic-secret"):
            return refused
        assert call.headers["Intercom-Version"]
        if call.path == "/me":
            return Answer({"type": "admin"})
        found = [one for one in rows if one["updated_at"] > call.body["query"]["value"]]
        part, following = _page(found, int(call.body["pagination"].get("starting_after", 0)))
        pages: dict[str, Any] = {"type": "pages", "page": 1, "per_page": PAGE, "total_pages": 3}
        if following is not None:
            pages["next"] = {"page": 2, "starting_after": str(following)}
        return Answer({"type": "list", "data": part, "total_count": len(found), "pages": pages})

    return Vendor("intercom", {"address": "{address}"}, {"token": "ic-secret"}, "contacts", handle, "/contacts/search",
                  1767225600 + 4 * 86400)  # fmt: skip


def stripe() -> Vendor:
    rows = [{"id": f"ch_{n}", "object": "charge", "amount": 100 * n, "created": 1767225600 + n * 86400}
            for n in reversed(range(7))]  # fmt: skip

    def handle(call: Call) -> Answer:
        if refused := _refused(call, "Bearer rk_secret"):
            return refused
        found = [one for one in rows if one["created"] >= int(call.query.get("created[gte]", 0))]
        after = call.query.get("starting_after")
        begin = next((n + 1 for n, one in enumerate(found) if one["id"] == after), 0)
        part, following = _page(found, begin)
        return Answer({"object": "list", "url": "/v1/charges", "has_more": following is not None, "data": part})

    return Vendor("stripe", {"address": "{address}"}, {"key": "rk_secret"}, "charges", handle, "/charges",
                  1767225600 + 4 * 86400)  # fmt: skip


def jira() -> Vendor:
    rows = [{"id": f"1000{n}", "key": f"SUP-{n}", "fields": {"summary": f"I{n}", "updated": f"{day}T10:00:00.000+0100"}}
            for n, day in enumerate(DAYS)]  # fmt: skip
    token = base64.b64encode(b"ann@test.example:ji-secret").decode()

    def handle(call: Call) -> Answer:
        if refused := _refused(call, f"Basic {token}"):
            return refused
        if call.path.endswith("/myself"):
            return Answer({"accountId": "1"})
        if not call.query.get("fields"):
            return Answer({"issues": [{"id": one["id"]} for one in rows], "isLast": True})
        since = call.query["jql"].partition('updated >= "')[2][:10]
        found = [one for one in rows if one["fields"]["updated"][:10] >= since]
        part, following = _page(found, int(call.query.get("nextPageToken", "t0")[1:]))
        more = {} if following is None else {"nextPageToken": f"t{following}"}
        return Answer({"issues": part, "isLast": following is None, **more})

    settings = {"address": "{address}", "email": "ann@test.example"}
    return Vendor(
        "jira", settings, {"token": "ji-secret"}, "issues", handle, "/search/jql", "2026-01-06T12:00:00.000+0100"
    )


VENDORS = {one.__name__: one for one in (salesforce, hubspot, zendesk, intercom, stripe, jira)}
