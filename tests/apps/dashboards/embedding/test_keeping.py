"""Embedded pages are made once a minute, one at a time, and who comes on top is told to come again."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from keepwell.apps.dashboards.embedding import keeping
from keepwell.apps.dashboards.embedding.keeping import kept

PATIENCE = 30.0


def test_a_page_is_made_once_until_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("page")
        return f"page {len(made)}"

    assert [kept("once", make) for _ in range(3)] == ["page 1"] * 3
    assert kept("of another", make) == "page 2"
    monkeypatch.setattr(keeping, "KEPT_SECONDS", 0.0)
    assert kept("once", make) == "page 3"


def test_one_makes_and_whoever_finds_no_place_comes_again() -> None:
    begun, goes_on = Event(), Event()

    def slow() -> str:
        begun.set()
        assert goes_on.wait(PATIENCE)
        return "slow"

    thread = Thread(target=kept, args=("slow", slow))
    thread.start()
    assert begun.wait(PATIENCE)
    assert keeping._WAITING.acquire(timeout=PATIENCE)  # as one who waits
    try:
        assert kept("more", str) is None
    finally:
        keeping._WAITING.release()
        goes_on.set()
        thread.join(PATIENCE)
    assert kept("slow", lambda: "again") == "slow"


def test_one_that_fails_leaves_the_way_free() -> None:
    with pytest.raises(ZeroDivisionError):
        kept("fails", lambda: str(1 // 0))
    assert kept("fails", lambda: "page") == "page"
