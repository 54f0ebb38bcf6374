"""A real Chromium before a real server: pages as people use them, with an ear for what the browser complains about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.apps.adoption.conftest import used  # noqa: F401 - a fixture
from tests.apps.conftest import (  # noqa: F401 - fixtures
    company,
    data_dir,
    definitions,
    people,
    templates,
)

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
BUILT = Path(__file__).parents[2] / "src/keepwell/apps/ui/static/keepwell/dist/keepwell.js"
_TELL = (
    "document.addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.sourceFile))"
)


@dataclass
class Visitor:
    """Somebody at a browser. `complaints`: errors of the console and of scripts, violations of the CSP among them."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def opens(self, path: str) -> Page:
        """Goes there and waits until every panel has arrived."""
        self.page.goto(self.url + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def signs_in(self, email: str) -> None:
        self.opens("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", "a-long-password")
        self.page.click("main form button")
        self.page.wait_for_url(f"{self.url}/")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"needs Chromium at {CHROMIUM}: apt-get install chromium")
    if not BUILT.exists():
        pytest.skip("needs the built front end: cd frontend && npm ci && node build.mjs")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE", "")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread; Django sees async code
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def visitor(chromium: Browser, transactional_db: None, live_server: object) -> Iterator[Visitor]:
    """Nobody yet: sign in first."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.add_init_script(_TELL)
    found = Visitor(page, str(live_server))
    page.on(
        "console", lambda said: found.complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None
    )
    page.on("pageerror", lambda error: found.complaints.append(f"{page.url}: {error}"))
    yield found
    context.close()
