"""The worker at work: each lane of jobs on its own, so that mail leaves while a run takes its time."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from procrastinate import App

from keepwell.apps.health.lanes import LANES
from keepwell.server.rescue import rescue_forever

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def work_lanes(app: App) -> None:
    """Until stopped, or until a lane cannot go on: then all end once the jobs they are at are done."""
    async with app.open_async():
        rescuing = asyncio.create_task(rescue_forever(app))
        lanes = [asyncio.create_task(_lane(app, name), name=name) for name in LANES]
        with _stopped_by_signals(lanes):
            await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
        for task in (*lanes, rescuing):
            task.cancel()
        ended = await asyncio.gather(*lanes, return_exceptions=True)
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
def _stopped_by_signals(lanes: list[asyncio.Task[None]]) -> Iterator[None]:
    """The first signal asks the lanes to end; a second one ends the process as signals do."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        restore()
        for lane in lanes:
            lane.cancel()

    def restore() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        restore()
