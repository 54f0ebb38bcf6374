"""Commands in the pages run, and print what the pages show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, blocks, name_of
from tests.docs.running import run_commands, run_page

BROWSED = {f"{name}.md" for name in ("alerts", "build-reports", "build-surveys", "customer-360", "customer-page",
                                     "customers", "dashboards-in-the-browser", "identity", "import-csv",
                                     "manual-scores", "rules-in-the-browser", "runs", "send-dashboards",
                                     "timeline")}  # fmt: skip
"""Pages about what one does in the browser: the journeys try that."""

HOW_TO = sorted((DOCS / "how-to").glob("*.md"))
RUN = [ROOT / "README.md", DOCS / "start.md", *(page for page in HOW_TO if page.name not in BROWSED)]


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN, ids=name_of)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    for shown in run_page(page, tmp_path):
        assert shown.agrees, f"{shown.block.text}\nprinted:\n{shown.printed}"


def test_every_page_that_is_run_shows_something() -> None:
    assert [name_of(page) for page in RUN if not any(block.language in ("sh", "yaml") for block in blocks(page))] == []


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows(tmp_path: Path) -> None:
    shown = next(block for block in blocks(ROOT / "README.md") if block.mark == "demo")
    printed = run_commands("keepwell demo --terminal", tmp_path)
    assert [line for line in shown.text.splitlines() if line != "..." and line not in printed.splitlines()] == []
