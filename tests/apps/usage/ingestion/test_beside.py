"""Commands beside a running installation, and the snippet in a browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.apps.usage.ingestion.box import KEY, Rows
from tests.apps.usage.ingestion.running import Running
from tests.apps.usage.ingestion.test_clients import found

pytestmark = pytest.mark.slow

PAGE = """
const { JSDOM } = require('jsdom')
const [host, key] = process.argv.slice(2)
const dom = new JSDOM('<!doctype html><html><head><title>Pricing</title></head><body></body></html>',
  { url: 'https://app.example.com/pricing?token=secret', runScripts: 'outside-only', pretendToBeVisual: true })
const origin = 'https://app.example.com'
const beacons = []
dom.window.fetch = (url, options) => fetch(url, { ...options, headers: { ...options.headers, Origin: origin } })
dom.window.navigator.sendBeacon = (url, blob) => { beacons.push([url, blob]); return true }
const text = (blob) => new Promise((done) => {
  const reader = new dom.window.FileReader()
  reader.onload = () => done(reader.result)
  reader.readAsText(blob)
})
;(async () => {
  dom.window.keepwell = [['identify', 'user-1', { email: 'ada@example.com' }], ['group', 'acct-1', { name: 'Acme' }]]
  dom.window.eval(await (await fetch(`${host}/snippet/${key}.js`)).text())
  dom.window.keepwell.track('Report Exported', { format: 'csv' })
  dom.window.keepwell.page('Pricing')
  await new Promise((r) => setTimeout(r, 1500))
  dom.window.keepwell.push(['track', 'Left'])
  dom.window.dispatchEvent(new dom.window.Event('pagehide'))
  for (const [url, blob] of beacons)
    await fetch(url, { method: 'POST', body: await text(blob), headers: { Origin: origin, 'Content-Type': blob.type } })
  const stored = Object.keys(dom.window.localStorage)
  console.log(JSON.stringify({ stored, cookies: dom.window.document.cookie, beacons: beacons.length }))
  process.exit(0)
})()
"""


def test_keys_are_made_listed_and_revoked_on_the_command_line(web: Running, rows: Rows) -> None:
    key = web.run("write-key", "create", "Server", "--keep", "plan")
    assert key.startswith("wk_")
    assert key in web.run("write-key", "list")
    assert rows.connection.execute("select properties from usage_writekey where key = %s", [key]).fetchone() == (
        ["plan"],
    )
    web.run("write-key", "revoke", "Server")
    assert "revoked" in web.run("write-key", "list")


def test_the_snippet_sends_from_a_page_that_its_key_names(web: Running, rows: Rows, node: Path) -> None:
    (node / "page.js").write_text(PAGE)
    done = subprocess.run(["node", str(node / "page.js"), web.url, KEY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == '{"stored":["keepwell.anonymous"],"cookies":"","beacons":1}'
    assert rows.refused() == []
    assert found(rows, "identify")["traits"] == {"email": "ada@example.com"}
    event = found(rows, "track", event="Report Exported")
    assert (event["user"], event["group"], event["properties"]) == ("user-1", "acct-1", {"format": "csv"})
    assert found(rows, "page")["properties"]["url"] == "https://app.example.com/pricing"
    assert found(rows, "track", event="Left")["anonymous"] == event["anonymous"]
