"""The one door: where calls may go, and what names that resolve to private addresses come to."""

from __future__ import annotations

import socket
from typing import Any

import pytest

pytest.importorskip("requests", reason="needs the extra `connectors`")

from keepwell.connect.outgoing import Door
from keepwell.connect.spec import Settings, SourceRefused
from tests.connect.served import Answer, Call, always, served

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.5.5", "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "fd00::1",
    "::ffff:10.0.0.1", "64:ff9b::a00:1", "100.64.0.1", "224.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    with pytest.raises(SourceRefused, match="inside a private network"):
        Door().addresses(address, 443)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_addresses_are_let_through(address: str) -> None:
    assert Door().addresses(address, 443) == [address]


def test_a_name_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*asked: Any, **how: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.7")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(SourceRefused, match=r"'rebind\.example' lies at 10\.0\.0\.7"):
        Door().session().get("https://rebind.example/x")


def test_a_call_is_refused_before_anything_is_sent() -> None:
    with served(always(Answer({}))) as place:
        with pytest.raises(SourceRefused, match="private network"):
            Door().session().get(place.address)
        assert place.calls == []


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8"])
def test_what_is_allowed_is_called(allowed: str) -> None:
    with served(always(Answer({"yes": True}))) as place:
        assert Door([allowed]).session().get(place.address).json() == {"yes": True}


def test_a_redirect_does_not_lead_around_the_door() -> None:
    def away(call: Call) -> Answer:
        return Answer({}, 302, {"Location": "http://10.0.0.1/latest"})

    with served(away) as place, pytest.raises(SourceRefused, match=r"10\.0\.0\.1"):
        Door(["127.0.0.1"]).session().get(place.address)


def test_public_hosts_are_called_encrypted_alone() -> None:
    with pytest.raises(SourceRefused, match="not encrypted"):
        Door().session().get("http://93.184.216.34/x")


def test_the_environment_sets_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://10.9.9.9:3128")
    with served(always(Answer({"yes": True}))) as place:
        assert Door(["127.0.0.1"]).session().get(place.address).status_code == 200


def test_secrets_are_in_no_text() -> None:
    settings = Settings({"address": "x"}, {"token": "very-secret"})
    assert "very-secret" not in repr(settings)
    assert settings.without_secrets("GET /?key=very-secret") == "GET /?key=•••"
