"""The function that the page gives to whoever gets webhooks takes ours, and nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from keepwell.apps.notices.channels.signing import signed_headers
from tests.docs.pages import DOCS, blocks

NEW, OLD, OTHER = (f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2, 3))
BODY = '{"name": "Grüße"}'.encode()
Verify = Callable[[dict[str, str], bytes, str], bool]


@pytest.fixture
def now() -> datetime:
    """Of the test: signatures hold for minutes, and the tests around it may take longer."""
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def verify() -> Verify:
    (block,) = [one for one in blocks(DOCS / "how-to" / "alerts.md") if one.language == "python"]
    found: dict[str, Verify] = {}
    exec(block.text, found)  # type: ignore[arg-type]
    return found["is_from_keepwell"]


def test_it_takes_ours_with_either_secret(verify: Verify, now: datetime) -> None:
    headers = signed_headers("msg_1", BODY, [NEW, OLD], now)
    assert [verify(headers, BODY, secret) for secret in (NEW, OLD, OTHER)] == [True, True, False]


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({"webhook-id": "msg_2"}, BODY),
        ({}, BODY + b" "),
        ({"webhook-timestamp": "2 seconds later"}, BODY),
        ({"webhook-signature": "v1,"}, BODY),
        ({"webhook-signature": ""}, BODY),
    ],
)
def test_what_was_changed_is_refused(verify: Verify, now: datetime, changed: dict[str, str], body: bytes) -> None:
    headers = signed_headers("msg_1", BODY, [NEW], now)
    assert verify(headers, BODY, NEW)
    if "webhook-timestamp" in changed:
        changed = {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 2)}
    assert not verify({**headers, **changed}, body, NEW)


def test_what_is_old_is_refused(verify: Verify, now: datetime) -> None:
    assert not verify(signed_headers("msg_1", BODY, [NEW], now - timedelta(minutes=6)), BODY, NEW)
