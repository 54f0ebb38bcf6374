"""Each stream of each vendor against a server that pages as it does: everything, what is new, waits, ends of tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("dlt", reason="needs the extra `connectors`")

from keepwell.connect import declared
from keepwell.connect.kinds.hubspot import source as hubspot
from keepwell.connect.outgoing import Door
from keepwell.connect.registry import source_of, spec_of
from keepwell.connect.spec import Settings, Since, SourceRefused, missing
from tests.connect.served import BROKEN, CUT, LIMITED, REFUSED, Answer, Call, Served, served
from tests.connect.vendors import VENDORS, Shape, Vendor

STREAMS = [(kind, stream) for kind, make in VENDORS.items() for stream in make().shapes]
each_vendor = pytest.mark.parametrize("kind", list(VENDORS))
each_stream = pytest.mark.parametrize(("kind", "stream"), STREAMS)
pytestmark = pytest.mark.slow


@pytest.fixture
def vendor(kind: str) -> Vendor:
    return VENDORS[kind]()


@pytest.fixture
def server(vendor: Vendor) -> Iterator[Served]:
    with served(vendor.handle) as place:
        yield place


@pytest.fixture
def waits() -> list[float]:
    """How long was waited each time; nobody waits really."""
    return []


def settings(vendor: Vendor, server: Served) -> Settings:
    values = {name: value.replace("{address}", server.address) for name, value in vendor.settings.items()}
    return Settings(values, vendor.secrets)


class Reader:
    """Reads one stream, and says what came."""

    def __init__(self, vendor: Vendor, server: Served, stream: str, waits: list[float]) -> None:
        self.vendor, self.server, self.stream, self.waits = vendor, server, stream, waits
        self.shape: Shape = vendor.shapes[stream]

    def read(self, since: Any = None, patience: float = 60) -> list[str]:
        door = Door(["127.0.0.1"], patience=patience, sleep=self.waits.append)
        asked = Since("any", since) if since is not None else None
        found = source_of(self.vendor.kind).read(settings(self.vendor, self.server), door, self.stream, asked)
        return sorted(str(row[self.shape.marked]) for page in found for row in page)  # type: ignore[index]

    def second_page(self, answer: Answer) -> None:
        """Trouble with the second page, once."""
        seen = {"pages": 0}

        def trouble(call: Call) -> Answer | None:
            seen["pages"] += not call.path.endswith(("describe", "token"))
            return answer if seen["pages"] == 2 and not seen.pop("done", 0) and not seen.update(done=1) else None

        self.server.trouble.append(trouble)


@pytest.fixture
def reader(vendor: Vendor, server: Served, stream: str, waits: list[float]) -> Reader:
    return Reader(vendor, server, stream, waits)


@each_vendor
def test_every_stream_is_declared_and_every_declared_stream_tried(vendor: Vendor, server: Served) -> None:
    found = source_of(vendor.kind).streams(settings(vendor, server), Door(["127.0.0.1"]))
    assert {one.name for one in found} == set(vendor.shapes)
    assert {one.name: (one.keys, bool(one.cursor)) for one in found} == {
        name: ((shape.marked,), shape.since is not None) for name, shape in vendor.shapes.items()
    }
    assert missing(spec_of(vendor.kind), settings(vendor, server)) == {}


@each_stream
def test_every_page_is_read_once(reader: Reader) -> None:
    found = reader.read()
    assert len(found) == len(set(found)) == 7
    assert reader.waits == []


@each_stream
def test_only_what_is_new_is_asked_for(reader: Reader) -> None:
    if reader.shape.since is None:
        pytest.skip("this stream cannot be asked for changes, and says so: it has no cursor")
    everything = reader.read()
    expected = everything[4:]
    assert reader.read(reader.shape.since) == expected


@each_stream
def test_a_wait_that_is_asked_for_is_kept(reader: Reader) -> None:
    reader.second_page(Answer({"message": "slow down"}, 429, {"Retry-After": "17"}))
    assert len(reader.read()) == 7
    assert reader.waits == [17.0]


@each_stream
def test_a_wait_longer_than_we_wait_is_said(reader: Reader) -> None:
    ends = reader.shape.pages
    reader.server.trouble.append(lambda call: LIMITED if call.path.endswith(ends) else None)
    with pytest.raises(SourceRefused, match="answered 429: it asks us to wait") as refused:
        reader.read(patience=2.5)
    assert refused.value.passing
    assert reader.waits == [1.0, 1.0]


@each_stream
@pytest.mark.parametrize("trouble", [BROKEN, CUT], ids=["503", "cut off"])
def test_what_breaks_in_the_middle_is_asked_for_again(reader: Reader, trouble: Answer) -> None:
    reader.second_page(trouble)
    assert len(reader.read()) == 7
    assert len(reader.waits) == 1


@each_stream
def test_what_stays_broken_in_the_middle_fails_and_may_pass(reader: Reader) -> None:
    seen = {"pages": 0}

    def trouble(call: Call) -> Answer | None:
        seen["pages"] += not call.path.endswith(("describe", "token"))
        return BROKEN if seen["pages"] >= 2 else None

    reader.server.trouble.append(trouble)
    with pytest.raises(SourceRefused, match="answered 503: try again later") as refused:
        reader.read()
    assert refused.value.passing


@each_stream
def test_a_token_that_ends_is_renewed_or_said(reader: Reader) -> None:
    if reader.vendor.tokens:
        reader.server.trouble.append(_ends_token(reader.vendor))
        assert len(reader.read()) == 7
        assert sum(call.path.endswith("oauth2/token") for call in reader.server.calls) == 2
        return
    reader.second_page(REFUSED)
    with pytest.raises(SourceRefused, match="answered 401: it does not take the credentials") as refused:
        reader.read()
    assert not refused.value.passing


@each_vendor
def test_the_check_says_whether_the_credentials_are_taken(vendor: Vendor, server: Served) -> None:
    source, door = source_of(vendor.kind), Door(["127.0.0.1"], patience=1)
    assert "takes the credentials" in source.check(settings(vendor, server), door)
    wrong = Settings(settings(vendor, server).values, dict.fromkeys(vendor.secrets, "hush-hush-hush-wrong"))
    words = r"gave no token \(400\)" if vendor.tokens else "401"
    with pytest.raises(SourceRefused, match=words) as refused:
        source.check(wrong, door)
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(("kind", "stream"), [("hubspot", "companies")])
def test_a_search_that_ends_is_asked_on_from_where_it_ended(
    reader: Reader, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HubSpot pages through so many results of a search and refuses to go further."""
    monkeypatch.setattr(hubspot, "_SEARCH_ENDS", 3)
    monkeypatch.setattr(declared, "_ROWS", 3)
    rows = [{"id": str(n), "updatedAt": f"2026-01-0{n}T00:00:00Z"} for n in range(1, 8)]
    asked = []

    def ending(call: Call) -> Answer | None:
        begin, since = int(call.body.get("after", 0)), int(call.body["filterGroups"][0]["filters"][0]["value"])
        if begin >= 3:
            return Answer({"message": "no more than 3"}, 400)
        asked.append(since)
        found = [one for one in rows if int(one["updatedAt"][8:10]) * 86_400_000 + 1767139200000 >= since]
        more = {"paging": {"next": {"after": "3"}}} if len(found) > 3 else {}
        return Answer({"results": found[:3], **more})

    reader.server.trouble.append(ending)
    assert set(reader.read("2026-01-01T00:00:00Z")) == {str(n) for n in range(1, 8)}
    assert len(asked) == 4, "once more from each end, and from the last record"


@pytest.mark.parametrize(("kind", "stream"), [("intercom", "companies")])
def test_a_scroll_that_somebody_else_has_open_may_pass(reader: Reader) -> None:
    busy = {"type": "error.list", "errors": [{"code": "scroll_exists", "message": "scroll already exists"}]}
    reader.server.trouble.append(lambda _: Answer(busy, 400))
    with pytest.raises(SourceRefused, match="scroll already exists") as refused:
        reader.read()
    assert refused.value.passing


def _ends_token(vendor: Vendor) -> Any:
    seen = {"pages": 0}

    def trouble(call: Call) -> None:
        seen["pages"] += "/queryAll/" in call.path
        if seen["pages"] == 1 and vendor.tokens[-1] == "first":
            vendor.tokens.append("second")

    return trouble
