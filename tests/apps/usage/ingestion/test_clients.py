"""The public clients, unchanged but for host and write key, against a real web server: what is then in the inbox."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.apps.usage.ingestion.box import KEY, Rows
from tests.apps.usage.ingestion.running import Running

pytestmark = pytest.mark.slow

MOMENT = "2026-01-02T03:04:05.678Z"


def run(web: Running, command: list[str], *more: str) -> None:
    """Every script says for itself whether all was accepted."""
    whole = [*command, "--host", web.url, "--write-key", KEY, *more]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "errors: []" in done.stdout


def found(rows: Rows, kind: str, **fields: Any) -> dict[str, Any]:
    """The message of this kind with these fields; there is just one."""
    fitting = [one for one in rows.stored() if one["type"] == kind and fields.items() <= one.items()]
    assert len(fitting) == 1, rows.stored()
    return fitting[0]


def check_essence(rows: Rows) -> None:
    """What every client's script tells of user-1."""
    assert rows.refused() == []
    assert found(rows, "identify")["traits"]["email"] == "ada@example.com"
    group = found(rows, "group")
    assert (group["group"], group["traits"]["name"]) == ("acct-1", "Acme")
    event = found(rows, "track", event="Report Exported")
    assert (event["user"], event["properties"]["format"]) == ("user-1", "csv")
    assert len({one["id"] for one in rows.stored()}) == len(rows.stored())


@pytest.mark.parametrize(
    ("script", "options"),
    [
        ("segment_client.py", []),
        ("segment_client.py", ["--gzip"]),
        ("segment_client.py", ["--sync"]),
        ("rudder_client.py", []),
        ("customerio_cdp_client.py", []),
    ],
)
def test_python_clients(web: Running, rows: Rows, shared: Path, script: str, options: list[str]) -> None:
    run(web, [sys.executable, str(shared / "clients" / "py" / script)], *options)
    check_essence(rows)


def test_all_that_segments_client_says_is_stored(web: Running, rows: Rows, shared: Path) -> None:
    run(web, [sys.executable, str(shared / "clients/py/segment_client.py")])
    assert found(rows, "track", event="Report Exported", group="acct-1", at=MOMENT)["properties"]["rows"] == 10
    assert found(rows, "identify")["traits"]["plan"] == "pro"
    assert found(rows, "group")["traits"]["mrr"] == 1200.5
    assert found(rows, "track", event="Signed Up", anonymous="anon-1").get("user") is None
    assert found(rows, "page")["properties"] == {"url": "https://example.com/pricing", "name": "Pricing"}
    assert found(rows, "screen")["properties"] == {"name": "Home"}
    assert found(rows, "alias")["previous"] == "anon-1"
    assert found(rows, "alias")["user"] == "user-1"


@pytest.mark.parametrize("options", [[], ["--gzip"]])
def test_posthog_for_python(web: Running, rows: Rows, shared: Path, options: list[str]) -> None:
    run(web, [sys.executable, str(shared / "clients/py/posthog_client.py")], *options)
    check_essence(rows)
    assert found(rows, "track", group="acct-1", at=MOMENT)
    assert found(rows, "group")["traits"]["mrr"] == 1200.5
    alias = found(rows, "alias")
    assert {alias["user"], alias["previous"]} == {"user-1", "anon-1"}


@pytest.mark.parametrize(
    "script", ["segment_client.js", "segment_legacy_client.js", "customerio_cdp_client.js", "rudder_client.js"]
)
def test_node_clients(web: Running, rows: Rows, node: Path, script: str) -> None:
    run(web, ["node", str(node / script)])
    check_essence(rows)


def test_posthog_for_node(web: Running, rows: Rows, node: Path) -> None:
    run(web, ["node", str(node / "posthog_client.js")])
    check_essence(rows)
    alias = found(rows, "alias")
    assert {alias["user"], alias["previous"]} == {"user-1", "anon-1"}


@pytest.mark.parametrize("options", [[], ["--batching"], ["--settings-from-server"]])
def test_the_browser_library(web: Running, rows: Rows, node: Path, options: list[str]) -> None:
    run(web, ["node", str(node / "segment_browser_client.js")], *options)
    check_essence(rows)
    assert found(rows, "page")["properties"]["url"] == "https://app.example.com/pricing"
    assert found(rows, "alias")


def test_recorded_requests_are_taken_to_the_letter(web: Running, rows: Rows, shared: Path) -> None:
    """Every header and body that clients were seen to send; posted again they bring the same ids."""
    samples = json.loads((shared / "clients" / "wire_samples.json").read_text())
    rows.connection.execute("update usage_writekey set key = 'wk_demo'")
    for _ in range(2):
        for one in samples:
            assert _again(web, one) == 200, one["path"]
    messages = sum(_messages(one) for one in samples)
    assert rows.refused() == []
    assert len(rows.stored()) == 2 * messages
    assert len({one["id"] for one in rows.stored()}) == messages


def _again(web: Running, sample: dict[str, Any]) -> int:
    headers = {name: value for name, value in sample["headers"].items() if name.lower() not in _OF_THE_CONNECTION}
    body = None if sample["method"] == "GET" else _body(sample)
    with urlopen(Request(web.url + sample["path"], body, headers, method=sample["method"])) as answer:
        return int(answer.status)


_OF_THE_CONNECTION = {"host", "connection", "content-length", "accept-encoding"}


def _body(sample: dict[str, Any]) -> bytes:
    text = json.dumps(sample["body"]).encode()
    return gzip.compress(text) if sample["encoding"] == "gzip" else text


def _messages(sample: dict[str, Any]) -> int:
    """The clients' questions for settings have no body."""
    return 0 if sample["method"] == "GET" else len(sample["body"].get("batch", [sample["body"]]))


def test_segments_own_fixtures_are_stored(web: Running, rows: Rows, shared: Path) -> None:
    rows.connection.execute("update usage_writekey set properties = '{plan,Referrer Name}'")
    fixtures = sorted((shared / "data" / "segment_e2e_fixtures").glob("*/*.json"))
    for number, file in enumerate(fixtures):
        message = {**json.loads(file.read_text()), "messageId": f"fixture-{number}"}
        authorization = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
        sent = Request(
            f"{web.url}/v1/{file.parent.name}", json.dumps(message).encode(), {"Authorization": authorization}
        )
        with urlopen(sent) as answer:
            assert answer.status == 200
    assert rows.refused() == []
    assert [one["type"] for one in rows.stored()] == [file.parent.name for file in fixtures]
    assert found(rows, "track", event="Simple Track")["properties"] == {"plan": "Pro Annual"}
    assert found(rows, "track", event="Content Started")["properties"] == {"Referrer Name": "None"}
