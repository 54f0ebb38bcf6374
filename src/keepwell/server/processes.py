"""The processes of an installation: web, worker, and what moves events on."""

from __future__ import annotations

import asyncio
import logging
import os

from keepwell.errors import RequestRefused
from keepwell.server.lifeline import end_with_parent

SETTINGS = "keepwell.server.settings"


def prepare() -> None:
    """Django, ready to be used. Raises RequestRefused for settings that are wrong."""
    from keepwell.server.environment import read_environment

    read_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def migrate() -> None:
    """Brings the database to what this version needs."""
    prepare()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def prepare_on_current_database() -> None:
    """As `prepare`. Raises RequestRefused where the database is not what this version needs.

    One that is gone may be back later, so that is no reason to stop.
    """
    prepare()
    if "KEEPWELL_PARENT" in os.environ:
        return  # it migrated a moment ago
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        return
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RequestRefused(
            "the database of DATABASE_URL is not what this version needs: run `keepwell migrate` first"
        )
    connection.close()


def serve_web(*, host: str, port: int, processes: int) -> None:
    """Answers pages and the API until stopped."""
    prepare_on_current_database()
    end_with_parent()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    logging.getLogger("_granian").addFilter(_is_not_about_threads)
    Server(
        "keepwell.server.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=8,  # events that wait for the disk together are committed together
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def _is_not_about_threads(record: logging.LogRecord) -> bool:
    """Granian holds more threads than cores for a mistake; ours wait for the disk."""
    return "Python threads" not in record.getMessage()


def work() -> None:
    """Does jobs until stopped, lane by lane; one that a killed worker left is done again within half a minute.

    A drain runs beside it, unless whoever started it runs one.
    """
    prepare_on_current_database()
    end_with_parent()
    from procrastinate.contrib.django import app

    from keepwell.server.beside import drained
    from keepwell.server.working import work_lanes

    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    worker.perform_import_paths()
    with drained():
        asyncio.run(work_lanes(worker))
