"""APIs of vendors as they page, from what each publishes of it: seven records of every stream, three a page."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.connect.served import Answer, Call, Handle

DAYS = [f"2026-01-0{day}" for day in range(1, 8)]
FIRST, DAY = 1767225600, 86_400  # the first of January 2026
PAGE = 3
Row = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """A stream as its vendor serves it. `pages`: how the path of its pages ends. `since`: a cursor that the fifth
    record and later ones are as new as; None where everything is read each time. `marked`: of the record's id."""

    pages: str
    since: Any = None
    marked: str = "id"


@dataclass
class Vendor:
    """`settings` ({address} is put in), what each stream looks like, and the server. `tokens`: those that were good."""

    kind: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    shapes: Mapping[str, Shape]
    handle: Handle
    tokens: list[str] = field(default_factory=list)


def _page(rows: list[Any], begin: int) -> tuple[list[Any], int | None]:
    following = begin + PAGE
    return rows[begin:following], following if following < len(rows) else None


def _signed(header: Callable[[], str], handle: Handle) -> Handle:
    """Refuses whoever has not signed in so."""

    def signed(call: Call) -> Answer:
        good = call.headers.get("Authorization") == header()
        return handle(call) if good else Answer({"message": "who are you"}, 401)

    return signed


def _basic(user: str, password: str) -> Callable[[], str]:
    return lambda: "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


OBJECTS = ("Account", "Contact", "Opportunity", "Case", "Task", "Contract", "Asset", "User", "Invoice__c")


def salesforce() -> Vendor:
    """SOQL by `queryAll`; the rest of a result lies at `nextRecordsUrl`, a path without host."""
    tokens = ["first"]
    asked: dict[str, list[Row]] = {}

    def rows(name: str) -> list[Row]:
        return [{"attributes": {"type": name, "url": f"/services/data/v62.0/sobjects/{name}/001{n}"},
                 "Id": f"001{n}", "Name": f"{name} {n}", "IsDeleted": n == 3,
                 "SystemModstamp": f"{day}T10:00:00.000+0000"} for n, day in enumerate(DAYS)]  # fmt: skip

    def describe(name: str) -> Answer:
        kinds = {"Id": "id", "Name": "string", "SystemModstamp": "datetime", "BillingAddress": "address",
                 "Place__c": "location", "Body": "base64"}  # fmt: skip
        if name != "User":
            kinds["IsDeleted"] = "boolean"
        return Answer({"name": name, "fields": [{"name": one, "type": kind} for one, kind in kinds.items()]})

    def query(soql: str) -> Answer:
        fields, _, rest = soql.removeprefix("SELECT ").partition(" FROM ")
        name, _, where = rest.partition(" ")
        assert not {"BillingAddress", "Place__c", "Body"} & set(fields.split(", ")), "these cannot be asked for so"
        assert where.endswith("ORDER BY SystemModstamp")
        since = where.partition("SystemModstamp >= ")[2][:10]
        assert ("WHERE" in where) == bool(since)
        asked[name] = [{one: row[one] for one in ("attributes", *fields.split(", "))} for row in rows(name)
                       if row["SystemModstamp"][:10] >= since]  # fmt: skip
        return records(name, 0)

    def records(name: str, begin: int) -> Answer:
        part, following = _page(asked[name], begin)
        more = {} if following is None else {"nextRecordsUrl": f"/services/data/v62.0/queryAll/{name}-{following}"}
        return Answer({"totalSize": len(asked[name]), "done": following is None, "records": part, **more})

    def api(call: Call) -> Answer:
        if call.path.endswith("/describe"):
            return describe(call.path.split("/")[-2])
        if call.path.endswith("/queryAll"):
            return query(call.query["q"])
        if "/queryAll/" in call.path:
            name, _, begin = call.path.rpartition("/")[2].rpartition("-")
            return records(name, int(begin))
        known = call.path.endswith("/limits")
        return Answer({"DailyApiRequests": {"Max": 1, "Remaining": 1}}) if known else Answer([], 404)

    def handle(call: Call) -> Answer:
        if call.path == "/services/oauth2/token":
            assert "grant_type=client_credentials" in call.body
            if "client_secret=hush-hush-hush&" not in call.body + "&":
                return Answer({"error": "invalid_client"}, 400)
            return Answer({"access_token": tokens[-1], "token_type": "Bearer", "scope": "api"})
        return _signed(lambda: f"Bearer {tokens[-1]}", api)(call)

    settings = {"address": "{address}", "client_id": "app", "objects": "Invoice__c"}
    shape = Shape("/queryAll", "2026-01-05T00:00:00.000+0000", "Id")
    return Vendor(
        "salesforce", settings, {"client_secret": "hush-hush-hush"}, dict.fromkeys(OBJECTS, shape), handle, tokens
    )


def hubspot() -> Vendor:
    """Lists say `paging.next.after`, which a search takes in its body; a search ends after so many records."""

    def rows(name: str) -> list[Row]:
        return [{"id": str(n), "properties": {"hs_object_id": str(n), "name": f"{name} {n}"}, "archived": False,
                 "createdAt": f"{DAYS[0]}T10:00:00.000Z", "updatedAt": f"{day}T10:00:00.000Z"}
                for n, day in enumerate(DAYS)]  # fmt: skip

    def searched(name: str, body: Row) -> list[Row]:
        newer, changed = body["filterGroups"][0]["filters"][0], body["sorts"][0]["propertyName"]
        assert changed == ("lastmodifieddate" if name == "contacts" else "hs_lastmodifieddate")
        assert (newer["propertyName"], newer["operator"]) == (changed, "GTE")
        assert newer["value"] == str(1767571200000 - 5 * 60_000), "milliseconds, as text; it finds late what is new"
        assert isinstance(body["properties"], list)
        return rows(name)[4:]

    def handle(call: Call) -> Answer:
        name = call.path.split("/")[4]
        if call.path.endswith("/search"):
            assert call.method == "POST"
            found, begin = searched(name, call.body), int(call.body.get("after", 0))
        else:
            assert "," in call.query.get("properties", ","), "names with commas between, or none"
            found, begin = rows(name), int(call.query.get("after", 0))
        part, following = _page(found, begin)
        link = {"next": {"after": str(following), "link": f"https://elsewhere.example/?after={following}"}}
        return Answer({"results": part, **({} if following is None else {"paging": link})})

    names = ("companies", "contacts", "deals", "tickets", "2-3456")
    shapes = {name: Shape(f"/objects/{name}", "2026-01-05T00:00:00Z") for name in names}
    return Vendor("hubspot", {"address": "{address}", "objects": "2-3456"}, {"token": "pat-secret"}, shapes,
                  _signed(lambda: "Bearer pat-secret", handle))  # fmt: skip


def zendesk() -> Vendor:
    """The export goes on by `after_cursor` until `end_of_stream`; lists say `meta.has_more`."""
    started = {"since": 0}

    def exported(name: str, call: Call) -> Answer:
        rows = [{"id": n, "subject": f"T{n}", "generated_timestamp": FIRST + n * DAY,
                 "updated_at": f"{DAYS[n]}T00:00:00Z", "status": "deleted" if n == 3 else "open"}
                for n in range(7)]  # fmt: skip
        if "start_time" in call.query:
            assert "cursor" not in call.query
            started["since"] = int(call.query["start_time"])
        else:
            assert call.query["cursor"], "after the first page a cursor is enough"
        found = [one for one in rows if one["generated_timestamp"] >= started["since"]]  # type: ignore[operator]
        part, following = _page(found, int(call.query.get("cursor", "c0")[1:]))
        end = following if following is not None else len(found)
        return Answer({name: part, "after_cursor": f"c{end}", "after_url": f"https://elsewhere.example/?cursor=c{end}",
                       "before_cursor": None, "before_url": None, "end_of_stream": following is None})  # fmt: skip

    def listed(name: str, call: Call) -> Answer:
        part, following = _page([{"id": n} for n in range(7)], int(call.query.get("page[after]", "a0")[1:]))
        assert call.query["page[size]"] == "100"
        meta = {"has_more": following is not None, "after_cursor": f"a{following or 7}", "before_cursor": "b"}
        return Answer({name: part, "meta": meta, "links": {"next": "https://elsewhere.example/?page[after]=x"}})

    def handle(call: Call) -> Answer:
        if call.path.endswith("users/me.json"):
            return Answer({"user": {"id": 1}})
        name = call.path.removesuffix(".json").removesuffix("/cursor").rpartition("/")[2]
        return exported(name, call) if call.path.endswith("/cursor.json") else listed(name, call)

    settings = {"address": "{address}", "email": "ann@test.example"}
    shapes = {
        "tickets": Shape("/tickets/cursor.json", FIRST + 4 * DAY),
        "users": Shape("/users/cursor.json", "2026-01-05T00:00:00Z"),
        "organizations": Shape("/organizations.json"), "satisfaction_ratings": Shape("/satisfaction_ratings.json"),
    }  # fmt: skip
    return Vendor("zendesk", settings, {"token": "zd-secret"}, shapes,
                  _signed(_basic("ann@test.example/token", "zd-secret"), handle))  # fmt: skip


def intercom() -> Vendor:
    """A search carries its cursor in the body; times of contacts are whole days in it. One scroll at a time is open."""
    rows = [{"id": f"c{n}", "updated_at": FIRST + n * DAY + 3600} for n in range(7)]

    def found_by(name: str, query: Row) -> list[Row]:
        assert (query["field"], query["operator"]) == ("updated_at", ">")
        if name == "contacts":  # after a moment is after its day
            return [one for one in rows if one["updated_at"] // DAY > query["value"] // DAY or not query["value"]]  # type: ignore[operator]
        return [one for one in rows if one["updated_at"] > query["value"]]

    def search(name: str, call: Call) -> Answer:
        assert call.body["sort"] == {"field": "updated_at", "order": "ascending"}
        found = found_by(name, call.body["query"])
        part, following = _page(found, int(call.body["pagination"].get("starting_after", 0)))
        pages: Row = {"type": "pages", "page": 1, "per_page": PAGE, "total_pages": 3}
        if following is not None:
            pages["next"] = {"page": 2, "starting_after": str(following)}
        return Answer({"type": f"{name[:-1]}.list", "data" if name == "contacts" else name: part,
                       "total_count": len(found), "pages": pages})  # fmt: skip

    def scroll(call: Call) -> Answer:
        begin = int(call.query.get("scroll_param", "s0")[1:])
        return Answer({"type": "list", "data": rows[begin : begin + PAGE], "pages": None, "total_count": None,
                       "scroll_param": f"s{begin + PAGE}"})  # fmt: skip

    def handle(call: Call) -> Answer:
        assert call.headers["Intercom-Version"]
        if call.path == "/me":
            return Answer({"type": "admin"})
        return scroll(call) if call.path == "/companies/scroll" else search(call.path.split("/")[1], call)

    shapes = {
        "contacts": Shape("/contacts/search", FIRST + 4 * DAY + 7200),
        "conversations": Shape("/conversations/search", FIRST + 4 * DAY + 3600),
        "companies": Shape("/companies/scroll"),
    }  # fmt: skip
    return Vendor("intercom", {"address": "{address}"}, {"token": "ic-secret"}, shapes,
                  _signed(lambda: "Bearer ic-secret", handle))  # fmt: skip


def stripe() -> Vendor:
    """Newest first; a page begins after the id that the one before ended with."""
    rows = [{"id": f"x_{n}", "created": FIRST + n * DAY} for n in reversed(range(7))]

    def handle(call: Call) -> Answer:
        name = call.path.removeprefix("/v1/")
        assert call.query["limit"] in ("1", "100")
        assert ("status" in call.query) == (name == "subscriptions"), (
            "those that were cancelled are not given otherwise"
        )
        found = [one for one in rows if one["created"] >= int(call.query.get("created[gte]", 0))]  # type: ignore[operator]
        after = call.query.get("starting_after")
        part, following = _page(found, next((n + 1 for n, one in enumerate(found) if one["id"] == after), 0))
        return Answer({"object": "list", "url": f"/v1/{name}", "has_more": following is not None, "data": part})

    names = ("customers", "subscriptions", "invoices", "charges", "refunds", "disputes")
    shapes = {name: Shape(f"/v1/{name}") for name in names} | {"events": Shape("/v1/events", FIRST + 4 * DAY)}
    return Vendor("stripe", {"address": "{address}"}, {"key": "rk_secret"}, shapes,
                  _signed(lambda: "Bearer rk_secret", handle))  # fmt: skip


def jira() -> Vendor:
    """Issues go on with a token, and need a search that is bounded; projects say the address of the next page."""
    rows = [{"id": f"1000{n}", "key": f"SUP-{n}", "fields": {"summary": f"I{n}", "updated": f"{day}T10:00:00.000+0100"}}
            for n, day in enumerate(DAYS)]  # fmt: skip

    def issues(call: Call) -> Answer:
        assert call.query["jql"].startswith("updated >= ")
        if not call.query.get("fields"):
            return Answer({"issues": [{"id": one["id"]} for one in rows], "isLast": True})
        since = call.query["jql"].partition('updated >= "')[2][:10]
        found = [one for one in rows if one["fields"]["updated"][:10] >= since]  # type: ignore[index]
        part, following = _page(found, int(call.query.get("nextPageToken", "t0")[1:]))
        more = {} if following is None else {"nextPageToken": f"t{following}"}
        return Answer({"issues": part, "isLast": following is None, **more})

    def projects(call: Call) -> Answer:
        begin = int(call.query.get("startAt", 0))
        part, following = _page([{"id": str(n), "key": f"P{n}"} for n in range(7)], begin)
        here = f"http://{call.headers['Host']}/rest/api/3/project/search"
        more = {} if following is None else {"nextPage": f"{here}?startAt={following}&maxResults=50"}
        return Answer({"self": here, "startAt": begin, "maxResults": 50, "total": 7, "isLast": following is None,
                       "values": part, **more})  # fmt: skip

    def handle(call: Call) -> Answer:
        if call.path.endswith("/myself"):
            return Answer({"accountId": "1"})
        return projects(call) if call.path.endswith("/project/search") else issues(call)

    settings = {"address": "{address}", "email": "ann@test.example"}
    shapes = {"issues": Shape("/search/jql", "2026-01-06T12:00:00.000+0100"), "projects": Shape("/project/search")}
    return Vendor("jira", settings, {"token": "ji-secret"}, shapes,
                  _signed(_basic("ann@test.example", "ji-secret"), handle))  # fmt: skip


VENDORS = {one.__name__: one for one in (salesforce, hubspot, zendesk, intercom, stripe, jira)}
