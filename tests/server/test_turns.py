"""Pages come to their turn in the order in which they were asked for."""

from __future__ import annotations

import threading
import time

from keepwell.server.turns import Turns


def wait_until(turns: Turns, waiting: int) -> None:
    until = time.monotonic() + 10
    while len(turns._waiting) < waiting:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_whoever_comes_later_goes_later() -> None:
    turns, came = Turns(1), list[int]()

    def go(number: int) -> None:
        with turns:
            came.append(number)

    threads = [threading.Thread(target=go, args=(number,)) for number in range(3)]
    with turns:
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(turns, number + 1)
    go(3)
    for thread in threads:
        thread.join(10)
    assert came == [0, 1, 2, 3]


def test_as_many_as_are_allowed_are_in_at_once_also_after_one_failed() -> None:
    turns, both = Turns(2), threading.Barrier(2)
    try:
        with turns:
            raise ValueError
    except ValueError:
        pass

    def meet() -> None:
        with turns:
            both.wait(10)

    threads = [threading.Thread(target=meet) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not both.broken
    assert turns._free == 2
