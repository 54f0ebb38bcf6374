"""The worker at work: each lane of jobs on its own, so that mail leaves while a run takes its time."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from keepwell.apps.health.lanes import LANES
from keepwell.server.rescue import rescue_forever
from keepwell.server.watching import connected, until_gone

log = logging.getLogger("keepwell.worker")
_AGAIN_SECONDS = 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def work_lanes(app: App) -> None:
    """Until stopped, or until a lane cannot go on: then all end once the jobs they are at are done.

    When the database goes away, work begins anew as soon as it answers again.
    """
    stopping = asyncio.Event()
    with _on_signals(stopping.set):
        while not stopping.is_set():
            try:
                await _work_while_it_answers(app, stopping)
            except ConnectorException as error:
                log.warning("the database does not answer, work goes on when it does: %s", error)
                await asyncio.sleep(_AGAIN_SECONDS)


async def _work_while_it_answers(app: App, stopping: asyncio.Event) -> None:
    """Raises what ended a lane, ConnectorException for a database that went away."""
    async with connected() as watched, app.open_async():
        rescuing = asyncio.create_task(rescue_forever(app))
        others = [asyncio.create_task(stopping.wait()), asyncio.create_task(until_gone(watched)), rescuing]
        lanes = [asyncio.create_task(_lane(app, name), name=name) for name in LANES]
        await asyncio.wait([*lanes, *others[:2]], return_when=asyncio.FIRST_COMPLETED)
        for task in (*lanes, *others):
            task.cancel()
        ended = await asyncio.gather(*lanes, *others, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):  # being asked to stop is none
            raise error


async def _lane(app: App, name: str) -> None:
    await app.run_worker_async(
        queues=[name],
        name=name,
        concurrency=1,
        install_signal_handlers=False,
        update_heartbeat_interval=5,
        stalled_worker_timeout=20,
        delete_jobs="successful",
    )


@contextmanager
def _on_signals(stop: Callable[[], object]) -> Iterator[None]:
    """The first signal asks to stop; a second one ends the process as signals do."""
    loop = asyncio.get_running_loop()

    def restore() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

    def stop_once() -> None:
        restore()
        stop()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop_once)
    try:
        yield
    finally:
        restore()
