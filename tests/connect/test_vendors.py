"""Each vendor's API against a server that pages as it does: everything, what is new, waits, ends of tokens, breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("dlt", reason="needs the extra `connectors`")

from keepwell.connect.outgoing import Door
from keepwell.connect.registry import source_of, spec_of
from keepwell.connect.spec import Settings, Since, SourceRefused, missing
from tests.connect.served import BROKEN, CUT, LIMITED, REFUSED, Served, served
from tests.connect.vendors import VENDORS, Vendor


@pytest.fixture(params=list(VENDORS))
def vendor(request: pytest.FixtureRequest) -> Vendor:
    return VENDORS[request.param]()


@pytest.fixture
def server(vendor: Vendor) -> Iterator[Served]:
    with served(vendor.handle) as place:
        yield place


def settings(vendor: Vendor, server: Served) -> Settings:
    values = {name: value.replace("{address}", server.address) for name, value in vendor.settings.items()}
    return Settings(values, vendor.secrets)


def read(vendor: Vendor, server: Served, since: Any = None, patience: float = 30) -> list[dict[str, Any]]:
    source = source_of(vendor.kind)
    door = Door(["127.0.0.1"], patience=patience)
    asked = Since("any", since) if since is not None else None
    return [dict(row) for page in source.read(settings(vendor, server), door, vendor.stream, asked) for row in page]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(row.get("id", row.get("Id"))) for row in rows)


def test_the_settings_of_the_test_are_those_that_the_kind_asks_for(vendor: Vendor, server: Served) -> None:
    assert missing(spec_of(vendor.kind), settings(vendor, server)) == {}


@pytest.mark.slow
def test_every_page_is_read_once(vendor: Vendor, server: Served) -> None:
    rows = read(vendor, server)
    assert len(rows) == len(set(ids(rows))) == 7


@pytest.mark.slow
def test_only_what_is_new_is_asked_for(vendor: Vendor, server: Served) -> None:
    everything, new = ids(read(vendor, server)), ids(read(vendor, server, vendor.since))
    assert new == everything[4:]


def test_the_stream_says_its_keys_and_what_changes_go_by(vendor: Vendor, server: Served) -> None:
    streams = source_of(vendor.kind).streams(settings(vendor, server), Door(["127.0.0.1"]))
    found = next(one for one in streams if one.name == vendor.stream)
    assert found.keys in (("id",), ("Id",))
    assert found.cursor


@pytest.mark.slow
def test_a_wait_that_is_asked_for_is_kept(vendor: Vendor, server: Served) -> None:
    server.once(vendor.page_path, LIMITED)
    assert len(read(vendor, server)) == 7
    refused, again = [call for call in server.calls if call.path.endswith(vendor.page_path)][:2]
    assert again.at - refused.at >= 1


@pytest.mark.slow
def test_a_wait_longer_than_we_wait_is_said(vendor: Vendor, server: Served) -> None:
    server.trouble.append(lambda call: LIMITED if call.path.endswith(vendor.page_path) else None)
    with pytest.raises(SourceRefused, match="answered 429: it asks us to wait") as refused:
        read(vendor, server, patience=0.5)
    assert refused.value.passing


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [BROKEN, CUT], ids=["503", "cut off"])
def test_what_breaks_in_the_middle_is_asked_for_again(vendor: Vendor, server: Served, trouble: Any) -> None:
    server.trouble.append(_second_page(vendor, trouble))
    assert len(read(vendor, server)) == 7


@pytest.mark.slow
def test_a_token_that_ends_is_renewed_or_said(vendor: Vendor, server: Served) -> None:
    if vendor.kind == "salesforce":
        server.trouble.append(_ends_token(vendor))
        assert len(read(vendor, server)) == 7
        assert sum(call.path.endswith("oauth2/token") for call in server.calls) == 2
        return
    server.trouble.append(_second_page(vendor, REFUSED))
    with pytest.raises(SourceRefused, match="answered 401: it does not take the credentials") as refused:
        read(vendor, server)
    assert not refused.value.passing


def test_the_check_says_whether_the_credentials_are_taken(vendor: Vendor, server: Served) -> None:
    source, door = source_of(vendor.kind), Door(["127.0.0.1"], patience=1)
    assert "takes the credentials" in source.check(settings(vendor, server), door)
    wrong = Settings(settings(vendor, server).values, dict.fromkeys(vendor.secrets, "hush-hush-hush-wrong"))
    if vendor.kind != "salesforce":  # its token endpoint refuses first, which its own test looks at
        with pytest.raises(SourceRefused, match="401") as refused:
            source.check(wrong, door)
        assert "wrong" not in str(refused.value)


def _second_page(vendor: Vendor, answer: Any) -> Any:
    """Trouble with the second page, once."""
    seen = {"pages": 0}

    def trouble(call: Any) -> Any:
        if call.path.endswith(("describe", "token", "limits")):
            return None
        seen["pages"] += 1
        return answer if seen["pages"] == 2 else None

    return trouble


def _ends_token(vendor: Vendor) -> Any:
    seen = {"pages": 0}

    def trouble(call: Any) -> None:
        seen["pages"] += "/queryAll/" in call.path
        if seen["pages"] == 1 and vendor.tokens[-1] == "first":
            vendor.tokens.append("second")

    return trouble
