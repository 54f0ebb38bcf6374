"""Jobs of workers that died are done again: every worker looks for them while it works."""

from __future__ import annotations

import asyncio
import logging

from procrastinate import App
from procrastinate.exceptions import ConnectorException

log = logging.getLogger("keepwell.worker")
SILENT_SECONDS = 15
"""A worker that was not heard of for so long is taken to be dead; a living one is heard of every 5 seconds."""
_EVERY_SECONDS = 5


async def rescue_forever(app: App) -> None:
    """Until cancelled. A database that does not answer is asked again."""
    while True:
        try:
            await rescue(app)
        except ConnectorException as error:
            log.warning("cannot look for jobs of dead workers: %s", error)
        await asyncio.sleep(_EVERY_SECONDS)


async def rescue(app: App) -> int:
    """Puts jobs of dead workers back in the queue. Returns how many."""
    jobs = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS))
    for job in jobs:
        log.warning("job %s of a worker that died is done again", job.call_string)
        await app.job_manager.retry_job(job)
    return len(jobs)
